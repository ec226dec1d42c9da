from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from oauth2_provider.models import AbstractApplication

from tenants import ids
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet

# Grant types as they stand on the wire. What an application may use is a choice among these.
GRANT_TYPES = (
    "authorization_code",
    "implicit",
    "refresh_token",
    "client_credentials",
    "password",
    "http://auth0.com/oauth/grant-type/password-realm",
    "urn:ietf:params:oauth:grant-type:device_code",
)


class AppType(models.TextChoices):
    """Auth0's application types, as its Management API spells them."""

    REGULAR_WEB = "regular_web", "Regular web application"
    SPA = "spa", "Single-page application"
    NATIVE = "native", "Native application"
    NON_INTERACTIVE = "non_interactive", "Machine to machine"


class TokenEndpointAuthMethod(models.TextChoices):
    NONE = "none", "None: a public client, it can keep no secret"
    CLIENT_SECRET_POST = "client_secret_post", "Secret in the body"
    CLIENT_SECRET_BASIC = "client_secret_basic", "Secret in the Authorization header"


# What each type gets when nothing else is said. Implicit and password are never a default (RFC 9700 §2.1.2, §2.4).
DEFAULT_GRANT_TYPES: dict[str, list[str]] = {
    AppType.REGULAR_WEB: ["authorization_code", "refresh_token", "client_credentials"],
    AppType.SPA: ["authorization_code", "refresh_token"],
    AppType.NATIVE: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
    AppType.NON_INTERACTIVE: ["client_credentials"],
}
DEFAULT_AUTH_METHOD: dict[str, str] = {
    AppType.REGULAR_WEB: TokenEndpointAuthMethod.CLIENT_SECRET_POST,
    AppType.SPA: TokenEndpointAuthMethod.NONE,
    AppType.NATIVE: TokenEndpointAuthMethod.NONE,
    AppType.NON_INTERACTIVE: TokenEndpointAuthMethod.CLIENT_SECRET_POST,
}


class Application(AbstractApplication):
    """A client of a tenant, on django-oauth-toolkit's table. client_id is unique across all tenants.

    Of the toolkit's columns, those are switched off that say in one value what Auth0 says in a list, or that keep a
    secret in the row (`ClientSecret` has it, hashed).
    """

    user = None
    authorization_grant_type = None
    client_type = None
    client_secret = None
    hash_client_secret = None
    skip_authorization = None
    algorithm = None
    cimd_expires_at = None

    client_id = models.CharField(max_length=255, unique=True, default=ids.client_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="applications")
    name = models.CharField(
        max_length=255,
        validators=[RegexValidator(r"^[^<>\x00-\x1f\x7f]*\Z", "The name must not contain <, > or control characters.")],
    )
    description = models.CharField(max_length=140, blank=True)
    app_type = models.CharField("type", max_length=32, choices=AppType, default=AppType.REGULAR_WEB)
    is_first_party = models.BooleanField(
        "first party", default=True, help_text="Made by you. Third-party applications always ask people for consent."
    )
    enabled = models.BooleanField(default=True, help_text="Off: every request of this application is refused.")
    grant_types = models.JSONField(default=list, blank=True)
    token_endpoint_auth_method = models.CharField(
        "client authentication", max_length=32, choices=TokenEndpointAuthMethod, blank=True
    )
    web_origins = models.TextField(blank=True, help_text="Origins that may use silent authentication, one per line.")
    client_metadata = models.JSONField(default=dict, blank=True, help_text="Up to 10 names with text of your own.")

    objects = TenantQuerySet["Application"].as_manager()

    class Meta(AbstractApplication.Meta):
        abstract = False
        ordering = ["tenant", "name", "id"]

    def get_allowed_schemes(self) -> list[str]:
        """Schemes of redirect URIs. http is for loopback only, which `apis.redirect_uris` judges line by line."""
        return ["https", "http"]

    def allows_grant_type(self, *grant_types: str) -> bool:
        return any(grant_type in self.grant_types for grant_type in grant_types)

    @property
    def is_public(self) -> bool:
        """True for a client that cannot keep a secret (RFC 6749 §2.1)."""
        return self.token_endpoint_auth_method == TokenEndpointAuthMethod.NONE

    def clean(self) -> None:
        """Judges the whole application, each problem on the field it belongs to. Not the toolkit's `clean`:

        that one knows a global signing key, one grant type and one secret.
        """
        from apis import redirect_uris

        # An unknown type has been refused before.
        self.token_endpoint_auth_method = self.token_endpoint_auth_method or DEFAULT_AUTH_METHOD.get(self.app_type, "")
        if self._state.adding and not self.grant_types:
            self.grant_types = self._default_grant_types()
        problems: dict[str, list[str]] = {
            "redirect_uris": redirect_uris.problems(self.redirect_uris, native=self.app_type == AppType.NATIVE),
            "post_logout_redirect_uris": redirect_uris.problems(
                self.post_logout_redirect_uris, native=self.app_type == AppType.NATIVE
            ),
            "allowed_origins": redirect_uris.origin_problems(self.allowed_origins),
            "web_origins": redirect_uris.origin_problems(self.web_origins),
            "grant_types": self._grant_type_problems(),
            "client_metadata": _metadata_problems(self.client_metadata),
        }
        if found := {field: messages for field, messages in problems.items() if messages}:
            raise ValidationError(found)

    def _default_grant_types(self) -> list[str]:
        defaults = DEFAULT_GRANT_TYPES.get(self.app_type, [])
        return [name for name in defaults if not (self.is_public and name == "client_credentials")]

    def _grant_type_problems(self) -> list[str]:
        if not isinstance(self.grant_types, list):
            return ["Grant types are a list of names."]
        problems = [f"Unknown grant type: {name}." for name in self.grant_types if name not in GRANT_TYPES]
        if self.is_public and "client_credentials" in self.grant_types:
            problems.append("A public client has no secret, so it cannot use client_credentials (RFC 6749 §4.4).")
        return problems


def _metadata_problems(metadata: object) -> list[str]:
    if not isinstance(metadata, dict):
        return ["Client metadata is an object of names and text."]
    if len(metadata) > 10:
        return ["At most 10 names."]
    return [
        f"'{name}': names and values are text of at most 255 characters, without NUL."
        for name, value in metadata.items()
        if not (_is_short_text(name) and _is_short_text(value))
    ]


def _is_short_text(value: object) -> bool:
    # PostgreSQL stores no NUL.
    return isinstance(value, str) and len(value) <= 255 and "\x00" not in value
