"""A change of configuration: who made it, that it is told (`audit`), and that every process hears of it (`config_cache`).

Every service that writes configuration calls `wait_for_turn` first and `changed` last, in one transaction. Owns neither the
change nor its rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from tenants import audit, config_cache
from tenants.models import Tenant
from tenants.models.scoping import HasId

REDACTED = "[redacted]"
_SECRET_FIELDS = frozenset({"password", "client_secret", "signing_secret", "private_key"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change: an operator in the console, a client of the Management API, a command."""

    kind: str
    name: str
    ip: str = ""
    client_id: str = ""


COMMAND_LINE = Actor("command", "manage.py")


def wait_for_turn(tenant_id: int, *rows: models.Model) -> None:
    """Holds off every other change of this tenant's configuration until the transaction ends, and reads `rows` anew.

    The first thing that such a service locks: so no two of them ever wait for each other, and each sees what the one before
    it wrote. Raises the DoesNotExist of a row that was deleted meanwhile.
    """
    # Not the lock of a deletion: rows that point to the tenant, such as sessions and events, go on being written.
    list(Tenant.objects.select_for_update(no_key=True).filter(pk=tenant_id).values_list("pk"))
    for row in rows:
        row.refresh_from_db()


def hold_for_deletion(rows: models.QuerySet[Any]) -> None:
    """Lets nothing new point to `rows` until the transaction ends, so that a deletion takes along all that there is.

    Without it, a sign-in or an assignment at the same moment would leave a row that forbids the deletion.
    """
    list(rows.order_by("pk").select_for_update().values_list("pk"))


def changed(
    tenant: HasId,
    actor: Actor,
    description: str,
    *,
    target: str = "",
    values: Mapping[str, Any] | None = None,
    configuration: bool = True,
) -> None:
    """Records `description` ("Create an API") with the new `values`, secrets redacted, and bumps the tenant's version.

    Without `configuration` it is only recorded: for rows that no process remembers, such as people. Auth0's event type for
    it is `sapi`. Must run inside the transaction of the change.
    """
    details: dict[str, Any] = {"actor": {"type": actor.kind, "name": actor.name}, "target": target}
    if values:
        details["changes"] = {name: _told(name, value) for name, value in values.items()}
    audit.record(
        audit.Event(
            type="sapi",
            tenant_id=tenant.id,
            description=description,
            client_id=actor.client_id,
            user_name=actor.name,
            ip=actor.ip,
            details=details,
        )
    )
    if configuration:
        config_cache.bump(tenant.id)


def refuse_fixed(row: models.Model, settings: Mapping[str, Any], fixed: Iterable[str]) -> None:
    """Raises ValidationError when `settings` would change a field of `row` that never changes."""
    kind = row._meta.verbose_name
    if moved := [name for name in fixed if settings.get(name, getattr(row, name)) != getattr(row, name)]:
        raise ValidationError({name: f"The {name} of this {kind} cannot be changed." for name in moved})


def _told(name: str, value: Any) -> Any:
    if name in _SECRET_FIELDS:
        return REDACTED
    if isinstance(value, str | int | float | bool | dict | type(None)):
        return value
    return [str(item) for item in value] if isinstance(value, list | tuple | set | frozenset) else str(value)
