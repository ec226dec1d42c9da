"""/api/v2/connections: user directories. Here and not a floor below, as they name the applications that use them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from apis.management_api.connection_shapes import (
    STRATEGY,
    ConnectionAnswer,
    ConnectionPatch,
    ConnectionPost,
    ConnectionQuery,
    ConnectionsQuery,
    DeletedConnection,
    EmailQuery,
    shown_connections,
)
from apis.models import Application
from apis.services import connections as switches
from tenants import services
from tenants.models import Connection, User
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.views import ManagementView

TAKEN = "A connection with the same name already exists"


class ConnectionView(ManagementView):
    """What the resources of a connection share."""

    taken = TAKEN
    absent = ("The connection does not exist", "inexistent_connection")

    def found(self, connection_id: str) -> Connection:
        """The connection of this tenant. Raises ManagementError 404."""
        return self._only(Connection.objects.of(self.http.tenant), connection_id)

    def complete(self, connection_id: str) -> Connection:
        """The same with its applications, as the answer needs it."""
        return self._only(shown_connections(self.http.tenant), connection_id)

    def _only(self, rows: QuerySet[Connection], connection_id: str) -> Connection:
        connection = rows.filter(pk=connection_id).first()
        if connection is None:
            raise ManagementError(404, *self.absent)
        return connection

    def clients(self, client_ids: list[str]) -> dict[str, Application]:
        """The applications of this tenant by client_id. Raises ManagementError 400 for one that it does not have."""
        found = {row.client_id: row for row in Application.objects.of(self.http.tenant).filter(client_id__in=client_ids)}
        if unknown := [client_id for client_id in client_ids if client_id not in found]:
            raise ManagementError(400, f"The client does not exist: {unknown[0]}", "invalid_body")
        return found

    def switch_on(self, connection: Connection, client_ids: list[str]) -> None:
        """People of `connection` may sign in to exactly these."""
        switches.set_applications(connection, self.clients(client_ids).values(), by=self.actor)

    def refuse_other_realms(self, name: str, changes: dict[str, Any]) -> None:
        """Takes `realms` out of `changes`: the name is the realm, and a second one would lead nowhere."""
        if changes.pop("realms", [name]) != [name]:
            raise ManagementError(400, f"realms: The realm of a connection is its name: {name}", "invalid_body")


class Connections(ConnectionView):
    @operation(
        "Get connections",
        "read:connections",
        query=ConnectionsQuery,
        answer=ConnectionAnswer,
        lists="connections",
        order=("created_at", "pk"),
    )
    def get(self, request: Request) -> QuerySet[Connection]:
        rows = shown_connections(self.http.tenant)
        if "name" in self.query:
            rows = rows.filter(name=self.query["name"])
        return rows if STRATEGY in self.query.get("strategy", [STRATEGY]) else rows.none()

    @operation("Create a connection", "create:connections", status=201, body=ConnectionPost, answer=ConnectionAnswer)
    def post(self, request: Request) -> Connection:
        values = dict(self.body)
        name, kept, clients = values.pop("name"), values.pop("kept"), values.pop("enabled_clients", [])
        self.refuse_other_realms(name, values)
        with transaction.atomic():
            connection = services.create_connection(
                self.tenant, name, by=self.actor, **values, other_options=_merged({}, kept)
            )
            if clients:
                self.switch_on(connection, clients)
        return self.complete(connection.pk)


class ConnectionById(ConnectionView):
    @operation("Get a connection", "read:connections", query=ConnectionQuery, answer=ConnectionAnswer)
    def get(self, request: Request, connection_id: str) -> Connection:
        return self.complete(connection_id)

    @operation("Update a connection", "update:connections", body=ConnectionPatch, answer=ConnectionAnswer)
    def patch(self, request: Request, connection_id: str) -> Connection:
        connection, changes = self.found(connection_id), dict(self.body)
        self.refuse_other_realms(connection.name, changes)
        clients, kept = changes.pop("enabled_clients", None), changes.pop("kept")
        if kept:
            changes["other_options"] = kept
        with transaction.atomic():
            if changes:
                services.update_connection(connection, by=self.actor, **changes)
            if clients is not None:
                self.switch_on(connection, clients)
        return self.complete(connection_id)

    @operation("Delete a connection", "delete:connections", status=202, also=204, answer=DeletedConnection)
    def delete(self, request: Request, connection_id: str) -> dict[str, datetime] | HttpResponse:
        """With every user in it. Deleting twice is no error: 204 and nothing to tell."""
        connection = Connection.objects.of(self.http.tenant).filter(pk=connection_id).first()
        if connection is None:
            return HttpResponse(status=204)
        services.delete_connection(connection, by=self.actor)
        return {"deleted_at": timezone.now()}


class ConnectionUsers(ConnectionView):
    @operation("Delete a user by e-mail", "delete:users", status=204, query=EmailQuery)
    def delete(self, request: Request, connection_id: str) -> None:
        """The user with this e-mail. None is no error, as for every second deletion."""
        connection = self.found(connection_id)
        # As the directory compares: upper and lower case are the same.
        user = User.objects.of(self.http.tenant).filter(connection=connection).with_email(self.query["email"]).first()
        if user is not None:
            services.delete_user(user, by=self.actor)


def _merged(before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Members after `changes`, each as a whole; null takes one away."""
    return {name: value for name, value in {**before, **changes}.items() if value is not None}
