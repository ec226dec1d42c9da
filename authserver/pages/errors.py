"""Error pages: what happened in a sentence, what to do, and a reference number that the log event has, too."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from apis.registry import ApplicationValue
from authserver import callbacks, dialects, errors, parked
from authserver.pages.showing import common, image_sources
from authserver.parked import Parked
from authserver.profiles import profile
from tenants import languages
from tenants.http import TenantRequest
from tenants.pages import page


def refusal(
    request: TenantRequest, error: errors.OAuthError, *, client: ApplicationValue | None = None, back_url: str = ""
) -> HttpResponse:
    """`error` as a page on our own origin. `back_url` is an address that the application registered, or ""."""
    said = dialects.wording(profile(request.tenant.security_profile).dialect, error)
    title, explanation, advice = _sentences(error)
    return show(
        request,
        title,
        explanation,
        advice,
        status=said.status,
        client=client,
        code=said.code,
        description=said.text,
        back_url=back_url,
    )


def expired(request: TenantRequest, state: str = "") -> HttpResponse:
    """For a waiting request (`state`, else the address's) that was answered, is too old, or is another browser's (T-042).

    Who brought it in this browser is led back: to the application's own origin, where it decides what is still open.
    """
    before = parked.remembered(request, state or request.GET.get("state", ""))
    if before is not None and before.asked is not None:
        languages.speak_to(request, before.asked.ui_locales)
    title = _("This page has expired")
    explanation = _("The login or approval that it belongs to was finished, waited too long, or was begun elsewhere.")
    advice = _("Please go back to the application and start again.")
    if before is None:
        return show(request, title, explanation, advice, status=400, back_url="/", back_text=_("Back to the start page"))
    if before.row.finished_at is not None:
        title = _("This is done already")
        explanation = _("The login or approval that this page belongs to was finished before.")
        advice = _("Please go on in the application.") if before.client else ""
    else:
        explanation = _("The login or approval that it belongs to waited too long.")
    back_text = "" if before.client else _("Back to your account")
    return show(
        request, title, explanation, advice, status=400, client=before.client, back_url=_home(before), back_text=back_text
    )


def _home(before: Parked) -> str:
    """Where the person came from, "" when that is no web page."""
    if before.asked is None:
        return "/account"
    origin = callbacks.origin(before.asked.redirect_uri)
    return origin and f"{origin}/"


def no_directory(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """Where nobody can log in: no directory is switched on for the application, or the tenant has none for `/account`."""
    of_application, of_tenant = (
        _("No user directory is switched on for this application."),
        _("There is no user directory here yet."),
    )
    return show(
        request,
        _("Nobody can log in here yet"),
        of_application if waiting.client else of_tenant,
        _("Please tell the people who run it, with the reference below."),
        status=403,
        client=waiting.client,
        back_url=_home(waiting) if waiting.client else "",
    )


def foreign_form(request: TenantRequest) -> HttpResponse:
    """For a form that we did not show to this browser (T-041)."""
    return show(
        request,
        _("This form could not be accepted"),
        _("It was not sent from the page that this browser was shown."),
        _("If your browser blocks cookies for this site, allow them, then go back to the application and start again."),
        status=403,
    )


def unavailable(request: TenantRequest) -> HttpResponse:
    """While the database or the signing key is missing."""
    response = show(
        request,
        _("Please try again in a moment"),
        _("The service cannot answer right now."),
        "",
        status=503,
    )
    response.headers["Retry-After"] = "1"
    return response


def show(
    request: TenantRequest,
    title: str,
    explanation: str,
    advice: str,
    *,
    status: int,
    client: ApplicationValue | None = None,
    code: str = "",
    description: str = "",
    back_url: str = "",
    back_text: str = "",
) -> HttpResponse:
    """The error page."""
    context = common(request, client) | {
        "title": title,
        "explanation": explanation,
        "advice": advice,
        "code": code,
        "description": description,
        "back_url": back_url,
        "back_text": back_text,
        "reference": request.request_id,
    }
    return page("authserver/error.html", context, status=status, image_sources=image_sources(request, client))


def _sentences(error: errors.OAuthError) -> tuple[str, str, str]:
    tell_them = _("Please tell the people who run it, with the reference below.")
    if isinstance(error, errors.UnknownClient):
        return _("Unknown application"), _("The application that sent you here is not known, or is switched off."), tell_them
    if isinstance(error, errors.CallbackMismatch):
        return (
            _("Callback URL mismatch"),
            _("The application is not known, or wants the answer where it never registered to get one: nothing was sent."),
            tell_them,
        )
    if isinstance(error, errors.WebOriginNotAllowed):
        return (
            _("Web origin not allowed"),
            _("The page that wants the answer is not one of the application's registered web origins."),
            tell_them,
        )
    return _("This request cannot be answered"), _("The application sent something that is not right."), tell_them
