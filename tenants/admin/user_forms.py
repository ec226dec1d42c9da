"""Forms of the user pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenants.models import User


class PasswordField(forms.CharField):
    """A password as it is typed: nothing stripped, never sent back to the browser."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "new-password", "class": "vTextField"}
        super().__init__(strip=False, max_length=1_000, widget=forms.PasswordInput(attributes), **kwargs)


class UserForm(forms.ModelForm):
    # Not `password`: that is the model's column, which holds a hash.
    new_password = PasswordField(label="Password")

    class Meta:
        model = User
        fields = ("connection", "email", "name", "email_verified", "blocked")


class NewPasswordForm(forms.Form):
    password = PasswordField(label="New password")
    again = PasswordField(label="The same again")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password"):
            raise ValidationError("The two are not the same.")
        return again
