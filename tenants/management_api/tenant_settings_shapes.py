"""Tenant settings as /api/v2 writes and reads them (`wire.md` §2.6): which are columns, kept, or would be lies."""

from typing import Any

from rest_framework import serializers

from tenants import languages
from tenants.models import Tenant
from tenants.models.tenant import SessionCookieMode
from tenants.rest.fields import Choice, Document, Flag, Items, Lines, Text, Unsupported, Whole
from tenants.rest.serializers import Body, FieldsQuery

LONGEST_HOURS = 8_760
_PAGES = "Pages have our own form: pages of your own are not supported"
_LIFETIMES = "Sessions that are not persistent live as long as the others"
_PUSHED = "Pushed authorization requests are not supported"
_METADATA = "Client metadata documents are not supported"

# What a tenant has that never said otherwise, besides its columns. Of some no other value is accepted.
DEFAULTS: dict[str, Any] = {
    "enabled_locales": [*languages.CODES],
    "ephemeral_session_lifetime": 72,
    "idle_ephemeral_session_lifetime": 24,
    "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
    "sandbox_version": "22",
    "sandbox_versions_available": ["22"],
    "device_flow": {"charset": "base20", "mask": "****-****"},
    "mtls": {"enable_endpoint_aliases": False},
    "pushed_authorization_requests_supported": False,
    "authorization_response_iss_parameter_supported": True,
    "resource_parameter_profile": "audience",
    "client_id_metadata_document_supported": False,
    "dynamic_client_registration_security_mode": "permissive",
    "customize_mfa_in_postlogin_action": False,
    "allow_organization_name_in_authentication_api": False,
}


class Minutes(Whole):
    """A lifetime in minutes, for a column that counts hours."""

    def to_internal_value(self, data: Any) -> int:
        minutes = super().to_internal_value(data)
        if minutes % 60:
            raise serializers.ValidationError("Lifetimes are whole hours: a multiple of 60 minutes")
        return minutes // 60


class TenantSessionCookie(Body):
    mode = Choice(choices=SessionCookieMode.values, source="session_cookie_mode")


class Sessions(Body):
    oidc_logout_prompt_enabled = Flag()


class LogoutSettings(Body):
    rp_logout_end_session_endpoint_discovery = Unsupported(
        "Discovery always names the logout endpoint", harmless=[True], kept=True
    )


class OwnPage(Body):
    """A page of the tenant's own. Switched off it may be kept."""

    enabled = Unsupported(_PAGES, harmless=[False], kept=True)
    html = Text(required=False)


class ErrorPage(Body):
    html = Unsupported(_PAGES, harmless=[""], kept=True)
    url = Unsupported(_PAGES, harmless=[""], kept=True)
    show_log_link = Flag(required=False)


class DeviceFlow(Body):
    charset = Choice(choices=["base20", "digits"], required=False)
    mask = Text(required=False, max_length=20)


class KeptSettings(Body):
    """What no rule of ours looks at, and what only its own default is true of. `other_settings` of the row has them."""

    change_password = OwnPage(required=False, allow_null=True)
    guardian_mfa_page = OwnPage(required=False, allow_null=True)
    error_page = ErrorPage(required=False, allow_null=True)
    universal_login = Document(required=False, allow_null=True, help_text="Kept. /branding has the colours that act.")
    device_flow = DeviceFlow(required=False, allow_null=True)
    sandbox_version = Text(required=False, allow_null=True, max_length=8, help_text="Nothing runs in a sandbox.")
    legacy_sandbox_version = Text(required=False, allow_null=True, max_length=8)
    enable_ai_guide = Flag(required=False, allow_null=True, help_text="Of Auth0's dashboard.")
    phone_consolidated_experience = Flag(required=False, allow_null=True, help_text="Of Auth0's dashboard.")
    oidc_logout = LogoutSettings(required=False)
    sandbox_versions_available = Unsupported("This is read only", harmless=[DEFAULTS["sandbox_versions_available"]])
    ephemeral_session_lifetime = Unsupported(_LIFETIMES, harmless=[72])
    ephemeral_session_lifetime_in_minutes = Unsupported(_LIFETIMES, harmless=[4_320])
    idle_ephemeral_session_lifetime = Unsupported(_LIFETIMES, harmless=[24])
    idle_ephemeral_session_lifetime_in_minutes = Unsupported(_LIFETIMES, harmless=[1_440])
    default_redirection_uri = Unsupported("People who went astray are shown an error page", harmless=[""])
    acr_values_supported = Unsupported("There is one way to sign in, so no choice of levels", harmless=[[]])
    mtls = Unsupported("Mutual TLS is not supported", harmless=[{}, DEFAULTS["mtls"]])
    pushed_authorization_requests_supported = Unsupported(_PUSHED, harmless=[False])
    authorization_response_iss_parameter_supported = Unsupported("Every response names its issuer", harmless=[True])
    dpop_strict_refresh_token_binding = Unsupported("DPoP is not supported", harmless=[False])
    resource_parameter_profile = Unsupported("An API is named by the parameter audience", harmless=["audience"])
    client_id_metadata_document_supported = Unsupported(_METADATA, harmless=[False])
    client_id_metadata_document_dynamic_registration_supported = Unsupported(_METADATA, harmless=[False])
    dynamic_client_registration_security_mode = Unsupported(
        "Registered applications are third-party without further restrictions", harmless=["permissive"]
    )
    customize_mfa_in_postlogin_action = Unsupported("There are no actions", harmless=[False])
    allow_organization_name_in_authentication_api = Unsupported("There are no organizations", harmless=[False])
    include_session_metadata_in_tenant_logs = Unsupported("Sessions have no metadata", harmless=[False])
    default_token_quota = Unsupported("There are no token quotas", harmless=[{}])
    country_codes = Unsupported("People are known by their e-mail address, not by telephone")
    security_headers = Unsupported("The headers of the pages are fixed")


class TenantSettingsPatch(KeptSettings):
    """The columns, and what is kept. Lifetimes are whole hours."""

    friendly_name = Text(required=False, allow_null=True, max_length=200)
    picture_url = Text(required=False, allow_null=True, max_length=200)
    enabled_locales = Items(
        child=Text(max_length=20),
        required=False,
        allow_null=True,
        max_length=100,
        help_text=f"Languages of the pages, the default first. We speak {', '.join(languages.CODES)}.",
    )
    support_email = Text(required=False, allow_null=True, max_length=254)
    support_url = Text(required=False, allow_null=True, max_length=200)
    default_audience = Text(required=False, allow_null=True, max_length=600, help_text="An API that a request means.")
    default_directory = Text(required=False, allow_null=True, max_length=128, help_text="A connection, by name.")
    allowed_logout_urls = Lines(required=False, allow_null=True, max_length=100)
    session_lifetime = Whole(required=False, min_value=1, max_value=LONGEST_HOURS, help_text="Hours.")
    idle_session_lifetime = Whole(required=False, min_value=1, max_value=LONGEST_HOURS, help_text="Hours.")
    session_lifetime_in_minutes = Minutes(required=False, source="session_lifetime")
    idle_session_lifetime_in_minutes = Minutes(required=False, source="idle_session_lifetime")
    session_cookie = TenantSessionCookie(required=False, source="*")
    sessions = Sessions(required=False, source="*")
    skip_non_verifiable_callback_uri_confirmation_prompt = Flag(required=False, allow_null=True)
    flags = Document(required=False, help_text="Merged with those that are set.")
    cleared = {
        **dict.fromkeys(("friendly_name", "picture_url", "support_email", "support_url", "allowed_logout_urls"), ""),
        **dict.fromkeys(("default_audience", "default_directory"), ""),
        "enabled_locales": list,
        "skip_non_verifiable_callback_uri_confirmation_prompt": False,
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What `services.update_tenant` takes."""
        kept = {name: attrs.pop(name) for name in [*KeptSettings().get_fields()] if name in attrs}
        return attrs | ({"other_settings": kept} if kept else {})


class TenantSettingsAnswer(Body):
    """All of them."""

    friendly_name = Text()
    picture_url = Text()
    support_email = Text()
    support_url = Text()
    allowed_logout_urls = Lines()
    session_lifetime = Whole(help_text="Hours.")
    idle_session_lifetime = Whole(help_text="Hours.")
    session_cookie = TenantSessionCookie(source="*")
    sessions = Sessions(source="*")
    skip_non_verifiable_callback_uri_confirmation_prompt = Flag()
    flags = serializers.SerializerMethodField()

    def get_flags(self, tenant: Tenant) -> dict[str, bool]:
        stored: dict[str, bool] = tenant.flags
        return stored | tenant.all_flags

    def to_representation(self, instance: Tenant) -> dict[str, Any]:
        kept: dict[str, Any] = instance.other_settings
        # Two stand there empty as well: the official tools look for them.
        defaults: dict[str, Any] = {
            "default_audience": instance.default_audience,
            "default_directory": instance.default_directory,
        }
        if instance.enabled_locales:
            defaults["enabled_locales"] = instance.enabled_locales
        return DEFAULTS | kept | super().to_representation(instance) | defaults


class TenantSettingsQuery(FieldsQuery):
    pass
