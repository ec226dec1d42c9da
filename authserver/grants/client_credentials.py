"""The client credentials grant (RFC 6749 §4.4): a client acts for itself."""

from authserver import errors, policy
from authserver.authorization import Authorization
from authserver.client_auth import AuthenticatedClient
from authserver.params import TokenRequest
from tenants.config_cache import CurrentTenant


def authorize(tenant: CurrentTenant, client: AuthenticatedClient, asked: TokenRequest) -> Authorization:
    """Raises what `policy.for_client` raises, and ClientAuthenticationFailed for a client that proved nothing."""
    if client.application.is_public:
        raise errors.ClientAuthenticationFailed(reason="client_credentials is for applications that prove who they are.")
    decision = policy.for_client(tenant, client.application, asked.get("audience"), asked.resources, asked.get("scope"))
    return Authorization(
        tenant=tenant,
        client=client.application,
        api=decision.api,
        scopes=decision.scopes,
        # "@" stands in no user id and no client_id: a client's subject can pass for nobody else's.
        subject=f"{client.application.client_id}@clients",
        grant_name="client-credentials",
        permissions=decision.scopes,
        secret_id=client.secret_id,
    )
