"""Who is asking: exactly one client authentication method, the registered one, of this tenant (RFC 6749 §2.3).

An unknown client and a wrong secret are told apart in the log event only, and cost the same time (T-063).
"""

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from apis import registry
from apis.models import TokenEndpointAuthMethod
from apis.models.client_secret import digest
from apis.registry import ApplicationValue
from authserver import errors
from authserver.profiles import profile
from tenants.config_cache import CurrentTenant

_SECRET_METHODS = frozenset({TokenEndpointAuthMethod.CLIENT_SECRET_POST, TokenEndpointAuthMethod.CLIENT_SECRET_BASIC})
# Compared with when there is no client, so that the answer takes as long as for one that exists.
_NOBODY = digest("")


@dataclass(frozen=True, slots=True)
class AuthenticatedClient:
    """An application that proved itself. `secret_id` is the secret it used, for its last-used date."""

    application: ApplicationValue
    secret_id: int | None


@dataclass(frozen=True, slots=True)
class _Credentials:
    method: str
    client_id: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"_Credentials({self.method}, {self.client_id})"


def claimed_client_id(values: Mapping[str, str], authorization: str) -> str:
    """The client_id that the request claims, unproven, for the log event of a refusal. "" when there is none."""
    try:
        return _credentials(values, authorization).client_id
    except errors.OAuthError:
        return values.get("client_id", "")


def authenticate(tenant: CurrentTenant, values: Mapping[str, str], authorization: str) -> AuthenticatedClient:
    """The client behind the body parameters `values` and the Authorization header.

    Raises SeveralAuthMethods, MissingParameter, InvalidRequest, ClientAuthenticationFailed.
    """
    credentials = _credentials(values, authorization)
    client = registry.application(tenant, credentials.client_id)
    if client is None:
        hmac.compare_digest(digest(credentials.secret), _NOBODY)
        raise errors.ClientAuthenticationFailed(reason="The tenant has no application with this client_id.")
    if not _method_allowed(tenant, client, credentials.method):
        hmac.compare_digest(digest(credentials.secret), _NOBODY)
        raise errors.ClientAuthenticationFailed(
            reason=f"The application authenticates with {credentials.method}, "
            f"but is registered for {client.token_endpoint_auth_method}."
        )
    secret_id = None if credentials.method == TokenEndpointAuthMethod.NONE else _proven(tenant, client, credentials.secret)
    if not client.enabled:
        raise errors.ClientAuthenticationFailed(reason="The application is disabled: enable it in its settings.")
    return AuthenticatedClient(client, secret_id)


def _credentials(values: Mapping[str, str], authorization: str) -> _Credentials:
    if authorization:
        if "client_secret" in values or "client_assertion" in values:
            raise errors.SeveralAuthMethods()
        client_id, secret = _basic(authorization)
        if values.get("client_id", client_id) != client_id:
            raise errors.InvalidRequest(reason="client_id differs from the one in the Authorization header")
        return _Credentials(TokenEndpointAuthMethod.CLIENT_SECRET_BASIC, client_id, secret)
    client_id = values.get("client_id", "")
    if not client_id:
        raise errors.MissingParameter(parameter="client_id")
    if secret := values.get("client_secret", ""):
        return _Credentials(TokenEndpointAuthMethod.CLIENT_SECRET_POST, client_id, secret)
    return _Credentials(TokenEndpointAuthMethod.NONE, client_id)


def _basic(authorization: str) -> tuple[str, str]:
    """client_id and secret of a Basic header; both are form-urlencoded inside it (RFC 6749 §2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise errors.InvalidRequest(reason="The Authorization header must use Basic")
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise errors.InvalidRequest(reason="The Authorization header is not base64 of client_id:client_secret") from error
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    # After decoding: an encoded NUL is one that PostgreSQL would refuse, too.
    if not colon or "\x00" in client_id + secret:
        raise errors.InvalidRequest(reason="The Authorization header is not base64 of client_id:client_secret")
    return client_id, secret


def _method_allowed(tenant: CurrentTenant, client: ApplicationValue, method: str) -> bool:
    if method == client.token_endpoint_auth_method:
        return True
    return (
        profile(tenant.security_profile).secret_methods_interchangeable
        and method in _SECRET_METHODS
        and client.token_endpoint_auth_method in _SECRET_METHODS
    )


def _proven(tenant: CurrentTenant, client: ApplicationValue, secret: str) -> int:
    """The id of the live secret that matches. Every one is compared, so that time does not tell which."""
    given, now = digest(secret), time.time()
    matches = [row for row in client.secrets if hmac.compare_digest(row.sha256, given)]
    if not matches:
        registry.look_up(tenant, client.client_id)  # an unknown client costs a look into the database: so does this
        raise errors.ClientAuthenticationFailed(reason="The client_secret is wrong.")
    if matches[0].expires_at is not None and matches[0].expires_at <= now:
        raise errors.ClientAuthenticationFailed(reason="The client_secret has expired: use the newer one.")
    return matches[0].id
