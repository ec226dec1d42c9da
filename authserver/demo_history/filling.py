"""Writes what happened since the log's last event, a week at most. A new tenant gets the whole week.

Nothing is written twice, and nothing before what is there: events are numbered in the order of their dates, which the log
page relies on. So the events of a tenant that was made a moment ago are moved to the beginning of its week.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from apis.services.demo import is_demo
from authserver.demo_history.habits import habits
from authserver.demo_history.rhythm import moments
from authserver.demo_history.stage import Stage, stage
from tenants import changes
from tenants.audit import Event
from tenants.audit.store import write
from tenants.models import LogEvent, Tenant

DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_BATCH = 1_000
_COPIED = [field.name for field in fields(Event) if field.name != "marks"]


def fill(tenant: Tenant, *, now: datetime | None = None) -> int:
    """Makes up what happened in `tenant` until `now`; returns how many events that was. None where it is not the demo."""
    if not is_demo(tenant.name):
        return 0
    now = now or timezone.now()
    with transaction.atomic():
        changes.wait_for_turn(tenant.pk)
        scene = stage(tenant)
        if scene is None:
            return 0
        events = _moved(_first_events(tenant), _week_before(now))
        begin = events[-1].date if events else _last_date(tenant, now)
        # Not for secrets: for a curve that looks like life.
        events += _made_up(scene, begin, now, Random())  # noqa: S311
        for start in range(0, len(events), _BATCH):
            write(events[start : start + _BATCH])
    return len(events)


def _first_events(tenant: Tenant) -> list[LogEvent]:
    """What was written while the tenant was made, if nothing else has happened in it yet."""
    rows = LogEvent.objects.of(tenant)
    others = rows.exclude(type="sapi", user_name=changes.COMMAND_LINE.name)
    return [] if others.exists() else list(rows.order_by("id"))


def _week_before(now: datetime) -> datetime:
    """The beginning of the first of seven days: as far back as the overview counts."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - 6 * DAY


def _last_date(tenant: Tenant, now: datetime) -> datetime:
    last = LogEvent.objects.of(tenant).order_by("-id").values_list("date", flat=True).first()
    return max(last or _week_before(now), _week_before(now))


def _moved(rows: Sequence[LogEvent], begin: datetime) -> list[Event]:
    """`rows` as events from `begin` on; they themselves go."""
    LogEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()
    events = [Event(**{name: getattr(row, name) for name in _COPIED}) for row in rows]
    return [_marked(event, begin + number * _SECOND, event.details) for number, event in enumerate(events)]


def _made_up(scene: Stage, begin: datetime, end: datetime, chance: Random) -> list[Event]:
    def each() -> Iterator[Event]:
        for habit in habits(scene):
            for moment in moments(habit.per_day, begin, end, chance):
                # As long as those of real requests, and nobody's.
                yield _marked(habit.event, moment, habit.event.details | {"request_id": f"{chance.getrandbits(96):024x}"})

    return sorted(each(), key=lambda event: event.date)


def _marked(event: Event, date: datetime, details: dict[str, object]) -> Event:
    return replace(event, date=date, details={**details, "synthetic": True})
