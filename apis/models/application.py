from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from oauth2_provider.models import AbstractApplication

from apis.models.application_types import (
    DEFAULT_AUTH_METHOD,
    DEFAULT_GRANT_TYPES,
    GRANT_TYPES,
    AppType,
    IDTokenAlg,
    RotationType,
    TokenEndpointAuthMethod,
)
from tenants import ids
from tenants.models import Connection, Tenant
from tenants.models.scoping import TenantQuerySet

_WITHOUT_SECRET = frozenset({TokenEndpointAuthMethod.NONE, TokenEndpointAuthMethod.PRIVATE_KEY_JWT})


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
    connections = models.ManyToManyField(
        Connection, blank=True, related_name="applications", help_text="The directories whose people may sign in here."
    )
    logo_uri = models.URLField("logo", max_length=2_048, blank=True, help_text="Shown on the login and consent pages.")
    policy_uri = models.URLField("privacy policy", max_length=2_048, blank=True)
    tos_uri = models.URLField("terms of service", max_length=2_048, blank=True)
    id_token_alg = models.CharField("ID token algorithm", max_length=8, choices=IDTokenAlg, default=IDTokenAlg.RS256)
    id_token_lifetime = models.PositiveIntegerField(
        "ID token lifetime",
        default=36_000,
        validators=[MinValueValidator(1), MaxValueValidator(2_592_000)],
        help_text="Seconds until an ID token expires.",
    )
    refresh_token_rotation = models.CharField(
        max_length=16, choices=RotationType, blank=True, help_text="Nothing chosen: rotating for public clients, else not."
    )
    refresh_token_leeway = models.PositiveIntegerField(
        default=0,
        validators=[MaxValueValidator(300)],
        help_text="Seconds in which the token before the newest one still answers, for clients that lost a response.",
    )
    refresh_token_lifetime = models.PositiveIntegerField(
        default=2_592_000,
        validators=[MinValueValidator(1), MaxValueValidator(157_788_000)],
        help_text="Seconds from signing in until the last refresh token ends, however often it rotates.",
    )
    refresh_token_idle_lifetime = models.PositiveIntegerField(
        default=1_296_000,
        validators=[MinValueValidator(1), MaxValueValidator(157_788_000)],
        help_text="Seconds without use until a refresh token ends.",
    )
    infinite_refresh_token_lifetime = models.BooleanField(
        "refresh tokens have no last day",
        default=False,
        help_text="Only unused ones end. RFC 9700 advises that all of them end some day.",
    )
    infinite_refresh_token_idle_lifetime = models.BooleanField(
        "unused refresh tokens live on", default=False, help_text="Until their last day, if they have one."
    )
    is_token_endpoint_ip_header_trusted = models.BooleanField(
        "trust Auth0-Forwarded-For",
        default=False,
        help_text="With the password grant this application says which address the person has.",
    )
    skip_non_verifiable_callback_uri_confirmation_prompt = models.BooleanField(
        "trust callbacks that cannot be verified",
        null=True,
        blank=True,
        help_text="Unknown: as the tenant says. Yes: localhost and private schemes may skip consent.",
    )
    resource_server = models.ForeignKey(
        "apis.API",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="backends",
        verbose_name="API",
        help_text="For an API backend: the API whose tokens it may introspect.",
    )
    client_metadata = models.JSONField(default=dict, blank=True, help_text="Up to 10 names with text of your own.")
    # Members of Auth0's client that no rule of ours looks at, kept for the tools that write and read them.
    other_settings = models.JSONField(default=dict, blank=True, editable=False)

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

    @property
    def authenticates_by_secret(self) -> bool:
        """True for a client that has secrets: neither a public one nor one that signs assertions."""
        return self.token_endpoint_auth_method not in _WITHOUT_SECRET

    @property
    def rotates_refresh_tokens(self) -> bool:
        """Chosen, or by the kind of client: what a public one holds must notice a second user (RFC 9700 §2.2.2)."""
        return (self.refresh_token_rotation or (RotationType.ROTATING if self.is_public else "")) == RotationType.ROTATING

    @staticmethod
    def rotating(prefix: str = "") -> models.Q:
        """`rotates_refresh_tokens` as a condition; `prefix` leads to the application, as in "application__"."""
        public = {"refresh_token_rotation": "", "token_endpoint_auth_method": TokenEndpointAuthMethod.NONE}
        return models.Q(**{f"{prefix}refresh_token_rotation": RotationType.ROTATING}) | models.Q(
            **{f"{prefix}{column}": value for column, value in public.items()}
        )

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
        if self.resource_server is not None and self.resource_server.tenant_id != self.tenant_id:
            problems["resource_server"] = ["The API must belong to the same tenant."]
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
