"""/account: where a person sees their sessions and what they allowed to whom, and takes it back (T-058)."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apis import registry
from authserver import consents, families, parked, people_events, sessions
from authserver.endpoints.authorize import people_endpoint
from authserver.models import Consent, RefreshToken, Session
from authserver.pages import account_rows
from authserver.pages import errors as error_pages
from authserver.pages.account_shelf import Shelf
from authserver.pages.showing import show
from authserver.pages.visiting import read_form
from tenants.http import TenantRequest

PURPOSE = "account"
# The lists of the page, each with pages of its own.
SESSIONS, APPROVALS, DEVICES = "sessions", "approvals", "devices"


@people_endpoint("GET", "POST")
def account(request: TenantRequest) -> HttpResponse:
    """The page, after a login where nobody is signed in; a posted form does what its button says."""
    session = sessions.current(request)
    if session is None:
        return _to_login(request)
    if request.method != "POST":
        return _page(request, session, _MESSAGES.get(request.GET.get("done", ""), str)())
    values = read_form(request)
    if not parked.is_own_form(request, values, f"{PURPOSE}.{session.pk}"):
        return error_pages.foreign_form(request)
    return _act(request, session, values.get("action", ""), values.get("id", ""))


def _to_login(request: TenantRequest) -> HttpResponse:
    browser = sessions.browser_secret(request)
    waiting = parked.park(request, None, None, browser)
    response = HttpResponseRedirect(f"/u/login?state={waiting.state}", status=303)
    response.headers["Cache-Control"] = "no-store"
    sessions.set_cookie(response, request.tenant, sessions.BROWSER, browser)
    return response


def _act(request: TenantRequest, session: Session, action: str, row_id: str) -> HttpResponse:
    if action == "logout":
        sessions.end(Session.objects.filter(pk=session.pk))
        people_events.happened(request, people_events.LOGGED_OUT, "User successfully logged out", user=session.user)
        response = HttpResponseRedirect("/logged-out", status=303)
        sessions.delete_cookie(response, request.tenant)
        return response
    if action in _ACTIONS and "\x00" not in row_id:
        _ACTIONS[action](request, session, row_id)
        return HttpResponseRedirect(f"/account?done={action}", status=303)
    return HttpResponseRedirect("/account", status=303)


def _end_session(request: TenantRequest, session: Session, row_id: str) -> None:
    _end(request, session, _own_sessions(session).filter(pk=row_id))


def _end_others(request: TenantRequest, session: Session, row_id: str) -> None:
    _end(request, session, _own_sessions(session).exclude(pk=session.pk))


def _end(request: TenantRequest, session: Session, others: QuerySet[Session]) -> None:
    ended = sessions.end(others)
    if ended:
        description = f"Ended {ended} other session{'' if ended == 1 else 's'}"
        people_events.happened(request, people_events.LOGGED_OUT, description, user=session.user)


def _revoke_consent(request: TenantRequest, session: Session, row_id: str) -> None:
    rows = Consent.objects.of(request.tenant).select_related("application", "user", "api")
    for consent in rows.filter(user=session.user_id, pk=row_id):
        consents.withdraw(consent, request)


def _revoke_device(request: TenantRequest, session: Session, row_id: str) -> None:
    own = families.live().filter(tenant=session.tenant_id, user=session.user_id, pk=row_id)
    for family in own.select_related("application"):
        families.revoke_one(family.pk)
        client = registry.application(request.tenant, family.application.client_id)
        people_events.happened(
            request, people_events.TOKEN_REVOKED, "Took back a refresh token", client=client, user=session.user
        )


_ACTIONS: dict[str, Callable[[TenantRequest, Session, str], None]] = {
    "end_session": _end_session,
    "end_others": _end_others,
    "revoke_consent": _revoke_consent,
    "revoke_device": _revoke_device,
}
_MESSAGES: dict[str, Callable[[], str]] = {
    "end_session": lambda: _("The session has ended."),
    "end_others": lambda: _("All other sessions have ended."),
    "revoke_consent": lambda: _("The application has to ask you again."),
    "revoke_device": lambda: _("The application is no longer logged in."),
}


def _page(request: TenantRequest, session: Session, message: str) -> HttpResponse:
    asked = request.GET
    of_sessions = Shelf.opened(asked, SESSIONS, _own_sessions(session))
    of_approvals = Shelf.opened(asked, APPROVALS, _own_consents(request, session))
    of_devices = Shelf.opened(asked, DEVICES, signed_in_applications(session.tenant_id, session.user_id))
    context = {
        "action_url": "/account",
        "user": {"email": session.user.email, "name": session.user.name},
        "sessions": [account_rows.session_row(row, session) for row in of_sessions.rows],
        "approvals": [account_rows.approval_row(request, row) for row in of_approvals.rows],
        "devices": [account_rows.application_row(row) for row in of_devices.rows],
        "shelves": {SESSIONS: of_sessions, APPROVALS: of_approvals, DEVICES: of_devices},
        "message": message,
    }
    return show(request, "account", context, purpose=f"{PURPOSE}.{session.pk}", leads_elsewhere=False)


def signed_in_applications(tenant_id: int, user_pk: int) -> Any:
    """The live refresh tokens of a user, one a family, newest first."""
    now = timezone.now()
    rows = RefreshToken.objects.filter(tenant=tenant_id, user=user_pk, used_at=None, family__revoked_at=None)
    return rows.filter(expires_at__gt=now, idle_expires_at__gt=now).select_related(
        "application", "family__api", "family__session"
    )


def _own_sessions(session: Session) -> Any:
    live = sessions.live().filter(tenant=session.tenant_id, user=session.user_id)
    return live.order_by("-last_seen_at", "pk")


def _own_consents(request: TenantRequest, session: Session) -> Any:
    return Consent.objects.of(request.tenant).filter(Q(user=session.user_id)).select_related("application", "api")
