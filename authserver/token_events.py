"""What the audit trail hears of the token endpoint: Auth0's type codes, the parties, the reason and its remedy."""

from authserver import client_auth, dialects, errors
from authserver.authorization import Authorization
from authserver.client_auth import AuthenticatedClient
from authserver.params import TokenRequest
from authserver.profiles import profile
from tenants import audit
from tenants.http import TenantRequest

# grant type → (what it is called when it works, when it is refused, what was exchanged)
_EXCHANGES = {
    "client_credentials": ("seccft", "feccft", "client credentials"),
    "authorization_code": ("seacft", "feacft", "authorization code"),
    "refresh_token": ("sertft", "fertft", "refresh token"),
    "password": ("sepft", "fepft", "password"),
    "http://auth0.com/oauth/grant-type/password-realm": ("sepft", "fepft", "password"),
}


def issued(request: TenantRequest, grant_type: str, authorization: Authorization) -> None:
    """A token went out."""
    success, _, exchanged = _EXCHANGES[grant_type]
    person, not_granted = authorization.person, dict(authorization.not_granted)
    audit.record(
        audit.Event(
            type=success,
            tenant_id=authorization.tenant.id,
            description=f"Successful exchange of {exchanged} for an access token",
            client_id=authorization.client.client_id,
            client_name=authorization.client.name,
            ip=request.META.get("REMOTE_ADDR", ""),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            user_id=person.user.user_id if person else "",
            user_name=person.user.email if person else "",
            audience=authorization.api.audience if authorization.api else "",
            scope=" ".join(authorization.scopes),
            hostname=authorization.tenant.host,
            details={"request_id": request.request_id} | ({"not_granted": not_granted} if not_granted else {}),
            marks={"client_secret": authorization.secret_id},
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
            type=_refusal_type(asked, error),
            tenant_id=tenant.id,
            description=said.text,
            client_id=client.application.client_id if client else claimed,
            client_name=client.application.name if client else "",
            ip=request.META.get("REMOTE_ADDR", ""),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            # Without its @ it may be a password in the wrong field, as on the login page.
            user_name=username if "@" in (username := values.get("username", "")) else "",
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


def _refusal_type(asked: TokenRequest | None, error: errors.OAuthError) -> str:
    if isinstance(error, errors.RefreshTokenReused):
        return "ferrt"
    if isinstance(error, errors.TooManyAttempts):
        return "limit_wc"
    grant_type = asked.grant_type if asked else ""
    return _EXCHANGES.get(grant_type, _EXCHANGES["client_credentials"])[1]
