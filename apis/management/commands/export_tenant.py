"""`manage.py export_tenant NAME DIRECTORY`: the tenant's configuration as YAML, in the format of Auth0's deploy tool."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apis.portability import directory, secrets
from apis.portability.exporting import Snapshot
from tenants.changes import COMMAND_LINE
from tenants.models import Tenant
from tenants.rest.local import LocalManagementAPI


class Command(BaseCommand):
    help = "Writes a tenant's configuration (not its people) to DIRECTORY/tenant.yaml, as Auth0's deploy tool does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Name of the tenant.")
        parser.add_argument("path", type=Path, metavar="DIRECTORY")
        parser.add_argument(
            "--secrets",
            action="store_true",
            dest="with_secrets",
            help="Write secrets.yaml as well: client_ids, hashes of client secrets, signing secrets. Guard it like them.",
        )

    def handle(self, *, name: str, path: Path, with_secrets: bool, **_: Any) -> None:
        tenant = tenant_named(name)
        domain = tenant.domains.order_by("pk")[0]
        document = Snapshot(tenant, LocalManagementAPI(domain, COMMAND_LINE)).document(domain.issuer)
        try:
            directory.write(path, document, secrets.collect(tenant) if with_secrets else None)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        counts = ", ".join(f"{len(rows)} {kind}" for kind, rows in document.items() if isinstance(rows, list))
        self.stdout.write(f"Wrote {path}: tenant settings, {counts}")


def tenant_named(name: str) -> Tenant:
    """The tenant. Raises CommandError when there is none, or when it has no domain."""
    tenant = Tenant.objects.filter(name=name, domains__isnull=False).first()
    if tenant is None:
        raise CommandError(f"No tenant named '{name}' with a domain: manage.py create_tenant makes one.")
    return tenant
