"""Panels of the overview on what this floor knows: tokens by API, and secrets and keys that expire soon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.admin import site
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apis.models import API, ClientCredential, ClientSecret
from tenants.console.charts import share
from tenants.console.overview import Panel, panels
from tenants.console.pages import object_url
from tenants.console.periods import last_week, sums
from tenants.console.tabs import TabbedAdmin
from tenants.models import LogCount, Tenant

MOST_APIS = 6
MOST_EXPIRING = 6
EXPIRING, URGENT = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """What was asked of one API. Without `url` there is no such API any more, or it never was one."""

    name: str
    url: str
    issued_day: str
    refused_day: str
    issued_week: str
    refused_week: str
    issued_share: str
    refused_share: str


def tokens_by_api(request: HttpRequest, tenant: Tenant) -> Panel | None:
    """The APIs that most tokens were asked for. Two statements."""
    grouped = LogCount.objects.of(tenant).filter(hour__gte=last_week().since).order_by().values("audience")
    grouped = grouped.annotate(**sums(), of_week=F("issued_week") + F("refused_week"))
    rows = list(grouped.order_by("-of_week", "audience")[:MOST_APIS])
    if not rows:
        return None
    apis = {api.identifier: api for api in API.objects.of(tenant).filter(identifier__in=[row["audience"] for row in rows])}
    shown = [_row(row, apis.get(row["audience"]), rows[0]["of_week"]) for row in rows]
    return Panel("admin/overview/by_api.html", {"rows": shown, "apis": reverse("admin:apis_api_changelist")}, position=30)


def _row(row: Mapping[str, Any], api: API | None, most: int) -> Row:
    name = str(api) if api else row["audience"] or "No API, or none that exists"
    page = cast("TabbedAdmin", site.get_model_admin(API))
    return Row(
        name=name,
        url=page.first_page(api) if api else "",
        **{name: f"{row[name]:,}" for name in ("issued_day", "refused_day", "issued_week", "refused_week")},
        issued_share=share(row["issued_week"], most),
        refused_share=share(row["refused_week"], most),
    )


@dataclass(frozen=True, slots=True)
class Expiring:
    """A secret or key with an end in sight. `replaced`: the application holds another one that lasts longer."""

    application: str
    what: str
    url: str
    expires_at: datetime
    last_used_at: datetime | None
    replaced: bool

    @property
    def when(self) -> str:
        """When, as seen from today."""
        days = (self.expires_at.date() - timezone.now().date()).days
        return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")

    @property
    def kind(self) -> str:
        """How bad that is, as a badge shows it."""
        if self.replaced:
            return "plain"
        return "bad" if self.expires_at - timezone.now() < URGENT else "caution"


def expiring(request: HttpRequest, tenant: Tenant) -> Panel:
    """The secrets and keys of applications that expire next. Two statements."""
    now = timezone.now()
    soon = Q(application__tenant=tenant, application__enabled=True, expires_at__gt=now, expires_at__lte=now + EXPIRING)
    found = [
        *(_expiring(row, f"Secret …{row.last_four}", row.last_used_at) for row in _next(ClientSecret, soon)),
        *(_expiring(row, f"Key {row}", None) for row in _next(ClientCredential, soon)),
    ]
    found.sort(key=lambda each: each.expires_at)
    context = {
        "rows": found[:MOST_EXPIRING],
        "more": len(found) > MOST_EXPIRING,
        "days": EXPIRING.days,
        "applications": reverse("admin:apis_application_changelist"),
    }
    return Panel("admin/overview/expiring.html", context, position=50)


def _next(model: Any, soon: Q) -> Any:
    longer = Q(expires_at=None) | Q(expires_at__gt=OuterRef("expires_at"))
    others = model.objects.filter(longer, application=OuterRef("application"))
    rows = model.objects.filter(soon).annotate(replaced=Exists(others)).select_related("application")
    return rows.order_by("expires_at", "pk")[: MOST_EXPIRING + 1]


def _expiring(row: Any, what: str, last_used_at: datetime | None) -> Expiring:
    url = object_url(row.application, "credentials")
    return Expiring(row.application.name, what, url, row.expires_at, last_used_at, row.replaced)


panels += [tokens_by_api, expiring]
