"""What the audit trail hears of the token endpoint: Auth0's type codes, the parties, the reason and its remedy."""

from authserver import client_auth, dialects, errors
from authserver.authorization import Authorization
from authserver.client_auth import AuthenticatedClient
from authserver.params import TokenRequest
from authserver.profiles import profile
from tenants import audit
from tenants.http import TenantRequest


def issued(request: TenantRequest, authorization: Authorization, client: AuthenticatedClient) -> None:
    """A token went out."""
    audit.record(
        audit.Event(
            type="seccft",
            tenant_id=authorization.tenant.id,
            description="Successful exchange of client credentials for an access token",
            client_id=client.application.client_id,
            client_name=client.application.name,
            ip=request.META.get("REMOTE_ADDR", ""),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            audience=authorization.api.audience,
            scope=" ".join(authorization.scopes),
            hostname=authorization.tenant.host,
            details={"request_id": request.request_id},
            marks={"client_secret": client.secret_id},
        )
    )


def refused(
    request: TenantRequest, error: errors.OAuthError, asked: TokenRequest | None, client: AuthenticatedClient | None
) -> None:
    """A request was refused: what the client heard, and what an admin can do about it."""
    tenant = request.tenant
    said = dialects.wording(profile(tenant.security_profile).dialect, error)
    values = asked.values if asked else {}
    claimed = client_auth.claimed_client_id(values, request.META.get("HTTP_AUTHORIZATION", ""))
    audit.record(
        audit.Event(
            type="feccft",
            tenant_id=tenant.id,
            description=said.text,
            client_id=client.application.client_id if client else claimed,
            client_name=client.application.name if client else "",
            ip=request.META.get("REMOTE_ADDR", ""),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            audience=values.get("audience", ""),
            scope=values.get("scope", ""),
            hostname=tenant.host,
            details={
                "request_id": request.request_id,
                "reason": type(error).__name__,
                "error": said.code,
                "remedy": error.private,
                "grant_type": asked.grant_type if asked else "",
            },
        )
    )
