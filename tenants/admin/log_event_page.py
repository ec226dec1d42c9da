"""The page of one log event: what happened and why, where that is mended, the facts, and what happened around it."""

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tenants.admin import log_rows, log_texts
from tenants.admin.log_facts import facts
from tenants.models import LogEvent

if TYPE_CHECKING:
    from tenants.admin.log_events import LogEventAdmin

# So many before it and after it, and of the same request.
AROUND, TOGETHER = 5, 20
# Who had a part in it, by the column that says so: the first that an event has decides what stands around it.
_NEIGHBOURS = {"client_id": "same application", "user_id": "same person", "user_name": "same person"}


def event_page(page: "LogEventAdmin", request: HttpRequest, event: LogEvent) -> HttpResponse:
    """The page of `event`, which the operator may see."""
    together, around, who = _together(event), *_around(event)
    shown = log_rows.rows([event, *together, *around], page.party_pages)
    row, others = shown[0], shown[1:]
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": event,
        "title": row.heading,
        "row": row,
        "reason": log_texts.reason(event),
        "in_words": page.in_words(str(event.details.get("reason") or "")),
        "heard": _heard(event),
        "remedies": [link for provide in page.link_providers if (link := provide(request, event))],
        "facts": facts(row),
        "changes": [(name, _json(value)) for name, value in _changes(event).items()],
        "details": json.dumps(event.details, indent=2, ensure_ascii=False),
        "together": others[: len(together)],
        "around": sorted([row, *others[len(together) :]], key=lambda each: each.event.pk, reverse=True) if around else [],
        "who": who,
    }
    return TemplateResponse(request, "admin/tenants/logevent/event.html", context)


def _together(event: LogEvent) -> list[LogEvent]:
    if not event.request_id:
        return []
    rows = LogEvent.objects.filter(tenant=event.tenant_id, request_id=event.request_id).exclude(pk=event.pk)
    return list(rows.order_by("-pk")[:TOGETHER])


def _around(event: LogEvent) -> tuple[list[LogEvent], str]:
    """The nearest events of whoever had a part in `event`, and who that is, in words."""
    for column, who in _NEIGHBOURS.items():
        if value := getattr(event, column):
            rows = LogEvent.objects.filter(tenant=event.tenant_id, **{column: value})
            later, earlier = rows.filter(pk__gt=event.pk).order_by("pk"), rows.filter(pk__lt=event.pk).order_by("-pk")
            return [*later[:AROUND], *earlier[:AROUND]], who
    return [], ""


def _heard(event: LogEvent) -> str:
    """What the other side was told of a refusal, when that is not the reason itself."""
    error = event.details.get("error") or ""
    said = event.description if event.details.get("remedy") else ""
    return f"{error}: {said}" if error and said else str(error or said)


def _changes(event: LogEvent) -> dict[str, Any]:
    changes = event.details.get("changes")
    return changes if isinstance(changes, dict) else {}


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
