"""What the pages of a waiting request share: find it, take the posted form, go on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from authserver import params, parked
from authserver.endpoints.authorize import people_endpoint
from authserver.pages import errors as error_pages
from authserver.parked import Parked
from tenants import languages
from tenants.http import TenantRequest

Posted = dict[str, str]


def waiting_page(
    shown: Callable[[TenantRequest, Parked], HttpResponse], posted: Callable[[TenantRequest, Parked, Posted], HttpResponse]
) -> Callable[..., HttpResponse]:
    """A view on a waiting request: `shown` answers GET, `posted` a form that `shown` made."""

    @people_endpoint("GET", "POST")
    def view(request: TenantRequest, *_: Any) -> HttpResponse:
        values = read_form(request) if request.method == "POST" else {}
        state = values.get("state", "") or request.GET.get("state", "")
        waiting = parked.find(request, state)
        if waiting is None:
            return error_pages.expired(request, state)
        if waiting.asked is not None:
            languages.speak_to(request, waiting.asked.ui_locales)
        return posted(request, waiting, values) if request.method == "POST" else shown(request, waiting)

    return view


def read_form(request: TenantRequest) -> Posted:
    """The fields of a posted form. Raises OAuthError for a body that no form of ours sends."""
    values, _ = params.form(request.META.get("CONTENT_TYPE", ""), params.read_body(request))
    return values


def go_on(waiting: Parked) -> HttpResponse:
    """Back to where the next step is decided, by 303: the browser forgets what it just posted (T-017)."""
    response = HttpResponseRedirect(f"/authorize/resume?state={waiting.state}", status=303)
    response.headers["Cache-Control"] = "no-store"
    return response
