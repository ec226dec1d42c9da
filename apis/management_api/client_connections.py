"""/api/v2/clients/{id}/connections: the directories whose people may sign in to a client."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from apis.management_api.client_queries import ClientConnectionsQuery
from apis.management_api.clients import ClientView
from apis.management_api.connection_shapes import STRATEGY, ConnectionAnswer, shown_connections
from apis.models import Application
from tenants.models import Connection
from tenants.rest.operations import operation

NAMES = frozenset({"id", "name", "display_name", "strategy"})


class ClientConnectionAnswer(ConnectionAnswer):
    """A connection; to who may read clients alone, what it is called."""

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        view = self.context.get("view")
        if view is None or view.may("read:connections"):
            return fields
        return {name: field for name, field in fields.items() if name in NAMES}


class ClientConnections(ClientView):
    @operation(
        "Get the connections of a client",
        "read:connections",
        "read:clients",
        "read:client_summary",
        query=ClientConnectionsQuery,
        answer=ClientConnectionAnswer,
        lists="connections",
        order=("created_at", "pk"),
    )
    def get(self, request: Request, client_id: str) -> QuerySet[Connection]:
        rows = shown_connections(self.http.tenant).filter(applications=self.found(client_id))
        return rows if STRATEGY in self.query.get("strategy", [STRATEGY]) else rows.none()

    def clients(self) -> QuerySet[Application]:
        """Nothing of the client itself is answered."""
        return Application.objects.of(self.http.tenant)
