"""manage.py rotate_keys [TENANT …] [--older-than DAYS] [--rewrap]: safe to run from cron."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apis.services.apis import rewrap_signing_secrets
from apis.services.id_token_secrets import rewrap_client_secrets
from tenants.changes import COMMAND_LINE
from tenants.keys import rotation
from tenants.keys.encryption import UndecryptableError
from tenants.models import SigningKey, Tenant

MAX_DAYS = 36_500


class Command(BaseCommand):
    help = "Has the next keys of each tenant sign from now on; the old ones stay published until their tokens have expired."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenants", nargs="*", metavar="TENANT", help="names; all tenants when none is given")
        parser.add_argument("--older-than", type=int, metavar="DAYS", help="only keys that have signed for longer")
        parser.add_argument("--rewrap", action="store_true", help="only re-encrypt, under the first of KEY_ENCRYPTION_KEYS")

    def handle(self, *, tenants: list[str], older_than: int | None, rewrap: bool, **_: Any) -> None:
        if older_than is not None and not 0 <= older_than <= MAX_DAYS:
            raise CommandError(f"--older-than takes a number of days from 0 to {MAX_DAYS}.")
        if rewrap:
            self.stdout.write(f"{_rewrap()} keys and secrets re-encrypted")
            return
        for tenant in _named(tenants):
            key = _rotate(tenant, older_than)
            self.stdout.write(f"{tenant.name}: {key.kid} signs now" if key else f"{tenant.name}: not due")


def _rewrap() -> int:
    try:
        return rotation.rewrap_all() + rewrap_signing_secrets() + rewrap_client_secrets()
    except UndecryptableError as error:
        raise CommandError(f"{error}. Put the former key back, behind the new one, and run this again.") from error


def _rotate(tenant: Tenant, older_than: int | None) -> SigningKey | None:
    if older_than is None:
        return rotation.rotate(tenant, by=COMMAND_LINE)
    return rotation.rotate_if_older(tenant, timedelta(days=older_than), by=COMMAND_LINE)


def _named(names: list[str]) -> list[Tenant]:
    found = list(Tenant.objects.filter(name__in=names) if names else Tenant.objects.all())
    if missing := set(names) - {tenant.name for tenant in found}:
        raise CommandError(f"No tenant is called {', '.join(sorted(missing))}.")
    return found
