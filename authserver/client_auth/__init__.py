"""Who is asking: exactly one client authentication method, the registered one, of this tenant (RFC 6749 §2.3).

An unknown client and a wrong secret are told apart in the log event only, and cost the same time (T-063).
"""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass

from apis import registry
from apis.models import TokenEndpointAuthMethod
from apis.models.client_secret import digest
from apis.registry import ApplicationValue
from authserver import errors
from authserver.client_auth import assertions
from authserver.client_auth.credentials import credentials_of
from authserver.profiles import profile
from tenants.config_cache import CurrentTenant

_SECRET_METHODS = frozenset({TokenEndpointAuthMethod.CLIENT_SECRET_POST, TokenEndpointAuthMethod.CLIENT_SECRET_BASIC})
# Compared with when there is no client, so that the answer takes as long as for one that exists.
_NOBODY = digest("")


@dataclass(frozen=True, slots=True)
class AuthenticatedClient:
    """An application that proved itself, or a public one. `secret_id` is the secret it used, for its last-used date."""

    application: ApplicationValue
    secret_id: int | None


def claimed_client_id(values: Mapping[str, str], authorization: str) -> str:
    """The client_id that the request claims, unproven, for the log event of a refusal. "" when there is none."""
    try:
        return credentials_of(values, authorization).client_id
    except errors.OAuthError:
        return values.get("client_id", "")


def authenticate(
    tenant: CurrentTenant, values: Mapping[str, str], authorization: str, *, again: bool = False
) -> AuthenticatedClient:
    """The client behind the body parameters `values` and the Authorization header.

    `again` is for a request that succeeded here before, and is judged anew on newer settings: it has used up its assertion
    itself. Raises SeveralAuthMethods, MissingParameter, InvalidRequest, ClientAuthenticationFailed.
    """
    credentials = credentials_of(values, authorization)
    client = registry.application(tenant, credentials.client_id)
    if client is None:
        hmac.compare_digest(digest(credentials.secret), _NOBODY)
        raise credentials.refusal("The tenant has no application with this client_id.")
    if not _method_allowed(tenant, client, credentials.method):
        hmac.compare_digest(digest(credentials.secret), _NOBODY)
        raise credentials.refusal(
            f"The application authenticates with {credentials.method}, "
            f"but is registered for {client.token_endpoint_auth_method}."
        )
    secret_id = _proven(tenant, client, credentials.secret) if credentials.method in _SECRET_METHODS else None
    claims = assertions.verify(tenant, client, credentials.assertion) if credentials.assertion else None
    if not client.enabled:
        raise credentials.refusal("The application is disabled: enable it in its settings.")
    if claims is not None and not again:
        # At the very end: a refusal uses nothing up.
        assertions.use_up(client, claims)
    return AuthenticatedClient(client, secret_id)


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
