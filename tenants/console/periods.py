"""The two periods that the overview counts in, the last 24 hours and the last 7 days, and how their figures are said.

Hours and days are UTC's, as everywhere in the console. Each period is compared with one of the same length before it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# Less than that is chance, or the part of an hour that is not over.
_SAME = 0.05
_ISSUED, _REFUSED = Q(reason=""), ~Q(reason="")


@dataclass(frozen=True, slots=True)
class Period:
    """`bars` parts of the length `bar` from `since` on; the hour `now` is the last one that has begun."""

    name: str
    before: str
    since: datetime
    now: datetime
    bar: timedelta
    bars: int
    per_label: int
    label: str

    @property
    def length(self) -> timedelta:
        """How long ago the same period began the time before."""
        return self.bar * self.bars


def last_day() -> Period:
    """This hour and the 23 before it."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    return Period("Last 24 hours", "the 24 hours before", now - 23 * HOUR, now, HOUR, 24, 6, "%H:%M")


def last_week() -> Period:
    """Today and the six days before it, in parts of six hours: so the nights are seen, too."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    since = now.replace(hour=0) - 6 * DAY
    return Period("Last 7 days", "the 7 days before", since, now, 6 * HOUR, 28, 4, "%a")


def sums() -> dict[str, Coalesce]:
    """Tokens of the last day and the last week, issued and refused, to annotate grouped counts with."""
    since = {"day": Q(hour__gte=last_day().since), "week": Q(hour__gte=last_week().since)}
    outcomes = {"issued": _ISSUED, "refused": _REFUSED}
    return {
        f"{outcome}_{period}": Coalesce(Sum("total", filter=begun & which), 0)
        for period, begun in since.items()
        for outcome, which in outcomes.items()
    }


def by_outcome() -> dict[str, Coalesce]:
    """Tokens issued and refused, to annotate grouped counts with."""
    return {"issued": Coalesce(Sum("total", filter=_ISSUED), 0), "refused": Coalesce(Sum("total", filter=_REFUSED), 0)}


def compared(total: int, before: int, than: str) -> str:
    """How `total` differs from what was `before`, in words; `than` names that time."""
    if not before:
        return f"none in {than}" if total else ""
    change = (total - before) / before
    if abs(change) < _SAME:
        return f"about as many as in {than}"
    if change >= 1:
        return f"{total / before:.1f} times as many as in {than}".replace(".0 ", " ")
    return f"{abs(change):.0%} {'more' if change > 0 else 'fewer'} than in {than}"
