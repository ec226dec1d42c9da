"""Forms of the tenant pages. They read what was typed; the rules are the models' and the services'."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.html import format_html

from tenants.admin.language_fields import LanguageFields
from tenants.console.fields import LinesField, lines_widget
from tenants.models import Connection, Domain
from tenants.models.domain import parse_domain
from tenants.models.tenant import FLAGS

# What a flag does, for people. One that is missing here shows its name.
FLAG_LABELS = {
    "enable_apis_section": "API authorization: applications may get tokens for APIs",
    "enable_client_connections": "A new application may sign people in with every connection that there is",
    "remove_alg_from_jwks": "Leave the member alg out of the published keys",
    "use_scope_descriptions_for_consent": "The consent page shows the descriptions of permissions, not their names",
    "enable_public_signup_user_exists_error": "Signing up with a known e-mail says so (and so tells strangers who is known)",
    "enable_ec_keys": "Publish elliptic curve keys (ES256); some of Auth0's libraries cannot read such a key set",
    "enable_dynamic_client_registration": "Anybody may register third-party applications at /oidc/register",
    "enable_okp_keys": "Publish Ed25519 keys (EdDSA); some of Auth0's libraries cannot read such a key set",
}


class FlagsField(forms.MultipleChoiceField):
    """The tenant's flags as checkboxes: a mapping of every known flag to its value, in and out."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs["choices"] = [
            (name, format_html("<span>{} <code>{}</code></span>", FLAG_LABELS.get(name, name), name)) for name in FLAGS
        ]
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return [name for name, on in value.items() if on] if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return {name: name in chosen for name in FLAGS}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _colour_widget(usual: str) -> forms.TextInput:
    return forms.TextInput({"class": "vTextField", "placeholder": usual, "spellcheck": "false", "autocomplete": "off"})


class SettingsForm(forms.ModelForm):
    """Who the tenant is, what requests mean that do not say everything, and how long people stay signed in."""

    default_directory = forms.ChoiceField(
        required=False, help_text="The connection that the password grant signs in to when a request names none."
    )

    class Meta:
        field_classes = {"allowed_logout_urls": LinesField}
        widgets = {"allowed_logout_urls": lines_widget()}
        labels = {
            "default_audience": "Default audience",
            "session_lifetime": "Session lifetime, hours",
            "idle_session_lifetime": "Idle session lifetime, hours",
            "support_email": "Support e-mail",
            "support_url": "Support URL",
        }
        help_texts = {
            "support_email": "Stands at the foot of every page, for people who are stuck.",
            "support_url": "The same, as a link.",
            "default_audience": "Identifier of the API that is meant when a request names none. Empty: a machine's request "
            "has to name one, and a sign-in that does not gets a token for /userinfo only.",
            "session_lifetime": "So long after signing in, a person has to sign in again, whatever they do meanwhile.",
            "idle_session_lifetime": "So long after the last visit, a person has to sign in again.",
            "session_cookie_mode": "Whether closing the browser signs people out.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Connection.objects.of(self.instance).values_list("name", flat=True)
        self.fields["default_directory"].choices = [("", "None"), *((name, name) for name in names)]  # type: ignore[attr-defined]


class BrandingForm(LanguageFields):
    """What people see on the public pages."""

    class Meta:
        widgets = {
            "primary_color": _colour_widget("#0b5a8a"),
            "page_background_color": _colour_widget("#f4f4f1"),
        }
        labels = {"picture_url": "Logo URL", "favicon_url": "Favicon URL"}


class AdvancedForm(forms.ModelForm):
    """What most tenants never touch."""

    flags = FlagsField(required=False, label="Switched on")

    class Meta:
        labels = {"security_profile": "Whose rules"}
        help_texts = {
            "security_profile": "As Auth0 speaks: what was written for Auth0 goes on working. As the RFCs do: for certified "
            "clients; some requests that Auth0 answers are refused."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["flags"] = self.instance.all_flags


class NewTenantForm(BrandingForm):
    """What a tenant starts with. Everything else has a good default and stands on its pages."""

    class Meta(BrandingForm.Meta):
        help_texts = {
            "name": "Short name for commands, logs and exports: small letters, digits, hyphens. It cannot be changed.",
            "friendly_name": "The name that people read on the login page.",
        }


class DomainForm(forms.ModelForm):
    class Meta:
        model = Domain
        fields = ("host",)
        labels = {"host": "Domain"}
        help_texts = {"host": "auth.example.com, or https://localhost:8443"}

    def clean_host(self) -> str:
        """The host alone; a scheme before it goes where it belongs."""
        self.instance.scheme, host = parse_domain(self.cleaned_data["host"])
        return host


class DomainFormSet(BaseInlineFormSet):
    """The domains of a tenant, at least one."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data.get("host") and form not in self.deleted_forms]
        if not (kept or self.instance.pk):
            raise ValidationError("A tenant needs at least one domain.")
