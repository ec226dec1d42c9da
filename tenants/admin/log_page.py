"""The log page: what happened, newest first, with the filters above it."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from tenants.admin import log_choices, log_rows, log_search, log_tail
from tenants.admin.log_filters import LogFilters, search_of
from tenants.admin.log_search import Found
from tenants.console.current import current_tenant
from tenants.console.pages import change_url

if TYPE_CHECKING:
    from tenants.admin.log_events import LogEventAdmin

# What Django's lists take. Addresses with them are about, and nothing would be gained by refusing them.
_IGNORED = frozenset({"p", "all", "e", "o"})


def log_page(page: "LogEventAdmin", request: HttpRequest) -> HttpResponse:
    """The page; for the reference of a single event, the way to that event. Raises BadRequest for an unknown filter."""
    filters = LogFilters(request.GET)
    if unknown := set(request.GET) - set(filters.fields) - _IGNORED:
        raise BadRequest(f"The log has no filter called {min(unknown)[:50]}")
    tenant = current_tenant(request)
    asked = _asked(page, filters, tenant.pk if tenant else 0)
    if event := _referred_to(filters, asked["cl"]):
        return HttpResponseRedirect(change_url(event))
    said = filters.said()
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": "Log events",
        "filters": filters,
        "narrowed": bool(said),
        "outcomes": log_choices.outcomes(said),
        "times": log_choices.times(said),
        "chips": log_choices.chips(filters, asked["names"] | {"reason": page.in_words(said.get("reason", ""))}),
        "rows": log_rows.rows(asked["cl"].result_list, page.party_pages),
        "everything": log_choices.address({}),
        "newest": log_choices.address(said) if "before" in request.GET else "",
        "older": log_choices.address(said, before=str(asked["cl"].older)) if asked["cl"].older else "",
        "window": log_search.WINDOW,
        **asked,
    }
    if tenant and filters.is_valid() and not asked["questions"] and not {"before", "until"} & _given(request):
        context["tail"] = reverse("admin:tenants_logevent_new", query={"tenant": tenant.pk, **said})
        context["after"] = log_tail.settled(tenant.pk)
    return TemplateResponse(request, "admin/tenants/logevent/list.html", context)


def _asked(page: "LogEventAdmin", filters: LogFilters, tenant_id: int) -> dict[str, Any]:
    """What was found, under the name that Django's lists have it; the names in the filters; what has to be asked first."""
    nothing: dict[str, Any] = {"cl": Found([]), "names": {}, "questions": []}
    if not (tenant_id and filters.is_valid()):
        return nothing
    values, names, questions = log_choices.resolved(filters.cleaned_data, page.finders, tenant_id, filters)
    if questions:
        return nothing | {"questions": questions}
    return nothing | {"cl": log_search.found(search_of(values, tenant_id, timezone.now())), "names": names}


def _referred_to(filters: LogFilters, found: Found) -> Any:
    """The event, when nothing but its reference was asked for, and no other event has it."""
    if set(filters.said()) != {"q"} or len(found.result_list) != 1:
        return None
    (event,) = found.result_list
    return event if event.request_id == filters.cleaned_data["q"] else None


def _given(request: HttpRequest) -> set[str]:
    return {name for name, value in request.GET.items() if value}
