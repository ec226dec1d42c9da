import re
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from tenants import ids
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet

# The Management API's identifier depends on the domain that a request came through, so its row holds the path alone.
SYSTEM_IDENTIFIER = "/api/v2/"

_URI_CHARACTERS = re.compile(r"^(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+\Z")


class SigningAlg(models.TextChoices):
    RS256 = "RS256", "RS256: signed with the tenant's key, verified with the key set"
    HS256 = "HS256", "HS256: signed with a secret that the API shares"
    RS512 = "RS512", "RS512: as RS256, with SHA-512"
    PS256 = "PS256", "PS256: RSA with random padding"
    ES256 = "ES256", "ES256: an elliptic curve key, if the tenant publishes those"
    EDDSA = "EdDSA", "EdDSA: an Ed25519 key, if the tenant publishes those"


class TokenDialect(models.TextChoices):
    """The shape of an access token, as Auth0 names it (`wire.md` §1.4)."""

    ACCESS_TOKEN = "access_token", "Auth0's claims"
    ACCESS_TOKEN_AUTHZ = "access_token_authz", "Auth0's claims, with permissions"
    RFC9068 = "rfc9068_profile", "RFC 9068"
    RFC9068_AUTHZ = "rfc9068_profile_authz", "RFC 9068, with permissions"


class UserPolicy(models.TextChoices):
    """Which applications may ask for this API on a person's behalf: Auth0's `subject_type_authorization.user`."""

    ALLOW_ALL = "allow_all", "Every application of the tenant"
    REQUIRE_CLIENT_GRANT = "require_client_grant", "Applications with a client grant for users, and only its scopes"
    DENY_ALL = "deny_all", "None"


class ClientPolicy(models.TextChoices):
    """Which applications may call this API on their own behalf: Auth0's `subject_type_authorization.client`."""

    REQUIRE_CLIENT_GRANT = "require_client_grant", "Applications with a client grant"
    DENY_ALL = "deny_all", "None"


def validate_identifier(value: str) -> None:
    """A URI, a URN or another name in URI characters (RFC 3986 §2). `https://x` and `https://x/` are two identifiers."""
    if not _URI_CHARACTERS.match(value):
        raise ValidationError(
            "Use a URI such as https://api.example.com/ or a URN such as urn:example:orders; spaces and other "
            "characters that a URI does not have must be percent-encoded."
        )


class API(models.Model):
    """A resource server of a tenant. Its identifier is the audience of its access tokens."""

    id = models.CharField(primary_key=True, max_length=24, default=ids.hex_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="apis")
    name = models.CharField(
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^[^<>\x00-\x1f\x7f]*\Z", "The name must not contain <, > or control characters.")],
    )
    identifier = models.CharField(
        max_length=600,
        validators=[validate_identifier],
        help_text="The audience of this API's tokens. Need not be a reachable address. It can never be changed.",
    )
    signing_alg = models.CharField("signing algorithm", max_length=8, choices=SigningAlg, default=SigningAlg.RS256)
    signing_secret = models.BinaryField(null=True, blank=True, editable=False)
    token_lifetime = models.PositiveIntegerField(
        default=86_400,
        validators=[MinValueValidator(1), MaxValueValidator(2_592_000)],
        help_text="Seconds until an access token expires.",
    )
    token_lifetime_for_web = models.PositiveIntegerField(
        "token lifetime for browser flows",
        default=7_200,
        validators=[MinValueValidator(1), MaxValueValidator(2_592_000)],
        help_text="Seconds, for tokens that the implicit and hybrid flows hand to a browser.",
    )
    token_dialect = models.CharField(
        max_length=32,
        choices=TokenDialect,
        default=TokenDialect.ACCESS_TOKEN,
        help_text="Which claims a token carries.",
    )
    allow_offline_access = models.BooleanField(default=False, help_text="Applications may ask for refresh tokens.")
    skip_consent_for_verifiable_first_party_clients = models.BooleanField(
        "skip consent for first-party applications",
        default=False,
        help_text="People are not asked again by applications of your own whose callback is verifiably theirs.",
    )
    enforce_policies = models.BooleanField(
        "enforce RBAC",
        default=False,
        help_text="A user's token carries only scopes that the user's roles and permissions contain.",
    )
    user_policy = models.CharField(
        "on behalf of users",
        max_length=24,
        choices=UserPolicy,
        default=UserPolicy.ALLOW_ALL,
        help_text="Which applications may ask for this API when a person signs in.",
    )
    client_policy = models.CharField(
        "machine to machine",
        max_length=24,
        choices=ClientPolicy,
        default=ClientPolicy.REQUIRE_CLIENT_GRANT,
        help_text="Which applications may call this API without a person.",
    )
    is_system = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["API"].as_manager()

    class Meta:
        verbose_name = "API"
        verbose_name_plural = "APIs"
        ordering = ["tenant", "-is_system", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "identifier"], name="identifier_per_tenant")]
        indexes = [models.Index(fields=["tenant", "created_at", "id"])]

    def __str__(self) -> str:
        return self.name or self.identifier

    def clean(self) -> None:
        lifetimes = (self.token_lifetime_for_web, self.token_lifetime)
        # Something else than numbers has been refused before.
        if all(isinstance(seconds, int) for seconds in lifetimes) and lifetimes[0] > lifetimes[1]:
            raise ValidationError(
                {"token_lifetime_for_web": "Tokens for browsers may not live longer than the others (token lifetime)."}
            )

    def audience_at(self, issuer: str) -> str:
        """The `aud` of this API's tokens from `issuer`: the identifier, or for the Management API `issuer` + api/v2/."""
        return urljoin(issuer, self.identifier) if self.is_system else self.identifier


class Permission(models.Model):
    """A scope of an API, with the sentence that people read on the consent page."""

    api = models.ForeignKey(API, on_delete=models.CASCADE, related_name="permissions")
    value = models.CharField(
        max_length=280,
        validators=[
            RegexValidator(r"^[\x21\x23-\x5b\x5d-\x7e]+\Z", "A scope has no spaces, quotes or backslashes (RFC 6749 §3.3).")
        ],
        help_text="The scope, such as read:orders.",
    )
    description = models.CharField(max_length=500, blank=True, help_text="As people read it on the consent page.")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["api", "value"], name="permission_per_api")]

    def __str__(self) -> str:
        return self.value
