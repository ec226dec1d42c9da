"""Who is signed in in this browser: the session's row and its cookie. Single sign-on across a tenant's applications.

Owns the cookies of the public pages. The console's sessions are Django's and live elsewhere.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from authserver.models import Session
from authserver.random_secrets import digest, fresh
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest
from tenants.models import User
from tenants.models.scoping import TenantQuerySet

SESSION, BROWSER = "session", "browser"
# How often a visit is noted: once a minute keeps the idle time right without a write per request.
SEEN_EVERY = timedelta(minutes=1)
# What we ever set; anything else in its place is replaced, not sent back.
_BROWSER_SECRET = re.compile(r"[A-Za-z0-9_-]{43,128}")


def current(request: TenantRequest) -> Session | None:
    """The live session of this browser, with its user, or None. One statement, and one more a minute."""
    secret = request.COOKIES.get(cookie_name(request.tenant, SESSION), "")
    if not secret:
        return None
    now = timezone.now()
    session = live(now).of(request.tenant).select_related("user").filter(secret_sha256=digest(secret)).first()
    if session is None or session.user.blocked:
        return None
    if now - session.last_seen_at >= SEEN_EVERY:
        idle = timedelta(seconds=request.tenant.settings.idle_session_lifetime)
        session.last_seen_at, session.idle_expires_at = now, now + idle
        Session.objects.filter(pk=session.pk).update(last_seen_at=now, idle_expires_at=now + idle)
    return session


def live(now: datetime | None = None) -> TenantQuerySet[Session]:
    """Sessions that have neither ended nor expired. Narrow them by tenant before use."""
    now = now or timezone.now()
    return Session.objects.filter(ended_at=None, expires_at__gt=now, idle_expires_at__gt=now)


def begin(request: TenantRequest, user: User, amr: list[str], *, not_before: datetime) -> str:
    """A session for `user`, who has just proved who they are. Returns the cookie's new secret (T-090).

    The same person in the same browser keeps the `sid`, with a whole lifetime again; anybody else's session there ends.
    `not_before` is when the request began that this login answers: with another host's clock it may be ahead, and the
    login must still count.
    """
    secret, tenant = fresh(), request.tenant
    now = max(timezone.now(), not_before)
    login: dict[str, Any] = {
        "secret_sha256": digest(secret),
        "auth_time": now,
        "amr": amr,
        "ip": request.META.get("REMOTE_ADDR", "")[:45],
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:400].replace("\x00", ""),
        "last_seen_at": now,
        "idle_expires_at": now + timedelta(seconds=tenant.settings.idle_session_lifetime),
        "expires_at": now + timedelta(seconds=tenant.settings.session_lifetime),
    }
    before = current(request)
    # In one statement: a session that was ended in this moment stays ended.
    if before is not None and before.user_id == user.pk and live().filter(pk=before.pk).update(**login):
        return secret
    if before is not None:
        end(Session.objects.filter(pk=before.pk))
    Session.objects.create(tenant_id=tenant.id, user=user, **login)
    return secret


def end(sessions: QuerySet[Session]) -> int:
    """Ends `sessions` at once. Returns how many there were."""
    return sessions.filter(ended_at=None).update(ended_at=timezone.now())


def cookie_name(tenant: CurrentTenant, kind: str) -> str:
    """Host-only by its name where there is https; plain http is loopback, where browsers take no such name."""
    return f"__Host-latchkey_{kind}" if tenant.scheme == "https" else f"latchkey_{kind}"


def set_cookie(response: HttpResponse, tenant: CurrentTenant, kind: str, value: str) -> None:
    """Silent authentication happens in a frame of another site, so with https the cookie goes there (`wire.md` §1.9)."""
    secure = tenant.scheme == "https"
    persistent = kind == SESSION and tenant.settings.session_cookie_persistent
    response.set_cookie(
        cookie_name(tenant, kind),
        value,
        max_age=tenant.settings.session_lifetime if persistent else None,
        path="/",
        secure=secure,
        httponly=True,
        samesite="None" if secure else "Lax",
    )


def delete_cookie(response: HttpResponse, tenant: CurrentTenant) -> None:
    """Has the browser forget its session."""
    response.delete_cookie(cookie_name(tenant, SESSION), path="/", samesite="None" if tenant.scheme == "https" else "Lax")
    response.cookies[cookie_name(tenant, SESSION)]["secure"] = tenant.scheme == "https"


def browser_secret(request: TenantRequest) -> str:
    """What ties forms and waiting requests to this browser; fresh when it has none. Set the cookie with the answer."""
    found = request.COOKIES.get(cookie_name(request.tenant, BROWSER), "")
    return found if _BROWSER_SECRET.fullmatch(found) else fresh()
