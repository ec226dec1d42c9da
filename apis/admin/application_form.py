"""The settings form of an application. It reads what was typed; the rules are the model's (`Application.clean`)."""

from typing import Any

from django import forms

from apis.admin.addresses import ADDRESSES, BAD, AddressesWidget, verdicts
from apis.admin.metadata_field import MetadataField
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

LABELS = {name: label for name, (label, _) in ADDRESSES.items()} | {
    "is_first_party": "Made by us (first party)",
    "logo_uri": "Logo",
}
HELP = {name: text for name, (_, text) in ADDRESSES.items()} | {
    TRUST: "Yes: localhost and private schemes may skip consent.",
    "name": "As people read it on the login and consent pages. It can be changed any time.",
    "description": "For your colleagues: what it does, whose it is.",
    "app_type": "What kind of program it is. The quick start and what it may do by default depend on it.",
    "is_first_party": "Off: it is somebody else's, and people are always asked for consent.",
}


class IdentifierField(forms.ModelChoiceField):
    """An API, by the identifier that somebody types: there may be more than a list could offer."""

    widget = forms.TextInput({"class": "vTextField", "autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {"invalid_choice": "Select a valid choice: this tenant has no API with this identifier."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, to_field_name="identifier", **kwargs)


class ApplicationForm(forms.ModelForm):
    """What stands on the tab Settings, for the application whose page it is."""

    grant_types = forms.MultipleChoiceField(
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The ways in which it may ask for tokens. Leave out what it does not use.",
    )
    client_metadata = MetadataField(
        required=False,
        widget=lines_widget(),
        help_text='Up to 10 names with text of your own, as JSON: {"team": "logistics"}',
    )
    resource_server = IdentifierField(
        required=False, label="API", help_text="The identifier of the API whose tokens this back end may introspect."
    )

    class Meta:
        field_classes = dict.fromkeys(ADDRESSES, LinesField)
        widgets = {name: AddressesWidget() for name in ADDRESSES} | {"connections": forms.CheckboxSelectMultiple()}
        labels = LABELS
        help_texts = HELP

    # The address that judges what is typed.
    judge = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
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
        if self.instance.resource_server is not None:
            self.initial["resource_server"] = self.instance.resource_server.identifier
        self._say_of_addresses()

    def clean(self) -> dict[str, Any]:
        """Each address that cannot be saved, with its line, on the field that it stands in."""
        super().clean()
        for name in ADDRESSES:
            if bad := [str(one) for one in self._said(name, self.cleaned_data.get(name, "")) if one.kind == BAD]:
                self.add_error(name, bad)
        return self.cleaned_data

    def _say_of_addresses(self) -> None:
        for name in ADDRESSES:
            if name in self.fields:
                if self.is_bound:
                    # Shown as it is judged and saved: without the empty lines between.
                    data: Any = self.data.copy()  # type: ignore[attr-defined]
                    data[name] = LinesField().to_python(data.get(name))
                    self.data = data
                widget: Any = self.fields[name].widget
                widget.judge, widget.said = self.judge, self._said(name, self._value(name) or "")

    def _said(self, name: str, lines: str) -> Any:
        first = self._value("is_first_party") in (True, "on")
        return verdicts(name, lines, app_type=self._value("app_type"), is_first_party=first)

    def _value(self, name: str) -> Any:
        """What was typed, or what is stored."""
        if self.is_bound and name in self.fields:
            return self.data.get(name, "")
        return getattr(self.instance, name)

    def _save_m2m(self) -> None:
        """Nothing: the service writes the connections (`apis.services.connections`)."""
