"""Which directories an application may sign people in with: the writes.

A connection that is made later is switched on for nobody: whose people may sign in where is an operator's decision.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import Application, AppType
from tenants import changes
from tenants.changes import Actor
from tenants.models import Connection

# The types of application that people sign in to.
SIGN_IN_TYPES = frozenset({AppType.REGULAR_WEB, AppType.SPA, AppType.NATIVE})


@transaction.atomic
def enable_connection(application: Application, connection: Connection, *, by: Actor) -> None:
    """People of `connection` may sign in to `application`. Raises ValidationError for another tenant's connection."""
    changes.wait_for_turn(application.tenant_id)
    _refuse_foreign(application, [connection])
    application.connections.add(connection)
    _tell(application, "Switch a connection on for a client", [connection], by)


@transaction.atomic
def disable_connection(application: Application, connection: Connection, *, by: Actor) -> None:
    """People of `connection` may sign in to `application` no more. Raises ValidationError for another tenant's."""
    changes.wait_for_turn(application.tenant_id)
    _refuse_foreign(application, [connection])
    application.connections.remove(connection)
    _tell(application, "Switch a connection off for a client", [connection], by)


@transaction.atomic
def set_connections(application: Application, connections: Iterable[Connection], *, by: Actor) -> None:
    """People of exactly `connections` may sign in to `application`. Raises ValidationError for another tenant's."""
    changes.wait_for_turn(application.tenant_id)
    connections = list(connections)
    _refuse_foreign(application, connections)
    application.connections.set(connections)
    _tell(application, "Set the connections of a client", connections, by)


@transaction.atomic
def set_applications(connection: Connection, applications: Iterable[Application], *, by: Actor) -> None:
    """People of `connection` may sign in to exactly `applications`. Raises ValidationError for another tenant's."""
    changes.wait_for_turn(connection.tenant_id)
    applications = list(applications)
    for application in applications:
        _refuse_foreign(application, [connection])
    applications_of(connection).set(applications)
    clients = [application.client_id for application in applications]
    changes.changed(
        connection.tenant, by, "Set the clients of a connection", target=connection.name, values={"enabled_clients": clients}
    )


@transaction.atomic
def switch_applications(connection: Connection, switches: Iterable[tuple[Application, bool]], *, by: Actor) -> None:
    """Switches `connection` on or off for several applications, the last word counting for each. No other changes.

    Raises ValidationError for another tenant's.
    """
    changes.wait_for_turn(connection.tenant_id)
    final = {application.pk: (application, on) for application, on in switches}
    for application, _ in final.values():
        _refuse_foreign(application, [connection])
    applications_of(connection).add(*[application for application, on in final.values() if on])
    applications_of(connection).remove(*[application for application, on in final.values() if not on])
    switched = {application.client_id: on for application, on in final.values()}
    changes.changed(connection.tenant, by, "Switch the clients of a connection", target=connection.name, values=switched)


def enable_all(application: Application, *, by: Actor) -> None:
    """What a new application has when nothing was said: every connection of the tenant, if people sign in to it at all.

    None where the tenant's flag `enable_client_connections` is off.
    """
    wanted = application.app_type in SIGN_IN_TYPES and application.tenant.all_flags["enable_client_connections"]
    connections = list(Connection.objects.of(application.tenant)) if wanted else []
    if connections:
        set_connections(application, connections, by=by)


def applications_of(connection: Any) -> Any:
    """The manager of the applications that use `connection`, whose floor does not know that there are any."""
    return connection.applications


def _refuse_foreign(application: Application, connections: Iterable[Connection]) -> None:
    if any(connection.tenant_id != application.tenant_id for connection in connections):
        raise ValidationError({"connections": "Application and connections must belong to the same tenant."})


def _tell(application: Application, description: str, connections: Iterable[Connection], by: Actor) -> None:
    values = {"connections": [connection.name for connection in connections]}
    changes.changed(application.tenant, by, description, target=application.client_id, values=values)
