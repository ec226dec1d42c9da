"""The counters in the database: one statement counts and tells, so no two attempts get the same count."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from tenants.models import Attempts

# PostgreSQL and SQLite alike. Without the alias PostgreSQL finds the columns ambiguous.
COUNT = """
    INSERT INTO tenants_attempts AS known ("key", "count", resets_at) VALUES (%s, %s, %s)
    ON CONFLICT ("key") DO UPDATE SET
        "count" = CASE WHEN known.resets_at <= %s THEN excluded."count" ELSE known."count" + excluded."count" END,
        resets_at = CASE WHEN known.resets_at <= %s THEN excluded.resets_at ELSE known.resets_at END
    RETURNING "key", "count", resets_at
"""


def count(key: str, seconds: int, tries: int = 1) -> tuple[int, float]:
    """Counts `tries` in the window of `key`, or opens one of `seconds`. Returns how many and the seconds that remain.

    Raises RuntimeError inside a transaction (a test's own excepted).
    """
    now = timezone.now()
    stored_now, resets_at = (
        connection.ops.adapt_datetimefield_value(moment) for moment in (now, now + timedelta(seconds=seconds))
    )
    with transaction.atomic(durable=True):
        # As a raw query of the model, so that SQLite's text becomes a datetime again.
        attempts = Attempts.objects.raw(COUNT, [key, tries, resets_at, stored_now, stored_now])[0]
    return attempts.count, (attempts.resets_at - now).total_seconds()


def uncount(key: str) -> None:
    """Takes one attempt off the counter of `key`, if there is one."""
    Attempts.objects.filter(pk=key, count__gt=0).update(count=F("count") - 1)


def forget(key: str) -> None:
    """Drops the counter of `key`, if there is one."""
    Attempts.objects.filter(pk=key).delete()
