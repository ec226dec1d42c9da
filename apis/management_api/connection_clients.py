"""/api/v2/connections/{id}/clients: the applications that sign people in with a connection."""

from typing import Any

from rest_framework.request import Request

from apis.management_api.connection_shapes import ClientSwitch, EnabledClient
from apis.management_api.connections import ConnectionView
from apis.services import connections as switches
from tenants.rest import paging
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.serializers import CheckpointQuery

MOST = 50


class ConnectionClients(ConnectionView):
    @operation(
        "Get the clients of a connection", "read:connections", query=CheckpointQuery, answer=EnabledClient, lists="clients"
    )
    def get(self, request: Request, connection_id: str) -> dict[str, Any]:
        """Always {clients, next?}: Auth0 has no other form of this list."""
        rows = switches.applications_of(self.found(connection_id)).only("id", "client_id")
        found, after = paging.by_checkpoint(rows, self.query, ["pk"])
        return {"clients": [self.shown(row) for row in found]} | ({"next": after} if after else {})

    @operation(
        "Switch clients of a connection on or off",
        "update:connections",
        status=204,
        body=ClientSwitch,
        body_is_list=True,
    )
    def patch(self, request: Request, connection_id: str) -> None:
        connection = self.found(connection_id)
        if not 1 <= len(self.body) <= MOST:
            raise ManagementError(
                400, f"Payload validation error: 'Between 1 and {MOST} clients at a time'.", "invalid_body"
            )
        clients = self.clients([switch["client_id"] for switch in self.body])
        asked = [(clients[switch["client_id"]], switch["status"]) for switch in self.body]
        switches.switch_applications(connection, asked, by=self.actor)
