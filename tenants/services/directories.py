"""Connections, the directories of a tenant: the writes. Which applications use one is `apis.services.connections`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tenants.changes import Actor, changed, hold_for_deletion, refuse_fixed, wait_for_turn
from tenants.models import Connection, Tenant, User

# Applications send the name as realm, and rows of other tables name the connection by it.
FIXED = ("name", "tenant")
OPTIONS = frozenset({"disable_signup", "brute_force_protection", "password_policy", "is_domain_connection", "other_options"})


@transaction.atomic
def create_connection(tenant: Tenant, name: str, *, by: Actor, **options: Any) -> Connection:
    """A user directory, with `OPTIONS`. No application uses it until it is switched on for one. Raises ValidationError."""
    wait_for_turn(tenant.pk)
    refuse_unknown(options, OPTIONS)
    connection = Connection(tenant=tenant, name=name, **options)
    connection.full_clean()
    connection.save()
    changed(tenant, by, "Create a connection", target=name, values=options)
    return connection


@transaction.atomic
def update_connection(connection: Connection, *, by: Actor, **options: Any) -> Connection:
    """Changes `OPTIONS` of a directory. Raises ValidationError; the name cannot change.

    `other_options` are merged, each member as a whole; None takes one away.
    """
    wait_for_turn(connection.tenant_id, connection)
    refuse_fixed(connection, options, FIXED)
    refuse_unknown(options, OPTIONS.union(FIXED))
    if "other_options" in options:
        kept = connection.other_options | options["other_options"]
        options["other_options"] = {name: value for name, value in kept.items() if value is not None}
    for field, value in options.items():
        setattr(connection, field, value)
    connection.full_clean()
    connection.save(update_fields=list(options))
    changed(connection.tenant, by, "Update a connection", target=connection.name, values=options)
    return connection


@transaction.atomic
def delete_connection(connection: Connection, *, by: Actor) -> None:
    """Removes a directory and every user in it, and clears the tenant's default directory if it was this one."""
    tenant, name = connection.tenant, connection.name
    wait_for_turn(tenant.pk)
    hold_for_deletion(Connection.objects.filter(pk=connection.pk))
    hold_for_deletion(User.objects.of(tenant).filter(connection=connection))
    Tenant.objects.filter(pk=tenant.pk, default_directory=name).update(default_directory="")
    connection.delete()
    changed(tenant, by, "Delete a connection", target=name)


def refuse_unknown(values: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises ValidationError for each of `values` that is not among the `known` names: no road writes other columns."""
    if unknown := sorted(set(values).difference(known)):
        raise ValidationError(dict.fromkeys(unknown, "This cannot be set."))
