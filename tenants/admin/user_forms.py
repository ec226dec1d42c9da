"""Forms of the user pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenants import passwords, profile
from tenants.console.fields import lines_widget
from tenants.models import User

OBJECTS = {
    "standard_claims": f"A JSON object with any of {', '.join(profile.STANDARD_CLAIMS)}. Applications that ask for the "
    "profile read them.",
    "user_metadata": "A JSON object. The person may change it, so decide nothing by it.",
    "app_metadata": "A JSON object. Only you and your programs change it.",
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
        fields = ("connection", "email", "name", "email_verified")
        widgets = {name: lines_widget() for name in OBJECTS}
        help_texts = {
            "connection": "The directory in which they sign in. It cannot be changed later.",
            "email": "What they sign in with. A new address is unverified until you say otherwise, in a second step.",
            "email_verified": "Applications read this as: the address is this person's.",
            "name": "What applications and the consent page call this person.",
            "picture": "Address of a picture. Applications that ask for the profile read it.",
            "phone_number": "With the country's code, for example +44 20 7946 0958. A new number is unverified.",
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
