"""Tokens issued and refused, by the hour. Owns the rows of `LogCount`: how an event is counted, how long a count is kept.

Counted are answers of the token endpoint, with the batch of events that they are in. What the pages make of the counts is
theirs. Of who asked, and of texts that a client chose, nothing is kept: the table cannot be filled from outside.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tenants.audit.event import Event
from tenants.audit.store import subscribe
from tenants.models import LogCount

# Two weeks, so that one can be compared with the one before, and the day that is not over.
KEPT = timedelta(days=15)

ISSUED = frozenset({"seccft", "seacft", "sertft", "sepft"})
REFUSED = frozenset({"feccft", "feacft", "fertft", "ferrt", "fepft"})
# Pages lock people out, too; only the token endpoint says which grant it was asked for.
LOCKED_OUT = "limit_wc"

# A tenant, by id, and the audience of a token.
Named = tuple[int, str]
_Key = tuple[int, datetime, str, str]

# Floors that know APIs append here. Each answers, for those audiences that are one's, with the identifier it is kept under.
api_identifiers: list[Callable[[set[Named]], Mapping[Named, str]]] = []

_TEXT = {field.name: field.max_length or 0 for field in LogCount._meta.concrete_fields}
_ROWS = 1_000


@subscribe
def count(events: Sequence[Event]) -> None:
    """Adds `events` to the counts of their hours."""
    answers = [(event, reason) for event in events if (reason := _reason(event)) is not None]
    if not answers:
        return
    identifiers = _identifiers({(event.tenant_id, event.audience) for event, _ in answers})
    counted: Counter[_Key] = Counter()
    for event, reason in answers:
        hour = event.date.replace(minute=0, second=0, microsecond=0)
        counted[event.tenant_id, hour, identifiers.get((event.tenant_id, event.audience), ""), reason] += 1
    # In one order everywhere, so that two processes which write at once cannot wait for each other.
    rows = sorted(counted.items())
    for start in range(0, len(rows), _ROWS):
        _add(rows[start : start + _ROWS])


def _reason(event: Event) -> str | None:
    """Why a token was refused, "" when it was issued, None when the event is about something else."""
    if event.type in ISSUED:
        return ""
    if event.type in REFUSED or (event.type == LOCKED_OUT and "grant_type" in event.details):
        return str(event.details.get("reason") or event.type)[: _TEXT["reason"]]
    return None


def _identifiers(named: set[Named]) -> dict[Named, str]:
    # What no column holds is no API's, and PostgreSQL would not let itself be asked for it.
    askable = {
        name for name in named if 0 < len(name[1]) <= _TEXT["audience"] and name[1].isascii() and name[1].isprintable()
    }
    found: dict[Named, str] = {}
    for known in api_identifiers if askable else ():
        found.update(known(askable))
    return found


def _add(rows: Sequence[tuple[_Key, int]]) -> None:
    """One statement, in which the database adds: nobody's count is lost to somebody who counts at the same time."""
    table = connection.ops.quote_name(LogCount._meta.db_table)
    values: list[Any] = []
    for (tenant_id, hour, audience, reason), total in rows:
        values += [tenant_id, connection.ops.adapt_datetimefield_value(hour), audience, reason, total]
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    # Names of our own and placeholders; what events say travels as values.
    statement = (
        f"INSERT INTO {table} (tenant_id, hour, audience, reason, total) VALUES {places} "  # noqa: S608
        f"ON CONFLICT (tenant_id, hour, audience, reason) DO UPDATE SET total = {table}.total + excluded.total"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
