"""/u/login: e-mail and password against the directories that the application may use."""

import math

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from apis.registry import ConnectionValue
from authserver import directory, errors, parked, people_events, sessions
from authserver.endpoints.authorize import refuse_waiting
from authserver.pages import errors as error_pages
from authserver.pages.directories import choices, chosen, connections
from authserver.pages.showing import show
from authserver.pages.visiting import Posted, go_on, waiting_page
from authserver.parked import Parked
from authserver.standing import Visit
from tenants.http import TenantRequest
from tenants.models import User

AMR = ["pwd"]
# In the address of this page when the person wants to be somebody else.
OTHER = "other"


def shown(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """The empty form; a page that says so where there is no directory to look into."""
    usable = connections(request, waiting)
    if not usable:
        return _nowhere(request, waiting)
    if waiting.asked and waiting.asked.login_hint:
        return _form(request, waiting, waiting.asked.login_hint)
    session = None if OTHER in request.GET else sessions.current(request)
    name = next((known.name for known in usable if session and known.id == session.user.connection_id), "")
    # Who is signed in and only asked to prove it again need not type the e-mail.
    return _form(request, waiting, session.user.email if session and name else "", selected=name)


def posted(request: TenantRequest, waiting: Parked, values: Posted) -> HttpResponse:
    """Signs the person in, or shows the form again with the reason."""
    if not parked.is_own_form(request, values, waiting.state):
        return error_pages.foreign_form(request)
    if values.get("action") == "cancel" and waiting.client and waiting.asked:
        return refuse_waiting(request, Visit(waiting.client, waiting.asked, waiting), errors.LoginCancelled())
    username = values.get("username", "")
    connection = chosen(connections(request, waiting), values.get("connection", ""))
    if connection is None:
        return _nowhere(request, waiting)
    address = request.META.get("REMOTE_ADDR", "")
    try:
        user = directory.authenticate(request.tenant, connection, username, values.get("password", ""), ip=address)
        return signed_in(request, waiting, user)
    except errors.UserBlocked:
        return _blocked(request, waiting, username, connection)
    except (errors.WrongPassword, errors.TooManyAttempts) as refusal:
        return _refused(request, waiting, username, connection, refusal)


def signed_in(request: TenantRequest, waiting: Parked, user: User) -> HttpResponse:
    """A login for `user`, a session, and on to the next step. What somebody else allowed in this request is void."""
    with transaction.atomic():
        if not directory.note_login(user, request.META.get("REMOTE_ADDR", "")):
            raise errors.WrongPassword(reason=directory.CHANGED)
        secret = sessions.begin(request, user, AMR, not_before=waiting.row.created_at)
    parked.note(waiting, consented_at=None, account_confirmed_at=None)
    if waiting.client is None:
        people_events.happened(request, people_events.LOGIN, "Successful login to the account page", user=user)
    response = go_on(waiting)
    sessions.set_cookie(response, request.tenant, sessions.SESSION, secret)
    return response


def typed(name: str) -> str:
    """What was typed as an e-mail, for a log event. Without its @ it may be a password in the wrong field: not told."""
    return name.strip()[:255] if "@" in name else ""


def _refused(
    request: TenantRequest, waiting: Parked, username: str, connection: ConnectionValue, refusal: errors.OAuthError
) -> HttpResponse:
    people_events.refused(
        request,
        _event_type(refusal, connection),
        refusal,
        client=waiting.client,
        user_name=typed(username),
        connection=connection.name,
    )
    if not isinstance(refusal, errors.TooManyAttempts):
        problem = _("Wrong e-mail or password.")
        return _form(request, waiting, username, selected=connection.name, problem=problem, status=400)
    seconds = int(refusal.particulars["seconds"])
    response = _form(
        request,
        waiting,
        username,
        selected=connection.name,
        problem=_("There were too many attempts to log in."),
        minutes=math.ceil(seconds / 60),
        status=429,
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def _event_type(refusal: errors.OAuthError, connection: ConnectionValue) -> str:
    if isinstance(refusal, errors.TooManyAttempts):
        return people_events.LOCKED_OUT
    unknown = refusal.particulars["reason"] == directory.no_such_user(connection)
    return people_events.UNKNOWN_USER if unknown else people_events.WRONG_PASSWORD


def _blocked(request: TenantRequest, waiting: Parked, username: str, connection: ConnectionValue) -> HttpResponse:
    """Said only to who knows the password."""
    if waiting.client and waiting.asked:
        return refuse_waiting(request, Visit(waiting.client, waiting.asked, waiting), errors.BlockedUserLogin())
    people_events.refused(request, people_events.LOGIN_FAILED, errors.BlockedUserLogin(), user_name=typed(username))
    problem = _("This account is blocked.")
    return _form(request, waiting, username, selected=connection.name, problem=problem, status=400)


def _nowhere(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """No directory is switched on, or none that the form names: an operator's matter, so the log event says what to do."""
    refusal = errors.InvalidRequest(reason="No directory for this login: switch a connection on for the application.")
    people_events.refused(request, people_events.LOGIN_FAILED, refusal, client=waiting.client)
    return error_pages.no_directory(request, waiting)


def _form(
    request: TenantRequest,
    waiting: Parked,
    username: str,
    *,
    selected: str = "",
    problem: str = "",
    minutes: int = 0,
    status: int = 200,
) -> HttpResponse:
    usable = connections(request, waiting)
    may_sign_up = any(not connection.disable_signup for connection in usable)
    context = {
        "action_url": "/u/login",
        "state": waiting.state,
        "username": username,
        "problem": problem,
        "wait_minutes": minutes,
        "connections": choices(usable, selected),
        "signup_url": f"/u/signup?state={waiting.state}" if may_sign_up else "",
        "cancel": waiting.client is not None,
    }
    return show(request, "login", context, purpose=waiting.state, client=waiting.client, status=status)


login = waiting_page(shown, posted)
