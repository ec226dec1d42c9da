"""manage.py cleanup [--dry-run]: removes what has expired, in batches that hold no lock for long. For cron, daily."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session as ConsoleSession
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Q, QuerySet
from django.utils import timezone

from apis.models import ClientSecret
from authserver.models import (
    AccessToken,
    AuthorizationRequest,
    DeviceCode,
    RevokedToken,
    Session,
    TokenFamily,
    UsedAssertion,
)
from authserver.registration import limits
from tenants.audit import counts
from tenants.changes import COMMAND_LINE
from tenants.keys import rotation
from tenants.models import Attempts, LogCount, LogEvent, Tenant

BATCH = 5_000
EXPIRED_SECRET_DAYS = 30


def _expired() -> dict[str, QuerySet[Any]]:
    """What may go, by the name under which it is reported."""
    now = timezone.now()
    return {
        "log events": LogEvent.objects.filter(date__lt=now - timedelta(days=settings.LOG_RETENTION_DAYS)),
        "hourly counts": LogCount.objects.filter(hour__lt=now - counts.KEPT),
        "client secrets": ClientSecret.objects.filter(expires_at__lt=now - timedelta(days=EXPIRED_SECRET_DAYS)),
        # With their codes and refresh tokens. Used ones stay until then: a replay must still find what to revoke.
        "token families": TokenFamily.objects.filter(expires_at__lt=now),
        "opaque access tokens": AccessToken.objects.filter(expires__lt=now),
        "revoked access tokens": RevokedToken.objects.filter(expires_at__lt=now),
        "used client assertions": UsedAssertion.objects.filter(expires_at__lt=now),
        "unfinished authorization requests": AuthorizationRequest.objects.filter(expires_at__lt=now),
        "sessions": Session.objects.filter(Q(expires_at__lt=now) | Q(idle_expires_at__lt=now)),
        "attempts": Attempts.objects.filter(resets_at__lt=now),
        "device codes": DeviceCode.objects.filter(expires__lt=now),
        "console sessions": ConsoleSession.objects.filter(expire_date__lt=now),
    }


class Command(BaseCommand):
    help = "Removes expired log events, secrets, codes, tokens, sessions and unused registrations, and retires keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *, dry_run: bool, **_: Any) -> None:
        remove: Callable[[QuerySet[Any]], int] = QuerySet.count if dry_run else _delete_in_batches
        if not dry_run:
            # What follows removes secrets and families, by which a use is known.
            limits.note_use()
        for name, rows in _expired().items():
            self.stdout.write(f"{name}: {remove(rows)}")
        overdue = limits.overdue().count() if dry_run else limits.remove_overdue(by=COMMAND_LINE)
        self.stdout.write(f"unused registrations: {overdue}")
        if dry_run:
            self.stdout.write(f"signing keys to retire: {rotation.retirable().count()}")
        else:
            retired = sum(rotation.retire_expired(tenant, by=COMMAND_LINE) for tenant in Tenant.objects.all())
            self.stdout.write(f"signing keys retired: {retired}")


def _delete_in_batches(rows: QuerySet[Any]) -> int:
    total = 0
    while pks := list(rows.values_list("pk", flat=True)[:BATCH]):
        rows.model._default_manager.filter(pk__in=pks).delete()
        total += len(pks)
    return total
