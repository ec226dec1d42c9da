"""Configuration as values: parsed, immutable, shared between requests. Times are seconds since 1970, lifetimes seconds."""

from dataclasses import dataclass, field
from types import MappingProxyType

from tenants.keys import jws
from tenants.keys.assertions import VerificationKey


@dataclass(frozen=True, slots=True)
class SecretValue:
    """A client secret. `key` is the secret itself where it signs ID tokens (HS256), else None."""

    id: int
    sha256: bytes
    expires_at: float | None
    key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CredentialValue:
    """A public key with which the application's assertions are verified (private_key_jwt)."""

    key: VerificationKey
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class RefreshTokenSettings:
    """How an application's refresh tokens live. Seconds."""

    rotating: bool
    leeway: int
    lifetime: int
    idle_lifetime: int


@dataclass(frozen=True, slots=True)
class ConnectionValue:
    """A directory whose people may sign in to an application."""

    id: str
    name: str
    disable_signup: bool
    brute_force_protection: bool


@dataclass(frozen=True, slots=True)
class ApplicationValue:
    """An application with its secrets and addresses. Times are seconds since 1970, lifetimes seconds."""

    id: int
    client_id: str
    name: str
    enabled: bool
    app_type: str
    is_first_party: bool
    is_public: bool
    grant_types: frozenset[str]
    token_endpoint_auth_method: str
    secrets: tuple[SecretValue, ...]
    credentials: tuple[CredentialValue, ...]
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...]
    web_origins: frozenset[str]
    id_token_alg: str
    id_token_lifetime: int
    refresh_tokens: RefreshTokenSettings
    trusts_ip_header: bool
    trusts_unverifiable_callbacks: bool | None
    resource_server_id: str | None
    logo_uri: str
    policy_uri: str
    tos_uri: str
    # Seconds; what a request without max_age means (OIDC Registration §2).
    default_max_age: int | None = None


@dataclass(frozen=True, slots=True)
class APIValue:
    """An API as a token is made for it. `signer` is None when a key of the tenant signs (all but HS256).

    `permissions` maps scope → description, in the API's order. Lifetimes in seconds.
    """

    id: str
    name: str
    audience: str
    token_lifetime: int
    token_lifetime_for_web: int
    token_dialect: str
    signing_alg: str
    signer: jws.Signer | None
    is_system: bool
    allow_offline_access: bool
    skips_consent: bool
    enforce_policies: bool
    user_policy: str
    client_policy: str
    permissions: MappingProxyType[str, str]
