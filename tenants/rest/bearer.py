"""Who calls the Management API: an access token of this very tenant, for the audience of this very domain."""

from dataclasses import dataclass
from typing import Any

from tenants.http import TenantRequest
from tenants.keys.jws import InvalidTokenError, verify
from tenants.keys.keyring import keyring
from tenants.rest.errors import ManagementError


@dataclass(frozen=True, slots=True)
class Caller:
    """The claims of a verified access token."""

    client_id: str
    scopes: frozenset[str]
    claims: dict[str, Any]


def caller(request: TenantRequest) -> Caller:
    """Who sent `request`. Raises ManagementError 401 without a token, 400 for a malformed header, 401 for a bad token."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        raise ManagementError(401, "Missing authentication")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise ManagementError(400, "Bad HTTP authentication header format")
    tenant = request.tenant
    try:
        claims = verify(token, keyring(tenant).public_keys, issuer=tenant.issuer, audience=f"{tenant.issuer}api/v2/")
    except InvalidTokenError as error:
        raise ManagementError(401, str(error)) from error
    client_id = claims.get("azp") or claims.get("client_id") or ""
    return Caller(client_id, frozenset(str(claims.get("scope", "")).split()), claims)
