"""/api/v2/stats: how many people sign in, counted from users and events when somebody asks."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from tenants.models import LogEvent, User
from tenants.models.scoping import HasId
from tenants.rest.errors import ManagementError
from tenants.rest.fields import Moment, Whole
from tenants.rest.operations import operation
from tenants.rest.serializers import Body, Query
from tenants.rest.views import ManagementView

ACTIVE = timedelta(days=30)
DEFAULT_DAYS = 30
MOST_DAYS = 366
EARLIEST = "20000101"
# Where a password was given: on a page, or in the password grant. Silent authentication and refreshing are no logins.
LOGINS, SIGNUPS = ("s", "sepft"), ("ss",)
# Events that wait are numbered when they are written: this much later than they happened, at the very most.
LATEST = timedelta(hours=1)


class Day(serializers.DateField):
    """YYYYMMDD."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y%m%d"], **options)

    def to_internal_value(self, value: Any) -> Any:
        if not (isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) == 8 and value >= EARLIEST):
            raise serializers.ValidationError(f"A day is written YYYYMMDD and not before {EARLIEST}")
        return super().to_internal_value(value)


class DailyQuery(Query):
    from_ = Day(required=False, help_text="First day, YYYYMMDD, UTC. Default: 30 days in all.")
    to = Day(required=False, help_text="Last day. Default: today.")

    def get_fields(self) -> dict[str, Any]:
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class DailyStats(Body):
    """One day."""

    date = Moment()
    logins = Whole()
    signups = Whole()
    leaked_passwords = Whole(help_text="0: passwords are not compared with leaks.")
    created_at = Moment()
    updated_at = Moment(help_text="Until when this day was counted.")


class ActiveUsers(ManagementView):
    @operation("Get the number of active users", "read:stats")
    def get(self, request: Request) -> int:
        """People who signed in in the last 30 days."""
        return User.objects.of(self.http.tenant).filter(last_login__gte=timezone.now() - ACTIVE).count()


class Daily(ManagementView):
    @operation("Get daily statistics", "read:stats", query=DailyQuery, answer=DailyStats, lists="stats")
    def get(self, request: Request) -> list[Any]:
        """Each day from the first to the last, also those on which nothing happened; none that is still to come."""
        now = timezone.now()
        last = min(self.query.get("to", now.date()), now.date())
        first = self.query.get("from", last - timedelta(days=DEFAULT_DAYS - 1))
        if (last - first).days >= MOST_DAYS:
            raise ManagementError(
                400, f"Query validation error: 'At most {MOST_DAYS} days' on property from.", "invalid_query_string"
            )
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        if not days:
            return []
        starts = [datetime.combine(day, time.min, UTC) for day in days]
        counted = _counted(self.http.tenant, starts[0], starts[-1] + timedelta(days=1))
        return [self.shown(_day(start, now, counted)) for start in starts]


def _day(start: datetime, now: datetime, counted: Counter[tuple[Any, str]]) -> dict[str, Any]:
    day = start.date()
    return {
        "date": start,
        "logins": sum(counted[day, kind] for kind in LOGINS),
        "signups": sum(counted[day, kind] for kind in SIGNUPS),
        "leaked_passwords": 0,
        "created_at": start,
        "updated_at": min(now, start + timedelta(days=1)),
    }


def _counted(tenant: HasId, since: datetime, until: datetime) -> Counter[tuple[Any, str]]:
    """How many events of each type there were on each day, from `since` to before `until`. Two statements.

    The index by type has the numbers of events, not their dates. So the beginning is first made a number, or each call would
    read every login that the log ever had.
    """
    rows = LogEvent.objects.of(tenant)
    before = rows.filter(date__lt=since - LATEST).order_by("-date").values_list("pk", flat=True).first()
    rows = rows.filter(type__in=(*LOGINS, *SIGNUPS), date__gte=since, date__lt=until)
    if before is not None:
        rows = rows.filter(pk__gt=before)
    days = rows.order_by().annotate(day=TruncDate("date", tzinfo=UTC)).values_list("day", "type").annotate(many=Count("pk"))
    return Counter({(day, kind): many for day, kind, many in days})
