"""Forms of the user pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenants import passwords, profile
from tenants.console.fields import lines_widget
from tenants.models import User

OBJECTS = {
    "standard_claims": f"An object of {', '.join(profile.STANDARD_CLAIMS)}.",
    "user_metadata": "An object. The person may change it.",
    "app_metadata": "An object. Only you change it.",
}

RULE = f"At least {passwords.MIN_LENGTH} characters, and not one that many people use."


class PasswordField(forms.CharField):
    """A password as it is typed: nothing stripped, never sent back to the browser."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        widget = forms.PasswordInput({"autocomplete": "new-password", "class": "vTextField"})
        super().__init__(label=label, help_text=help_text, strip=False, max_length=passwords.MAX_LENGTH, widget=widget)


class UserForm(forms.ModelForm):
    # Not `password`: that is the model's column, which holds a hash.
    new_password = PasswordField(label="Password", help_text=RULE)

    class Meta:
        model = User
        fields = ("connection", "email", "name", "email_verified", "blocked")
        widgets = {name: lines_widget() for name in OBJECTS}
        help_texts = {
            "email": "A new address is unverified until you say otherwise, in a second step.",
            "blocked": "Nobody signs in; sessions and tokens end at once.",
        } | OBJECTS

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("new_password"):
            connection = cleaned.get("connection")
            policy = connection.password_policy if connection else ""
            if found := passwords.problems(password, email=cleaned.get("email", ""), policy=policy):
                self.add_error("new_password", ValidationError(found))
        return cleaned


class NewPasswordForm(forms.Form):
    """A password for `user`, typed twice."""

    password = PasswordField(label="New password", help_text=RULE)
    again = PasswordField(label="The same again")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user = self.user
        if found := passwords.problems(password, email=user.email, policy=user.connection.password_policy):
            raise ValidationError(found)
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError("The two are not the same.")
        return again
