"""What the audit trail hears of people: logins, sign-ups, refusals at the authorization endpoint, logouts. Auth0's codes."""

from typing import Any

from apis.models import Application
from apis.registry import ApplicationValue
from authserver import dialects, errors
from authserver.profiles import profile
from tenants import audit
from tenants.http import TenantRequest
from tenants.models import User

LOGIN, LOGIN_FAILED, WRONG_PASSWORD, UNKNOWN_USER = "s", "f", "fp", "fu"
SIGNED_UP, SIGN_UP_FAILED = "ss", "fs"
SILENT, SILENT_FAILED = "ssa", "fsa"
LOGGED_OUT, LOGOUT_FAILED = "slo", "flo"
LOCKED_OUT, TOKEN_REVOKED = "limit_wc", "srrt"
CONSENT = "consent"


def happened(
    request: TenantRequest,
    event_type: str,
    description: str,
    *,
    client: ApplicationValue | Application | None = None,
    user: User | None = None,
    user_name: str = "",
    audience: str = "",
    scope: str = "",
    **details: Any,
) -> None:
    """Records what a person did. `user_name` is what was typed where nobody is known by it."""
    audit.record(
        audit.Event(
            type=event_type,
            tenant_id=request.tenant.id,
            description=description,
            client_id=client.client_id if client else "",
            client_name=client.name if client else "",
            ip=request.META.get("REMOTE_ADDR", ""),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            user_id=user.user_id if user else "",
            user_name=user.email if user else user_name,
            audience=audience,
            scope=scope,
            hostname=request.tenant.host,
            details={"request_id": request.request_id, **details},
        )
    )


def refused(
    request: TenantRequest,
    event_type: str,
    error: errors.OAuthError,
    *,
    client: ApplicationValue | None = None,
    user: User | None = None,
    user_name: str = "",
    **more: str,
) -> None:
    """Records a refusal: what was heard outside, and what an admin can do about it."""
    said = dialects.wording(profile(request.tenant.security_profile).dialect, error)
    happened(
        request,
        event_type,
        said.text,
        client=client,
        user=user,
        user_name=user_name,
        reason=type(error).__name__,
        error=said.code,
        remedy=error.private,
        **more,
    )
