"""The form of an application. It reads what was typed; the rules are the model's (`Application.clean`)."""

from typing import Any

from django import forms

from apis.models.application import GRANT_TYPES

# Grant types as people call them. One that is missing here shows its name on the wire.
GRANT_TYPE_LABELS = {
    "authorization_code": "Authorization code",
    "implicit": "Implicit (avoid: tokens pass through the address bar)",
    "refresh_token": "Refresh token",
    "client_credentials": "Client credentials (machine to machine)",
    "password": "Password (avoid: the application sees the user's password)",
    "http://auth0.com/oauth/grant-type/password-realm": "Password, with a connection (avoid)",
    "urn:ietf:params:oauth:grant-type:device_code": "Device code",
}


# Fields that hold addresses, one per line: their label and what stands below them.
ADDRESSES = {
    "redirect_uris": ("Callback URLs", "One per line. People are sent back to exactly these, character by character."),
    "post_logout_redirect_uris": ("Logout URLs", "One per line."),
    "allowed_origins": ("Allowed origins", "Web pages that may call the token endpoint. One per line."),
    "web_origins": ("Web origins", "Web pages that may sign people in silently. One per line."),
}


class LinesField(forms.CharField):
    """Addresses, one per line; blanks and empty lines go."""

    def to_python(self, value: Any) -> str:
        return "\n".join(str(value or "").split())


def _lines() -> forms.Textarea:
    return forms.Textarea({"rows": 3, "cols": 80, "class": "vLargeTextField", "spellcheck": "false"})


class ApplicationForm(forms.ModelForm):
    grant_types = forms.MultipleChoiceField(
        choices=[(name, GRANT_TYPE_LABELS.get(name, name)) for name in GRANT_TYPES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: a new application gets those that its type has by default.",
    )

    class Meta:
        field_classes = dict.fromkeys(ADDRESSES, LinesField)
        widgets = {name: _lines() for name in (*ADDRESSES, "client_metadata")}
        labels = {name: label for name, (label, _) in ADDRESSES.items()}
        help_texts = {name: text for name, (_, text) in ADDRESSES.items()} | {
            "token_endpoint_auth_method": "Nothing chosen: the type's default. With None the application loses its secrets.",
        }
