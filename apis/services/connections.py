"""Which directories an application may sign people in with: the writes.

A connection that is made later is switched on for nobody: whose people may sign in where is an operator's decision.
"""

from collections.abc import Iterable

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
    _refuse_foreign(application, [connection])
    application.connections.add(connection)
    _tell(application, "Switch a connection on for a client", [connection], by)


@transaction.atomic
def disable_connection(application: Application, connection: Connection, *, by: Actor) -> None:
    """People of `connection` may sign in to `application` no more. Raises ValidationError for another tenant's."""
    _refuse_foreign(application, [connection])
    application.connections.remove(connection)
    _tell(application, "Switch a connection off for a client", [connection], by)


@transaction.atomic
def set_connections(application: Application, connections: Iterable[Connection], *, by: Actor) -> None:
    """People of exactly `connections` may sign in to `application`. Raises ValidationError for another tenant's."""
    connections = list(connections)
    _refuse_foreign(application, connections)
    application.connections.set(connections)
    _tell(application, "Set the connections of a client", connections, by)


def enable_all(application: Application, *, by: Actor) -> None:
    """What a new application has when nothing was said: every connection of the tenant, if people sign in to it at all."""
    connections = list(Connection.objects.of(application.tenant)) if application.app_type in SIGN_IN_TYPES else []
    if connections:
        set_connections(application, connections, by=by)


def _refuse_foreign(application: Application, connections: Iterable[Connection]) -> None:
    if any(connection.tenant_id != application.tenant_id for connection in connections):
        raise ValidationError({"connections": "Application and connections must belong to the same tenant."})


def _tell(application: Application, description: str, connections: Iterable[Connection], by: Actor) -> None:
    values = {"connections": [connection.name for connection in connections]}
    changes.changed(application.tenant, by, description, target=application.client_id, values=values)
