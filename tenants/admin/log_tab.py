"""The tab Logs of a row: the newest events that name it. The whole log, with its filters, is elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenants.admin import log_rows
from tenants.admin.log_events import LogEventAdmin
from tenants.console.tabs import TabbedAdmin
from tenants.models import LogEvent

NAME = "logs"
SHOWN = 50


def newest(tenant_id: int, **named: str) -> list[LogEvent]:
    """The newest `SHOWN` events of a tenant whose column `named` has this value. The column must be an indexed one."""
    return list(LogEvent.objects.filter(tenant=tenant_id, **named).order_by("-id")[:SHOWN])


def log_tab(
    page: TabbedAdmin,
    request: HttpRequest,
    obj: Any,
    events: Sequence[LogEvent],
    *,
    filters: Mapping[str, str],
    empty: str,
) -> HttpResponse:
    """The tab of `obj` with `events`; `filters` find them all on the log page, `empty` is said when there are none."""
    context = {
        "rows": log_rows.rows(events, LogEventAdmin.party_pages),
        "shown": SHOWN,
        "empty": empty,
        "all_url": reverse("admin:tenants_logevent_changelist", query=filters),
    }
    return page.tab_page(request, obj, NAME, "admin/tenants/logevent/tab.html", context)
