"""POST /oauth/introspect (RFC 7662): is this token good, and for what?

Asked by the client that holds the token, and by the backend of the API that it is for (an application of the type
`resource_server`, tied to the API). For everybody else every token is inactive (T-059).
"""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from apis import registry
from apis.models import AppType
from authserver import bearer, errors, families, refresh_tokens
from authserver.bearer import BearerToken
from authserver.client_auth import AuthenticatedClient
from authserver.endpoints.about_token import AboutTokenEndpoint
from authserver.endpoints.responses import json_response
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest

INACTIVE = {"active": False}
_PASSED_ON = ("iss", "sub", "aud", "iat", "exp", "jti", "gty", "permissions", "auth_time", "acr", "amr")


class IntrospectionEndpoint(AboutTokenEndpoint):
    def about(self, http: TenantRequest, client: AuthenticatedClient, token: str) -> HttpResponse:
        if client.application.is_public:
            # Whoever could ask without a proof could try tokens out (RFC 7662 §2.1).
            raise errors.ClientAuthenticationFailed(reason="Introspection is for applications that prove who they are.")
        if not token:
            raise errors.MissingParameter(parameter="token")
        return json_response(_told(http.tenant, client, token))


def _told(tenant: CurrentTenant, client: AuthenticatedClient, token: str) -> dict[str, Any]:
    if refresh := _refresh_token(tenant, client, token):
        return refresh
    try:
        found = bearer.holding(tenant, token)
    except errors.InvalidToken:
        return INACTIVE
    if not _may_ask(tenant, client, found):
        return INACTIVE
    said = {name: found.claims[name] for name in _PASSED_ON if name in found.claims}
    if found.family is not None:
        said["username"] = found.family.user.email
    return {
        "active": True,
        "client_id": found.client_id,
        "scope": " ".join(sorted(found.scopes)),
        "token_type": "Bearer",
        **said,
    }


def _may_ask(tenant: CurrentTenant, client: AuthenticatedClient, found: BearerToken) -> bool:
    application = client.application
    if found.client_id == application.client_id:
        return True
    if application.app_type != AppType.RESOURCE_SERVER:
        return False
    api = registry.api_with_id(tenant, application.resource_server_id)
    audience = found.claims["aud"]
    return api is not None and api.audience in (audience if isinstance(audience, list) else [audience])


def _refresh_token(tenant: CurrentTenant, client: AuthenticatedClient, token: str) -> dict[str, Any] | None:
    """A refresh token tells its own client whether it still works. None when `token` is no refresh token."""
    found = refresh_tokens.find(tenant, token)
    if found is None:
        return None
    if found.application_id != client.application.id:
        return INACTIVE
    family, expires = found.family, min(found.expires_at, found.idle_expires_at)
    if found.used_at or expires <= timezone.now() or families.why_ended(tenant, client.application, family):
        return INACTIVE
    return {
        "active": True,
        "client_id": client.application.client_id,
        "token_type": "refresh_token",
        "scope": " ".join(family.scopes),
        "sub": family.user.user_id,
        "iss": tenant.issuer,
        "iat": int(found.created.timestamp()),
        "exp": int(expires.timestamp()),
    }
