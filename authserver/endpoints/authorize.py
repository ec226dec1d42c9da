"""GET and POST /authorize (RFC 6749 §3.1, OIDC Core §3.1.2.1), and /authorize/resume, where people come back from a page.

Client and redirect_uri are judged before anything else: while they are wrong, the answer is a page and never a redirect.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, cast

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from apis.registry import ApplicationValue
from authserver import callbacks, dialects, errors, flow, params, parked, people_events, response_modes, sessions
from authserver.authorize_request import authorize_request, callback, named_client, still_allowed
from authserver.id_tokens import NoReadableSecretError
from authserver.pages import errors as error_pages
from authserver.profiles import profile
from authserver.standing import Visit
from tenants import config_cache, languages
from tenants.http import TenantRequest
from tenants.keys.keyring import NoSigningKeyError

logger = structlog.get_logger("latchkey.authorize")


@dataclass(slots=True)
class Judged:
    """How far the judging came: where an error may be sent is known only once `client` is.

    `named` is the client before its callback was judged: for the log event, never for a page (T-011).
    """

    values: dict[str, str] = field(default_factory=dict, repr=False)
    resources: tuple[str, ...] = ()
    named: ApplicationValue | None = None
    client: ApplicationValue | None = None
    redirect_uri: str = ""


def people_endpoint(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view for browsers: only `methods`, in the language of who looks, and a page when the database or a key is missing.

    HEAD is answered wherever GET is, as GET is; the server leaves the body out (RFC 9110 §9.3.2).
    """
    allowed = ("GET", "HEAD", *(name for name in methods if name != "GET")) if "GET" in methods else methods

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            with languages.shown_to(request, request.GET.get("ui_locales", "")):
                return _paged(view, cast("TenantRequest", request), *args)

        return answer

    return decorate


def _paged(view: Callable[..., HttpResponse], request: TenantRequest, *args: Any) -> HttpResponse:
    try:
        return view(request, *args)
    except (DatabaseError, NoSigningKeyError, NoReadableSecretError) as error:
        logger.error("unavailable", exc_info=error)
        return error_pages.unavailable(request)
    except errors.OAuthError as error:
        # The page shows a reference, which the log must know.
        people_events.refused(request, people_events.LOGIN_FAILED, error)
        return error_pages.refusal(request, error)


@people_endpoint("GET", "POST")
def authorize(request: TenantRequest) -> HttpResponse:
    """A request from an application's browser. The newest configuration decides before anything is refused."""
    judged = Judged()
    try:
        return _answer(request, judged)
    except errors.OAuthError as refusal:
        newer = config_cache.fresh(request.tenant) if refusal.depends_on_settings else request.tenant
        if newer is request.tenant:
            return refuse(request, judged, refusal)
    request.tenant, judged = newer, Judged()
    try:
        return _answer(request, judged)
    except errors.OAuthError as refusal:
        return refuse(request, judged, refusal)


@people_endpoint("GET")
def resume(request: TenantRequest) -> HttpResponse:
    """A person has done something on a page; what comes next is decided anew, on the settings of this moment."""
    waiting = parked.find(request, request.GET.get("state", ""))
    if waiting is None:
        return error_pages.expired(request)
    if waiting.client is None or waiting.asked is None:
        return flow.to_account(request, waiting)
    languages.speak_to(request, waiting.asked.ui_locales)
    visit = Visit(waiting.client, waiting.asked, waiting)
    callbacks.redirect_uri(request.tenant, waiting.client, waiting.asked.redirect_uri)
    try:
        still_allowed(request.tenant, waiting.client, waiting.asked)
        return flow.advance(request, visit)
    except errors.OAuthError as refusal:
        return refuse_waiting(request, visit, refusal)


def refuse_waiting(request: TenantRequest, visit: Visit, refusal: errors.OAuthError) -> HttpResponse:
    """Ends a waiting request with an error for the application. Raises CallbackMismatch when it may not be told any more."""
    callbacks.redirect_uri(request.tenant, visit.client, visit.asked.redirect_uri)
    if visit.waiting is not None and not parked.finish(visit.waiting):
        return error_pages.expired(request)
    asked = visit.asked
    values = {"state": asked.state, "response_mode": asked.response_mode, "response_type": asked.response_type}
    judged = Judged(values, client=visit.client, redirect_uri=asked.redirect_uri)
    return refuse(request, judged, refusal, by_person=True)


def refuse(request: TenantRequest, judged: Judged, refusal: errors.OAuthError, *, by_person: bool = False) -> HttpResponse:
    """The refusal, sent to the application if it may be, else shown. Recorded either way."""
    silent = "none" in judged.values.get("prompt", "").split(" ")
    people_events.refused(
        request,
        people_events.SILENT_FAILED if silent else people_events.LOGIN_FAILED,
        refusal,
        client=judged.client or judged.named,
        client_id=judged.values.get("client_id", "")[:255],
    )
    client = judged.client
    if client is None or not judged.redirect_uri:
        return error_pages.refusal(request, refusal)
    if not by_person and not silent and _is_relay(request, client):
        return error_pages.refusal(request, refusal, client=client, back_url=judged.redirect_uri)
    said = dialects.wording(profile(request.tenant.security_profile).dialect, refusal)
    answer = response_modes.error_answer(said, judged.values.get("state", ""))
    mode = response_modes.mode_for_error(judged.values)
    after_post = request.method == "POST"
    return response_modes.deliver(request.tenant, client, judged.redirect_uri, mode, answer, after_post=after_post)


def _answer(request: TenantRequest, judged: Judged) -> HttpResponse:
    judged.values, judged.resources = _parameters(request)
    if request.method == "POST":
        languages.speak_to(request, judged.values.get("ui_locales", ""))
    judged.named = client = named_client(request.tenant, judged.values)
    redirect_uri = callback(request.tenant, client, judged.values)
    if judged.values.get("response_mode") == response_modes.WEB_MESSAGE:
        response_modes.message_target(client, redirect_uri)
    judged.client, judged.redirect_uri = client, redirect_uri
    asked = authorize_request(request.tenant, client, redirect_uri, judged.values, judged.resources)
    return flow.advance(request, Visit(client, asked))


def _parameters(request: TenantRequest) -> tuple[dict[str, str], tuple[str, ...]]:
    if request.method == "POST":
        return params.form(request.META.get("CONTENT_TYPE", ""), params.read_body(request))
    return params.query(request.META.get("QUERY_STRING", ""))


def _is_relay(request: TenantRequest, client: ApplicationValue) -> bool:
    """Whether a link to us would carry somebody, who never acted here, on to a stranger's page (RFC 9700 §4.11.2)."""
    return not client.is_first_party and sessions.current(request) is None
