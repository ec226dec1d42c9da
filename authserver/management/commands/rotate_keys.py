"""manage.py rotate_keys [TENANT …] [--older-than DAYS] [--rewrap]: safe to run from cron."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apis.services.apis import rewrap_signing_secrets
from tenants.changes import COMMAND_LINE
from tenants.keys import rotation
from tenants.models import SigningKey, Tenant


class Command(BaseCommand):
    help = "Has the next key of each tenant sign from now on; the old one stays published until its tokens have expired."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenants", nargs="*", metavar="TENANT", help="names; all tenants when none is given")
        parser.add_argument("--older-than", type=int, metavar="DAYS", help="only keys that have signed for longer")
        parser.add_argument("--rewrap", action="store_true", help="only re-encrypt, under the first of KEY_ENCRYPTION_KEYS")

    def handle(self, *, tenants: list[str], older_than: int | None, rewrap: bool, **_: Any) -> None:
        if rewrap:
            self.stdout.write(f"{rotation.rewrap_all() + rewrap_signing_secrets()} keys and secrets re-encrypted")
            return
        for tenant in _named(tenants):
            if older_than is not None and not _is_due(tenant, timedelta(days=older_than)):
                self.stdout.write(f"{tenant.name}: not due")
                continue
            key = rotation.rotate(tenant, by=COMMAND_LINE)
            self.stdout.write(f"{tenant.name}: {key.kid} signs now")


def _named(names: list[str]) -> list[Tenant]:
    found = list(Tenant.objects.filter(name__in=names) if names else Tenant.objects.all())
    if missing := set(names) - {tenant.name for tenant in found}:
        raise CommandError(f"No tenant is called {', '.join(sorted(missing))}.")
    return found


def _is_due(tenant: Tenant, age: timedelta) -> bool:
    current = SigningKey.objects.of(tenant).filter(state=SigningKey.State.CURRENT).first()
    return current is None or current.current_since is None or current.current_since < timezone.now() - age
