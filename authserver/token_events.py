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


def issued(request: TenantRequest, grant_type: str, authorization: Authorization, *, console_test: str = "") -> None:
    """A token went out. `console_test` names the operator who tried this in the console."""
    audit.record(issued_event(request, grant_type, authorization, console_test=console_test))


def issued_event(
    request: TenantRequest, grant_type: str, authorization: Authorization, *, console_test: str = ""
) -> audit.Event:
    """What `issued` records."""
    success, _, exchanged = _EXCHANGES[grant_type]
    person, not_granted = authorization.person, dict(authorization.not_granted)
    return audit.Event(
        type=success,
        tenant_id=authorization.tenant.id,
        description=_described(f"Successful exchange of {exchanged} for an access token", console_test),
        client_id=authorization.client.client_id,
        client_name=authorization.client.name,
        ip=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        user_id=person.user.user_id if person else "",
        user_name=person.user.email if person else "",
        audience=authorization.api.audience if authorization.api else "",
        scope=" ".join(authorization.scopes),
        hostname=authorization.tenant.host,
        details={"request_id": request.request_id}
        | ({"not_granted": not_granted} if not_granted else {})
        | _by_operator(console_test),
        marks={"client_secret": authorization.secret_id},
    )


def refused(
    request: TenantRequest,
    error: errors.OAuthError,
    asked: TokenRequest | None,
    client: AuthenticatedClient | None,
    *,
    console_test: str = "",
) -> None:
    """A request was refused: what the client heard, and what an admin can do about it. `console_test` as `issued` has it."""
    audit.record(refused_event(request, error, asked, client, console_test=console_test))


def refused_event(
    request: TenantRequest,
    error: errors.OAuthError,
    asked: TokenRequest | None,
    client: AuthenticatedClient | None,
    *,
    console_test: str = "",
) -> audit.Event:
    """What `refused` records."""
    tenant = request.tenant
    said = dialects.wording(profile(tenant.security_profile).dialect, error)
    values = asked.values if asked else {}
    claimed = client_auth.claimed_client_id(values, request.META.get("HTTP_AUTHORIZATION", ""))
    return audit.Event(
        type=_refusal_type(asked, error),
        tenant_id=tenant.id,
        description=_described(said.text, console_test),
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
        }
        | _by_operator(console_test),
    )


def _described(what: str, console_test: str) -> str:
    return f"Console test by {console_test}: {what}" if console_test else what


def _by_operator(console_test: str) -> dict[str, str]:
    return {"console_test": console_test} if console_test else {}


def _refusal_type(asked: TokenRequest | None, error: errors.OAuthError) -> str:
    if isinstance(error, errors.RefreshTokenReused):
        return "ferrt"
    if isinstance(error, errors.TooManyAttempts):
        return "limit_wc"
    grant_type = asked.grant_type if asked else ""
    return _EXCHANGES.get(grant_type, _EXCHANGES["client_credentials"])[1]
