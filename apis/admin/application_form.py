"""The form of an application. It reads what was typed; the rules are the model's (`Application.clean`)."""

from typing import Any

from django import forms

from apis.models import API
from apis.models.application_types import DEVICE_CODE, GRANT_TYPES, NOT_YET
from tenants.console.fields import LinesField, lines_widget
from tenants.models import Connection

# Grant types as people call them. One that is missing here shows its name on the wire.
GRANT_TYPE_LABELS = {
    "authorization_code": "Authorization code",
    "implicit": "Implicit (avoid: tokens pass through the address bar)",
    "refresh_token": "Refresh token",
    "client_credentials": "Client credentials (machine to machine)",
    "password": "Password (avoid: the application sees the user's password)",
    "http://auth0.com/oauth/grant-type/password-realm": "Password, with a connection (avoid)",
    DEVICE_CODE: "Device code (not there yet)",
}

TRUST = "skip_non_verifiable_callback_uri_confirmation_prompt"
# Values as Django's widget for yes, no and neither has them.
TRUST_CHOICES = [("unknown", "As the tenant says"), ("true", "Yes"), ("false", "No")]

# Fields that hold addresses, one per line: their label and what stands below them.
ADDRESSES = {
    "redirect_uris": ("Callback URLs", "One per line. People are sent back to exactly these, character by character."),
    "post_logout_redirect_uris": ("Logout URLs", "One per line."),
    "allowed_origins": ("Allowed origins", "Web pages that may call the token endpoint. One per line."),
    "web_origins": ("Web origins", "Web pages that may sign people in silently. One per line."),
}


class ApplicationForm(forms.ModelForm):
    grant_types = forms.MultipleChoiceField(
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: a new application gets those that its type has by default.",
    )

    class Meta:
        field_classes = dict.fromkeys(ADDRESSES, LinesField)
        widgets = {name: lines_widget() for name in (*ADDRESSES, "client_metadata")} | {
            "connections": forms.CheckboxSelectMultiple()
        }
        labels = {name: label for name, (label, _) in ADDRESSES.items()}
        help_texts = {name: text for name, (_, text) in ADDRESSES.items()} | {
            TRUST: "Yes: localhost and private schemes may skip consent.",
            "token_endpoint_auth_method": "Nothing chosen: the type's default. With None or a signed assertion the "
            "application loses its secrets; add the key for assertions first, below.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "grant_types" in self.fields:
            # One that does not work yet is kept where it is stored, and offered nowhere else.
            offered = [name for name in GRANT_TYPES if name not in NOT_YET or name in self.instance.grant_types]
            self.fields["grant_types"].choices = [  # type: ignore[attr-defined]
                (name, GRANT_TYPE_LABELS.get(name, name)) for name in offered
            ]
        if TRUST in self.fields:
            self.fields[TRUST].widget.choices = TRUST_CHOICES
        # Of the application's own tenant, where the operator may have several.
        for name, model in (("connections", Connection), ("resource_server", API)):
            if name in self.fields:
                self.fields[name].queryset = model.objects.of(self.instance.tenant)  # type: ignore[attr-defined]

    def _save_m2m(self) -> None:
        """Nothing: the service writes the connections (`apis.services.connections`)."""
