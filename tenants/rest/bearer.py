"""Who calls the Management API: an access token of this very tenant, for the audience of this very domain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenants.changes import Actor
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest
from tenants.keys.jws import InvalidTokenError, verify
from tenants.keys.keyring import keyring
from tenants.rest.errors import ManagementError

# Added by the top floor, which knows what ended: (tenant, claims) → did the token end before its time?
revocation_checks: list[Callable[[CurrentTenant, dict[str, Any]], bool]] = []

# The Management API's algorithm is given; a key for another one has never signed a token for it.
MANAGEMENT_API_ALGS = ("RS256",)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, by the claims of a verified access token, or a command that runs on this machine (`tenants.rest.local`).

    A command acts as somebody else than a client, and may do everything.
    """

    client_id: str
    scopes: frozenset[str]
    claims: dict[str, Any]
    command: Actor | None = None

    def may(self, *scopes: str) -> bool:
        """Whether the caller has any of `scopes`."""
        return self.command is not None or bool(self.scopes.intersection(scopes))

    def actor(self, ip: str) -> Actor:
        """Who makes a change that this caller asks for from the address `ip`."""
        return self.command or Actor("client", self.client_id, ip, client_id=self.client_id)


def caller(request: TenantRequest) -> Caller:
    """Who sent `request`. Raises ManagementError 401 without a token, 400 for a malformed header, 401 for a bad token."""
    # No client can set an attribute of the request.
    if isinstance(local := getattr(request, "management_caller", None), Caller):
        return local
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        raise ManagementError(401, "Missing authentication")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise ManagementError(400, "Bad HTTP authentication header format")
    tenant = request.tenant
    try:
        claims = verify(
            token,
            keyring(tenant).public_keys,
            issuer=tenant.issuer,
            audience=f"{tenant.issuer}api/v2/",
            algs=MANAGEMENT_API_ALGS,
        )
    except InvalidTokenError as error:
        raise ManagementError(401, str(error)) from error
    if any(is_revoked(tenant, claims) for is_revoked in revocation_checks):
        raise ManagementError(401, "Token has been revoked")
    client_id = claims.get("azp") or claims.get("client_id") or ""
    return Caller(client_id, frozenset(str(claims.get("scope", "")).split()), claims)
