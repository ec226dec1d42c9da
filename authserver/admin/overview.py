"""The panel of the overview on what only this floor knows: why tokens were refused."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest
from django.urls import reverse

from authserver.admin.refusal_reasons import sentence
from tenants.console.charts import share
from tenants.console.overview import Panel, panels
from tenants.console.periods import last_week, sums
from tenants.models import LogCount, Tenant

MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, how often it was given, and the log of it."""

    text: str
    url: str
    day: str
    week: str
    share: str


def refusals_by_reason(request: HttpRequest, tenant: Tenant) -> Panel | None:
    """Why most tokens were refused. One statement, and one more where there was none."""
    counts = LogCount.objects.of(tenant).filter(hour__gte=last_week().since).order_by()
    grouped = counts.exclude(reason="").values("reason").annotate(**sums(), week=F("refused_week"))
    rows: list[Any] = list(grouped.order_by("-week", "reason")[:MOST_REASONS])
    if not rows and not counts.aggregate(any=Sum("total"))["any"]:
        return None
    reasons = [
        Reason(
            text=sentence(row["reason"]),
            url=reverse("admin:tenants_logevent_changelist", query={"reason": row["reason"]}),
            day=f"{row['refused_day']:,}",
            week=f"{row['week']:,}",
            share=share(row["week"], rows[0]["week"]),
        )
        for row in rows
    ]
    return Panel("admin/overview/by_reason.html", {"reasons": reasons}, position=40)


panels.append(refusals_by_reason)
