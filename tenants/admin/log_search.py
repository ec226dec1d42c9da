"""Finding log events without walking through the log: each question is answered from indexes, in bounded steps.

A search is a conjunction of conditions. Each condition is a choice of `Value`s, whose columns have an index that begins with
the tenant and ends with the newest event. The condition that reaches furthest back within `WINDOW` events leads: those of
its events are read, newest first, and the other conditions choose among them. What lies further back is the next page.
Owns no page and no wording.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tenants.admin import log_statements as statements
from tenants.admin.log_statements import EVERYWHERE, WINDOW, Leg, Range
from tenants.models import LogEvent

PAGE = 50
# Events get their number when they are written, a moment after they happened.
SKEW = timedelta(minutes=1)
_EVERY: tuple[Leg, ...] = (None,)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in a tenant. Of each condition one leg must hold; `reason` is that of a refusal."""

    tenant_id: int
    conditions: tuple[tuple[Leg, ...], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    within: Range = EVERYWHERE

    @property
    def is_plain(self) -> bool:
        """Whether one condition says all, so that nothing is read in vain."""
        return len(self.conditions) < 2 and not (self.since or self.until or self.reason)


@dataclass(frozen=True, slots=True)
class Found:
    """Events, newest first. `older`: search on before this number; None: there is no more.

    `looked_back_to` is set when the search stopped there without having filled its page.
    """

    result_list: list[LogEvent]
    older: int | None = None
    looked_back_to: datetime | None = None


def found(search: Search, size: int = PAGE) -> Found:
    """The newest `size` events that `search` describes. Asks the database six times at most."""
    if search.is_plain:
        legs = search.conditions[0] if search.conditions else _EVERY
        return _page(search, statements.newest(search.tenant_id, legs, search.within, size + 1), size)
    legs, floor = _leading(search)
    if floor and search.until:
        search = _below(search, search.until)
        legs, floor = _leading(search)
    filters = [statements.above(floor), *_others(search, legs)]
    page = _page(search, statements.chosen(search.tenant_id, legs, search.within, filters, size + 1), size)
    return page if page.older or not floor else _reached(search, page, floor)


def _leading(search: Search) -> tuple[tuple[Leg, ...], int]:
    """The condition whose window reaches furthest back, and the number of the first event beyond the window."""
    conditions = search.conditions or (_EVERY,)
    floors = statements.floors(search.tenant_id, conditions, search.within)
    return min(zip(conditions, floors, strict=True), key=lambda pair: pair[1])


def _others(search: Search, leading: tuple[Leg, ...]) -> list[statements.Filter]:
    def filters() -> Iterator[statements.Filter]:
        for legs in search.conditions:
            if legs is not leading:
                yield statements.one_of(legs)
        if search.since:
            yield statements.not_before(search.since)
        if search.until:
            yield statements.before(search.until)
        if search.reason:
            yield statements.reason_is(search.reason)

    return list(filters())


def _below(search: Search, until: datetime) -> Search:
    """`search`, without the events that were written after `until`: the index on dates knows where they begin."""
    rows = LogEvent.objects.filter(tenant_id=search.tenant_id, date__lt=until + SKEW)
    last = rows.order_by("-date").values_list("pk", flat=True).first()
    return replace(search, within=replace(search.within, below=min((last or 0) + 1, search.within.below)))


def _page(search: Search, ids: list[int], size: int) -> Found:
    shown = ids[:size]
    rows = LogEvent.objects.filter(tenant_id=search.tenant_id, pk__in=shown) if shown else ()
    events = sorted(rows, key=lambda event: event.pk, reverse=True)
    return Found(events, older=shown[-1] if len(ids) > size else None)


def _reached(search: Search, page: Found, floor: int) -> Found:
    """`page`, which is not full because its window ended at `floor`; unless the time that was asked for ended before."""
    date = LogEvent.objects.filter(tenant_id=search.tenant_id, pk=floor).values_list("date", flat=True).first()
    if date is None or (search.since and date < search.since - SKEW):
        return page
    return replace(page, older=floor + 1, looked_back_to=date)


__all__ = ["PAGE", "WINDOW", "Found", "Search", "found"]
