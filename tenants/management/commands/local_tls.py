"""manage.py local_tls: a certificate for every loopback domain, from an authority of this machine. Safe to repeat."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.keys.local_ca import UnusableAuthorityError, issue_server_certificate
from tenants.models import Domain
from tenants.models.domain import is_loopback

ALWAYS = ("localhost", "127.0.0.1", "::1")


class Command(BaseCommand):
    help = "Makes certificates for https on this machine and prints the path of the certificate authority to trust."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--directory", type=Path, default=settings.VAR_DIR / "tls", help="where the files are kept")

    def handle(self, *, directory: Path, **_: Any) -> None:
        try:
            authority = issue_server_certificate(directory, [*ALWAYS, *_loopback_hosts()])
        except UnusableAuthorityError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(authority))


def _loopback_hosts() -> list[str]:
    """The hosts, without ports, of all tenants' domains that only this machine can reach."""
    hosts = [urlsplit(f"//{host}").hostname or "" for host in Domain.objects.values_list("host", flat=True)]
    return [host for host in hosts if is_loopback(host)]
