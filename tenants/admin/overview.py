"""Panels of the overview on what the ground floor knows: tokens over time, and the keys that sign them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tenants.console.access import reach
from tenants.console.charts import Chart, Slot, stacked
from tenants.console.overview import FULL, Panel, panels
from tenants.console.pages import object_url
from tenants.console.periods import HOUR, WEEK, Period, by_outcome, compared, last_day, last_week
from tenants.keys.rotation import LONGEST_TOKEN_LIFETIME
from tenants.models import LogCount, SigningKey, Tenant

# What the README tells cron.
ROTATE_AFTER_DAYS = 90
# More than a tenant has: a key of each algorithm in each state, and some that wait for their last token.
_KEYS = 24

_Hours = Mapping[datetime, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A total, and how it compares with the time before."""

    outcome: str
    total: int
    change: str

    @property
    def text(self) -> str:
        return f"{self.total:,}"


@dataclass(frozen=True, slots=True)
class TokenPeriod:
    period: Period
    figures: tuple[Figure, Figure]
    chart: Chart


def tokens(request: HttpRequest, tenant: Tenant) -> Panel:
    """Tokens issued and refused, hour by hour and day by day. One statement."""
    week = last_week()
    counts = LogCount.objects.of(tenant).filter(hour__gte=week.since - WEEK).order_by()
    rows: Iterable[Any] = counts.values("hour").annotate(**by_outcome())
    hours = {row["hour"]: (row["issued"], row["refused"]) for row in rows}
    shown = [_token_period(period, hours) for period in (last_day(), week)]
    anything = any(figure.total for each in shown for figure in each.figures)
    context = {"periods": shown if anything else [], "log": reverse("admin:tenants_logevent_changelist")}
    return Panel("admin/overview/tokens.html", context, position=20, width=FULL)


def _token_period(period: Period, hours: _Hours) -> TokenPeriod:
    before = _summed(hours, period.since - period.length, period.now - period.length + HOUR)
    slots, labels = [], []
    for number in range(period.bars):
        begin = period.since + number * period.bar
        slots.append(Slot(_span(begin, period.bar), *_summed(hours, begin, begin + period.bar)))
        if number % period.per_label == 0:
            labels.append(begin.strftime(period.label))
    totals = sum(slot.issued for slot in slots), sum(slot.refused for slot in slots)
    issued, refused = (
        Figure(outcome, total, compared(total, earlier, period.before))
        for outcome, total, earlier in zip(("issued", "refused"), totals, before, strict=True)
    )
    return TokenPeriod(period, (issued, refused), stacked(slots, labels))


def _summed(hours: _Hours, since: datetime, until: datetime) -> tuple[int, int]:
    found = [counted for hour, counted in hours.items() if since <= hour < until]
    return sum(issued for issued, _ in found), sum(refused for _, refused in found)


def _span(begin: datetime, length: timedelta) -> str:
    return f"{begin:%a} {begin.day} {begin:%b}, {begin:%H:%M} to {begin + length:%H:%M}"


@dataclass(frozen=True, slots=True)
class KeyState:
    """The keys of one algorithm: which signs, which comes next, which are still published for old tokens."""

    alg: str
    current: SigningKey | None
    days: int
    next: SigningKey | None
    previous: tuple[tuple[SigningKey, datetime | None], ...]

    @property
    def age(self) -> str:
        """Since when the current key signs, as seen from today."""
        return {0: "for less than a day", 1: "for a day"}.get(self.days, f"for {self.days} days")

    @property
    def is_old(self) -> bool:
        return self.days > ROTATE_AFTER_DAYS


def signing_keys(request: HttpRequest, tenant: Tenant) -> Panel:
    """How old the keys are, and what is published beside them. One statement."""
    rows = SigningKey.objects.of(tenant).filter(state__in=SigningKey.PUBLISHED).order_by("alg", "-id")
    keys = list(rows.only("kid", "alg", "state", "created_at", "current_since", "current_until", "tenant_id")[:_KEYS])
    algs = sorted({key.alg for key in keys}, key=lambda alg: (alg != "RS256", alg))
    states = [_key_state(alg, [key for key in keys if key.alg == alg]) for alg in algs]
    may_rotate = reach(request).may_change(tenant.pk)
    context = {
        "states": states,
        "old": any(state.is_old for state in states),
        "rotate_after": ROTATE_AFTER_DAYS,
        "rotate": reverse("admin:tenants_signingkey_rotate", query={"tenant": tenant.pk}) if may_rotate else "",
        "keys": object_url(tenant, "keys"),
    }
    return Panel("admin/overview/signing_keys.html", context, position=60)


def _key_state(alg: str, keys: list[SigningKey]) -> KeyState:
    first = {key.state: key for key in reversed(keys)}
    current = first.get(SigningKey.State.CURRENT)
    lifetime = timedelta(seconds=LONGEST_TOKEN_LIFETIME)
    return KeyState(
        alg=alg,
        current=current,
        days=(timezone.now() - (current.current_since or current.created_at)).days if current else 0,
        next=first.get(SigningKey.State.NEXT),
        previous=tuple(
            (key, key.current_until + lifetime if key.current_until else None)
            for key in keys
            if key.state == SigningKey.State.PREVIOUS
        ),
    )


panels += [tokens, signing_keys]
