"""/u/signup: an account of one's own, where a directory allows it."""

import math

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apis.registry import ConnectionValue
from authserver import errors, parked, people_events
from authserver.pages import errors as error_pages
from authserver.pages.directories import choices, chosen, connections
from authserver.pages.login import signed_in, typed
from authserver.pages.showing import show
from authserver.pages.visiting import Posted, go_on, waiting_page
from authserver.parked import Parked
from tenants import passwords, services, throttle
from tenants.changes import Actor
from tenants.http import TenantRequest
from tenants.models import Connection, User

# A problem whose way out is the login page; the others are a field's, or nobody's ("").
LOG_IN = "log in"
# Accounts that one address may try to make in a quarter of an hour.
PER_IP = throttle.Limit("sign-ups from one address", tries=20, seconds=900)


def shown(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """The empty form; the login page where no directory takes new people."""
    if not _open(request, waiting):
        return HttpResponse(status=303, headers={"Location": f"/u/login?state={waiting.state}"})
    email = waiting.asked.login_hint if waiting.asked else ""
    return _form(request, waiting, {"email": email}, {})


def posted(request: TenantRequest, waiting: Parked, values: Posted) -> HttpResponse:
    """Makes the account and signs the person in, or shows the form again with what is wrong."""
    if not parked.is_own_form(request, values, waiting.state):
        return error_pages.foreign_form(request)
    connection = chosen(_open(request, waiting), values.get("connection", ""))
    if connection is None:
        return go_on(waiting)
    address = throttle.network(request.META.get("REMOTE_ADDR", ""))
    if seconds := throttle.spend(PER_IP, str(request.tenant.id), address):
        return _too_many(request, waiting, values, seconds)
    try:
        user = _create(request, connection, values)
    except ValidationError as error:
        return _refused(request, waiting, values, error)
    people_events.happened(request, people_events.SIGNED_UP, "Successful signup", client=waiting.client, user=user)
    return signed_in(request, waiting, user)


def _open(request: TenantRequest, waiting: Parked) -> tuple[ConnectionValue, ...]:
    """The directories that take new people."""
    return tuple(connection for connection in connections(request, waiting) if not connection.disable_signup)


def _create(request: TenantRequest, connection: ConnectionValue, values: Posted) -> User:
    """Raises ValidationError, also for who was a moment too late with the same e-mail."""
    email = values.get("email", "").strip()
    directory = Connection.objects.filter(pk=connection.id).first()
    if directory is None:
        raise ValidationError("The directory was deleted in this moment.")
    try:
        return services.create_user(
            directory,
            email=email,
            password=values.get("password", ""),
            name=values.get("name", "").strip(),
            by=Actor("user", email[:254], request.META.get("REMOTE_ADDR", "")),
        )
    except IntegrityError as error:
        raise ValidationError("The directory already has a user with this e-mail.") from error


def _too_many(request: TenantRequest, waiting: Parked, values: Posted, seconds: int) -> HttpResponse:
    refusal = errors.TooManyAttempts(seconds=str(seconds), limit=PER_IP.name)
    user_name = typed(values.get("email", ""))
    people_events.refused(request, people_events.SIGN_UP_FAILED, refusal, client=waiting.client, user_name=user_name)
    minutes = math.ceil(seconds / 60)
    problem = ngettext(
        "There were too many attempts to sign up from here. Try again in %(minutes)d minute.",
        "There were too many attempts to sign up from here. Try again in %(minutes)d minutes.",
        minutes,
    )
    response = _form(request, waiting, values, {"": [problem % {"minutes": minutes}]}, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _refused(request: TenantRequest, waiting: Parked, values: Posted, error: ValidationError) -> HttpResponse:
    # The log is English, whatever the person reads.
    with translation.override("en"):
        refusal = errors.InvalidRequest(reason=" ".join(error.messages))
    user_name = typed(values.get("email", ""))
    people_events.refused(request, people_events.SIGN_UP_FAILED, refusal, client=waiting.client, user_name=user_name)
    of_fields: dict[str, list[str]] = error.message_dict if hasattr(error, "error_dict") else {}
    found = of_fields or {NON_FIELD_ERRORS: error.messages}
    problems: dict[str, list[str]] = {name: found[name] for name in ("email", "password", "name") if name in found}
    # Only where nothing else is wrong: beside a wrong name it would tell which addresses are known, and leave no account.
    if not problems:
        # That an address has an account already is told only where the tenant wants it told (T-123).
        tells = request.tenant.flags["enable_public_signup_user_exists_error"]
        known = _("This e-mail has an account already: log in instead.")
        neutral = _("This account could not be made. If you have one already, log in instead.")
        problems[LOG_IN] = [known if tells else neutral]
    return _form(request, waiting, values, problems, 400)


def _form(
    request: TenantRequest, waiting: Parked, values: Posted, problems: dict[str, list[str]], status: int = 200
) -> HttpResponse:
    context = {
        "action_url": "/u/signup",
        "state": waiting.state,
        "email": values.get("email", ""),
        "name": values.get("name", ""),
        "problems": problems,
        "login_url": f"/u/login?state={waiting.state}",
        "connections": choices(_open(request, waiting), values.get("connection", "")),
        "min_length": passwords.MIN_LENGTH,
    }
    return show(request, "signup", context, purpose=waiting.state, client=waiting.client, status=status)


signup = waiting_page(shown, posted)
