"""What is new in the log since a page was shown. The page's script asks every two seconds, and puts it above the others.

As with a checkpoint of the Management API, an event that is younger than `SETTLED` is held back: one with a lower number may
still be on its way, and whoever had gone past it would never see it.
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from tenants.admin import log_choices, log_rows, log_search
from tenants.admin.log_filters import LogFilters, search_of
from tenants.admin.log_statements import BEYOND
from tenants.console.access import reach
from tenants.console.current import current_tenant
from tenants.management_api.logs import SETTLED
from tenants.models import LogEvent

if TYPE_CHECKING:
    from tenants.admin.log_events import LogEventAdmin

# More than these are not on their way at once.
_UNSETTLED = 1_000


def settled(tenant_id: int) -> int:
    """The number up to which nothing new can come any more in the log of the tenant."""
    rows = LogEvent.objects.filter(tenant_id=tenant_id)
    newest = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    # By date, as its index has it: for the lowest number alone PostgreSQL would walk the log from its beginning.
    recent = rows.filter(date__gt=timezone.now() - SETTLED).order_by("date").values_list("pk", flat=True)[:_UNSETTLED]
    return min(newest, min(recent, default=BEYOND) - 1)


def new_events(page: "LogEventAdmin", request: HttpRequest) -> HttpResponse:
    """The lines of the events that came after the number `after`, for the filters of the page; 50 at most, newest first.

    The page names its tenant: in another window the operator may have gone to another one.
    """
    if request.method != "GET":
        raise PermissionDenied
    tenant_id = _tenant_id(request)
    filters = LogFilters(request.GET)
    if not filters.is_valid():
        raise Http404("No such filter")
    values, _, questions = log_choices.resolved(filters.cleaned_data, page.finders, tenant_id, filters)
    until = settled(tenant_id)
    values["before"] = until + 1
    search = search_of(values, tenant_id, timezone.now())
    found = log_search.Found([]) if questions else log_search.found(search)
    context: dict[str, Any] = {"rows": log_rows.rows(found.result_list, page.party_pages), "after": until}
    return TemplateResponse(request, "admin/tenants/logevent/new_rows.html", context)


def _tenant_id(request: HttpRequest) -> int:
    here = current_tenant(request)
    wanted = request.GET.get("tenant", str(here.pk) if here else "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else 0
    if not (number and reach(request).may_look(number)):
        raise Http404("No tenant of yours with this id")
    return number
