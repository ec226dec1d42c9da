"""The statements of `log_search`. Each reads the log from one end of one index, and stops.

Written by hand where Django's ORM cannot: a limit for each part of a union, and inside of a subquery that is filtered. Such
a limit also keeps PostgreSQL from choosing another index, which would be read to its end when it is mistaken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from tenants.models import LogEvent

# As many events one search looks through.
WINDOW = 10_000
BEYOND = 2**63 - 1
# A column and its value; None: any event of the tenant.
Leg = tuple[str, str] | None
# A condition on the columns below, in SQL, and its values.
Filter = tuple[str, list[Any]]

REASON = "reason = %s"
_SELECT = "SELECT id FROM "
_COLUMNS = ("id", "date", "type", "client_id", "user_id", "user_name", "audience", "request_id", "ip")


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers of events, without the two."""

    above: int = 0
    below: int = BEYOND


EVERYWHERE = Range()


def newest(tenant_id: int, legs: Sequence[Leg], within: Range, size: int) -> list[int]:
    """The numbers of the newest `size` events of which one of `legs` holds, newest first."""
    parts = [_rows(tenant_id, leg, within).values_list("id", flat=True)[:size] for leg in legs]
    return _merged([rows.query.sql_with_params() for rows in parts], size)


def chosen(tenant_id: int, legs: Sequence[Leg], within: Range, filters: Sequence[Filter], size: int) -> list[int]:
    """The same, of those events in the window that `filters` let through."""
    where = " AND ".join(text for text, _ in filters)
    wanted = [value for _, values in filters for value in values]
    # Documents are opened only when one is asked for.
    opened = {"reason": KeyTextTransform("reason", "details")} if any(REASON in text for text, _ in filters) else {}
    parts = []
    for leg in legs:
        rows = _rows(tenant_id, leg, within).annotate(**opened).values_list(*_COLUMNS, *opened)
        text, values = rows[: _share(legs)].query.sql_with_params()
        narrowed = f"({text}) AS looked_through WHERE {where} ORDER BY id DESC LIMIT {int(size)}"
        parts.append((_SELECT + narrowed, (*values, *wanted)))
    return _merged(parts, size)


def floors(tenant_id: int, conditions: Sequence[Sequence[Leg]], within: Range) -> list[int]:
    """For each of `conditions`, the number of the first event behind its window; 0 where the window holds all of them."""
    parts = []
    for legs in conditions:
        share = _share(legs)
        behind = [_rows(tenant_id, leg, within).values_list("pk", flat=True)[share : share + 1] for leg in legs]
        parts.append([rows.query.sql_with_params() for rows in behind])
    flat = [part for legs in parts for part in legs]
    columns = ", ".join(f"({text})" for text, _ in flat)
    found = iter(_asked(f"SELECT {columns}", flat)[0])
    return [max(next(found) or 0 for _ in legs) for legs in parts]


def one_of(legs: Sequence[Leg]) -> Filter:
    """That one of `legs` holds."""
    named = [leg for leg in legs if leg]
    return f"({' OR '.join(f'{column} = %s' for column, _ in named)})", [value for _, value in named]


def above(number: int) -> Filter:
    """That it came after the event with this number."""
    return "id > %s", [number]


def not_before(moment: datetime) -> Filter:
    return "date >= %s", [connection.ops.adapt_datetimefield_value(moment)]


def before(moment: datetime) -> Filter:
    return "date < %s", [connection.ops.adapt_datetimefield_value(moment)]


def reason_is(name: str) -> Filter:
    """That it was refused for this reason, the name of a class."""
    return REASON, [name]


def _rows(tenant_id: int, leg: Leg, within: Range) -> QuerySet[LogEvent]:
    rows = LogEvent.objects.filter(tenant_id=tenant_id, pk__gt=within.above, pk__lt=within.below)
    if leg is None:
        return rows.order_by("-pk")
    # Said as a range, so that only the index which begins with the column has this order. Of an equation PostgreSQL knows
    # that it needs no order, and it may walk through all events of the tenant in the hope of meeting the value soon.
    column, value = leg
    return rows.filter(**{f"{column}__gte": value, f"{column}__lte": value}).order_by(column, "-pk")


def _share(legs: Sequence[Leg]) -> int:
    return WINDOW // len(legs)


def _merged(parts: Sequence[tuple[str, Sequence[Any]]], size: int) -> list[int]:
    text = " UNION ALL ".join(f"{_SELECT}({text}) AS part{number}" for number, (text, _) in enumerate(parts))
    # An event of which two legs hold comes twice.
    return sorted({row[0] for row in _asked(text, parts)}, reverse=True)[:size]


def _asked(text: str, parts: Iterable[tuple[str, Sequence[Any]]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, [value for _, values in parts for value in values])
        return list(cursor.fetchall())
