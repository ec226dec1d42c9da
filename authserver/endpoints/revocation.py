"""POST /oauth/revoke (RFC 7009): a client gives a token back. Whatever it was, all of its family ends with it.

Also for access tokens, which Auth0 does not take back: our own endpoints refuse a revoked one at once, an API that only
verifies signatures when it expires.
"""

from django.http import HttpResponse

from authserver import bearer, errors, families, people_events, refresh_tokens
from authserver.client_auth import AuthenticatedClient
from authserver.endpoints.about_token import AboutTokenEndpoint
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest


class RevocationEndpoint(AboutTokenEndpoint):
    def about(self, http: TenantRequest, client: AuthenticatedClient, token: str) -> HttpResponse:
        if not token:
            raise errors.MissingParameter(parameter="token")
        if _revoke(http.tenant, client, token):
            people_events.happened(
                http, people_events.TOKEN_REVOKED, "Successful revocation of a token", client=client.application
            )
        # The same for a token that nobody knows: it is as dead as asked for (RFC 7009 §2.2).
        return HttpResponse(status=200, headers={"Cache-Control": "no-store"})


def _revoke(tenant: CurrentTenant, client: AuthenticatedClient, token: str) -> bool:
    """Ends `token` if it is this client's. token_type_hint is not needed: the two kinds look different in the tables."""
    found = refresh_tokens.find(tenant, token)
    if found is not None:
        if found.application_id != client.application.id:
            return False
        families.revoke_one(found.family_id)
        return True
    try:
        access = bearer.holding(tenant, token)
    except errors.InvalidToken:
        return False
    if access.client_id != client.application.client_id:
        return False
    bearer.revoke(tenant, access)
    return True
