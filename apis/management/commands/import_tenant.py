"""`manage.py import_tenant NAME DIRECTORY`: brings a tenant to what a directory of Auth0's deploy tool says."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apis.management.commands.export_tenant import tenant_named
from apis.portability import difference, directory, secrets
from apis.portability.exporting import ISSUER_MARK
from apis.portability.importing import Import
from tenants.changes import COMMAND_LINE
from tenants.rest.local import LocalManagementAPI


class Command(BaseCommand):
    help = "Makes and changes what DIRECTORY/tenant.yaml says; all of it or, when something is refused, nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Name of the tenant, which must exist.")
        parser.add_argument("path", type=Path, metavar="DIRECTORY", help="The directory, or the YAML file itself.")
        parser.add_argument("--dry-run", action="store_true", help="Tell what would change, and change nothing.")
        parser.add_argument("--delete", action="store_true", help="Delete what the document does not have.")
        parser.add_argument(
            "--delete-users", action="store_true", help="With --delete: directories go with everybody who is in them."
        )
        parser.add_argument(
            "--secrets",
            action="store_true",
            dest="with_secrets",
            help="Give new applications what secrets.yaml has for them.",
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help="Replaces ##NAME## and @@NAME@@."
        )

    def handle(self, *, name: str, path: Path, dry_run: bool, delete: bool, with_secrets: bool, **options: Any) -> None:
        if options["delete_users"] and not delete:
            raise CommandError("--delete-users goes with --delete.")
        tenant = tenant_named(name)
        domain = tenant.domains.order_by("pk")[0]
        try:
            document = directory.read(path, _replacements(options["set"]) | {ISSUER_MARK: domain.issuer})
            secret = directory.read_secrets(path) if with_secrets else {}
            with transaction.atomic():
                done = Import(tenant, LocalManagementAPI(domain, COMMAND_LINE))
                done.run(document, remove=delete, remove_users=options["delete_users"])
                given = secrets.apply(tenant, secret, done.made, by=COMMAND_LINE)
                # A dry run is refused what the import would be, since all of it happens; then it never did.
                transaction.set_rollback(dry_run)
        except directory.UnreadableDocumentError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(difference.printable(" ".join(error.messages))) from error
        for line in difference.lines(done.changes):
            self.stdout.write(line)
        self.stdout.write(_summary(done, given, dry_run=dry_run))


def _replacements(assignments: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in assignments]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise CommandError(f"--set takes NAME=VALUE, not {wrong[0]}")
    return {name: value for name, _, value in pairs}


def _summary(done: Import, given: int, *, dry_run: bool) -> str:
    counts = {action: sum(change.action == action for change in done.changes) for action in ("create", "update", "delete")}
    told = "Would change" if dry_run else "Changed"
    lines = [f"{told}: {counts['create']} made, {counts['update']} updated, {counts['delete']} deleted"]
    if given:
        lines.append(f"Secrets given: {given}")
    elif done.made and not dry_run:
        lines.append("New applications have a secret that nobody knows: rotate it in the console, or through the API.")
    return "\n".join(lines)
