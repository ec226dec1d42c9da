"""The kinds of application and what each kind gets when nothing else is said. Names as they stand on the wire."""

from django.db import models

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"

# Grant types as they stand on the wire. What an application may use is a choice among these.
GRANT_TYPES = (
    "authorization_code",
    "implicit",
    "refresh_token",
    "client_credentials",
    "password",
    "http://auth0.com/oauth/grant-type/password-realm",
    DEVICE_CODE,
)
# Stored for clients of the Management API that send them, but no endpoint answers to them yet.
NOT_YET = frozenset({DEVICE_CODE})


class AppType(models.TextChoices):
    """Auth0's application types, as its Management API spells them."""

    REGULAR_WEB = "regular_web", "Regular web application"
    SPA = "spa", "Single-page application"
    NATIVE = "native", "Native application"
    NON_INTERACTIVE = "non_interactive", "Machine to machine"
    RESOURCE_SERVER = "resource_server", "API backend: may introspect the tokens of its API"


class TokenEndpointAuthMethod(models.TextChoices):
    NONE = "none", "None: a public client, it can keep no secret"
    CLIENT_SECRET_POST = "client_secret_post", "Secret in the body"
    CLIENT_SECRET_BASIC = "client_secret_basic", "Secret in the Authorization header"
    PRIVATE_KEY_JWT = "private_key_jwt", "Signed assertion: the application keeps a private key, we know the public one"


# What each type gets when nothing else is said. Implicit and password are never a default (RFC 9700 §2.1.2, §2.4).
DEFAULT_GRANT_TYPES: dict[str, list[str]] = {
    AppType.REGULAR_WEB: ["authorization_code", "refresh_token", "client_credentials"],
    AppType.SPA: ["authorization_code", "refresh_token"],
    AppType.NATIVE: ["authorization_code", "refresh_token"],
    AppType.NON_INTERACTIVE: ["client_credentials"],
    AppType.RESOURCE_SERVER: ["client_credentials"],
}
DEFAULT_AUTH_METHOD: dict[str, str] = {
    AppType.REGULAR_WEB: TokenEndpointAuthMethod.CLIENT_SECRET_POST,
    AppType.SPA: TokenEndpointAuthMethod.NONE,
    AppType.NATIVE: TokenEndpointAuthMethod.NONE,
    AppType.NON_INTERACTIVE: TokenEndpointAuthMethod.CLIENT_SECRET_POST,
    AppType.RESOURCE_SERVER: TokenEndpointAuthMethod.CLIENT_SECRET_POST,
}


class IDTokenAlg(models.TextChoices):
    RS256 = "RS256", "RS256: the tenant's RSA key"
    HS256 = "HS256", "HS256: the client secret, which is then kept readable (encrypted)"
    PS256 = "PS256", "PS256: RSA with random padding"
    ES256 = "ES256", "ES256: an elliptic curve key, if the tenant publishes those"
    EDDSA = "EdDSA", "EdDSA: an Ed25519 key, if the tenant publishes those"


class RotationType(models.TextChoices):
    ROTATING = "rotating", "Rotating: each use answers with a new one, and reuse ends all of them"
    NON_ROTATING = "non-rotating", "Non-rotating: the same one until it expires"
