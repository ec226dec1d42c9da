"""/oidc/logout, /v2/logout and the question between: a logout that nobody vouches for is asked about first (T-100, T-101).

/oidc/logout wants an ID token about this very session, else it asks. /v2/logout has nothing of the kind: Auth0's SDKs send
the browser there with an address to come back to, and people who just pressed "Log out" would not understand the question.
So there a person who is taken to us in the address bar, by whomever, is logged out at once if the way back is registered:
a stranger's link can do that, and all that comes of it is a login, in plain sight, at the application's own page. Where it
came from would not tell a stranger from the application: both are other sites to us, and the header that names the page
is often switched off. What nobody sees is asked about instead, and so does nothing: an image, a frame, a fetch, a page
loaded in advance. A browser too old to say which it is (Sec-Fetch-*, before 2023) is taken at its word.
"""

from typing import Any

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect

from apis import registry
from authserver import errors, logout_request, params, parked, people_events, sessions
from authserver.endpoints.authorize import people_endpoint
from authserver.logout_request import LogoutRequest
from authserver.models import Session
from authserver.pages import errors as error_pages
from authserver.pages.showing import common, image_sources, show
from authserver.pages.visiting import read_form
from tenants.http import TenantRequest
from tenants.pages import page

_SALT = "latchkey.logout"
# The question may stand open for this long, seconds.
_PATIENCE = 3_600


@people_endpoint("GET", "POST")
def oidc_logout(request: TenantRequest) -> HttpResponse:
    """RP-Initiated Logout 1.0. At once for a genuine hint about this very session, else after the person said yes."""
    if request.method == "POST":
        values = read_form(request)
    else:
        values, _ = params.query(request.META.get("QUERY_STRING", ""))
    asked = logout_request.oidc(request.tenant, values)
    session = sessions.current(request)
    if session is None:
        # Nobody is logged out by force, so there is nothing to ask; the address is the client's own or none.
        return _leave(request, asked, None)
    asks = request.tenant.settings.oidc_logout_prompt_enabled and not _is_about(asked, session)
    return _question(request, asked, session) if asks else _leave(request, asked, session)


@people_endpoint("GET")
def auth0_logout(request: TenantRequest) -> HttpResponse:
    """Auth0's own logout: at once when a person follows a link whose way back is registered. `federated` adds nothing."""
    values, _ = params.query(request.META.get("QUERY_STRING", ""))
    try:
        asked = logout_request.auth0(request.tenant, values)
    except errors.OAuthError as refusal:
        people_events.refused(request, people_events.LOGOUT_FAILED, refusal)
        return error_pages.refusal(request, refusal)
    session = sessions.current(request)
    if session is None or (asked.return_to and _is_navigation(request)):
        return _leave(request, asked, session)
    return _question(request, asked, session)


@people_endpoint("POST")
def confirm(request: TenantRequest) -> HttpResponse:
    """The answer to the question."""
    values = read_form(request)
    session = sessions.current(request)
    # Without a session the button was pressed twice, or the session ended meanwhile: there is nothing left to protect.
    if session is not None and not parked.is_own_form(request, values, _purpose(session)):
        return error_pages.foreign_form(request)
    try:
        stored = signing.loads(values.get("state", ""), salt=f"{_SALT}.{request.tenant.id}", max_age=_PATIENCE)
    except signing.BadSignature:
        return error_pages.expired(request)
    if values.get("action") == "yes":
        return _leave(request, LogoutRequest(**stored), session)
    return HttpResponseRedirect("/account" if session else "/logged-out", status=303)


@people_endpoint("GET")
def logged_out(request: TenantRequest) -> HttpResponse:
    """Where people end who have no application to go back to."""
    context: dict[str, Any] = common(request, None) | {"home_url": "/"}
    return page("authserver/logged_out.html", context, image_sources=image_sources(request, None))


def _leave(request: TenantRequest, asked: LogoutRequest, session: Session | None) -> HttpResponse:
    """Ends the session and goes to the approved address, or to our own page."""
    client = registry.application(request.tenant, asked.client_id) if asked.client_id else None
    if session is not None:
        sessions.end(Session.objects.filter(pk=session.pk))
        people_events.happened(
            request, people_events.LOGGED_OUT, "User successfully logged out", client=client, user=session.user
        )
    response = HttpResponse(status=303 if request.method == "POST" else 302)
    response.headers["Location"] = asked.return_to or "/logged-out"
    response.headers["Cache-Control"] = "no-store"
    sessions.delete_cookie(response, request.tenant)
    return response


def _question(request: TenantRequest, asked: LogoutRequest, session: Session) -> HttpResponse:
    client = registry.application(request.tenant, asked.client_id) if asked.client_id else None
    context = {
        "action_url": "/u/logout",
        "state": signing.dumps(asked.stored(), salt=f"{_SALT}.{request.tenant.id}"),
        "user": {"email": session.user.email, "name": session.user.name},
    }
    return show(request, "logout", context, purpose=_purpose(session), client=client)


def _is_about(asked: LogoutRequest, session: Session) -> bool:
    """Whether a genuine hint names this very session."""
    return asked.subject == session.user.user_id and asked.sid in ("", session.pk)


def _is_navigation(request: TenantRequest) -> bool:
    """In the address bar and now: no image, no frame, nothing that a browser loads in case somebody wants it."""
    return (
        request.META.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate"
        and request.META.get("HTTP_SEC_FETCH_DEST", "document") == "document"
        and "HTTP_SEC_PURPOSE" not in request.META
    )


def _purpose(session: Session) -> str:
    return f"logout.{session.pk}"
