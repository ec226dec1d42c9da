"""/api/v2/client-grants: which application may call which API."""

from django.db.models import QuerySet
from rest_framework.request import Request

from apis.management_api.client_grant_shapes import (
    ClientGrantAnswer,
    ClientGrantPatch,
    ClientGrantPost,
    ClientGrantsQuery,
    OrganizationAnswer,
)
from apis.management_api.resource_servers import named
from apis.models import API, Application, ClientGrant
from apis.services import client_grants
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.serializers import CheckpointQuery
from tenants.rest.views import ManagementView

TAKEN = "A client grant for this client, audience and subject_type already exists."


class ClientGrantView(ManagementView):
    """What the resources below share: whose grants they are."""

    taken = TAKEN

    def grants(self) -> QuerySet[ClientGrant]:
        """The tenant's client grants, ready to be answered."""
        rows = ClientGrant.objects.of(self.http.tenant).select_related("application", "api")
        return rows.prefetch_related("permissions")

    def found(self, grant_id: str) -> ClientGrant:
        """The tenant's grant with this id. Raises ManagementError."""
        grant = self.grants().filter(pk=grant_id).first()
        if grant is None:
            raise ManagementError(404, "The client grant does not exist")
        return grant


class ClientGrants(ClientGrantView):
    @operation(
        "Get client grants",
        "read:client_grants",
        query=ClientGrantsQuery,
        answer=ClientGrantAnswer,
        lists="client_grants",
        order=("created_at", "pk"),
    )
    def get(self, request: Request) -> QuerySet[ClientGrant]:
        rows, query = self.grants(), self.query
        if query.get("allow_any_organization"):
            return rows.none()
        if "audience" in query:
            rows = rows.filter(api__in=self._apis(query["audience"]))
        columns = {"client_id": "application__client_id", "subject_type": "subject_type", "default_for": "default_for"}
        return rows.filter(**{column: query[name] for name, column in columns.items() if name in query})

    @operation("Create a client grant", "create:client_grants", status=201, body=ClientGrantPost, answer=ClientGrantAnswer)
    def post(self, request: Request) -> ClientGrant:
        settings = dict(self.body)
        application = self._application(settings.pop("client_id", ""))
        api = self._apis(settings.pop("audience")).first()
        if api is None:
            raise ManagementError(404, "The resource server does not exist", "inexistent_resource_server")
        scopes = settings.pop("scope", [])
        return client_grants.create_client_grant(application, api, scopes, by=self.actor, **settings)

    def _apis(self, audience: str) -> QuerySet[API]:
        return API.objects.of(self.http.tenant).filter(named(self.http.tenant.issuer, audience))

    def _application(self, client_id: str) -> Application | None:
        """The application; None for a grant by default, which names none."""
        if not client_id:
            return None
        application: Application | None = Application.objects.of(self.http.tenant).filter(client_id=client_id).first()
        if application is None:
            raise ManagementError(404, "The client does not exist", "inexistent_client")
        return application


class OneClientGrant(ClientGrantView):
    @operation("Get a client grant", "read:client_grants", answer=ClientGrantAnswer)
    def get(self, request: Request, grant_id: str) -> ClientGrant:
        return self.found(grant_id)

    @operation("Update a client grant", "update:client_grants", body=ClientGrantPatch, answer=ClientGrantAnswer)
    def patch(self, request: Request, grant_id: str) -> ClientGrant:
        grant, settings = self.found(grant_id), dict(self.body)
        if settings:
            client_grants.update_client_grant(grant, settings.pop("scope", None), by=self.actor, **settings)
        return self.found(grant_id)

    @operation("Delete a client grant", "delete:client_grants", status=204)
    def delete(self, request: Request, grant_id: str) -> None:
        """Deleting twice is no error: tools do it (`wire.md` §3.5)."""
        if grant := self.grants().filter(pk=grant_id).first():
            client_grants.delete_client_grant(grant, by=self.actor)


class ClientGrantOrganizations(ClientGrantView):
    @operation(
        "Get the organizations of a client grant",
        "read:organization_client_grants",
        query=CheckpointQuery,
        answer=OrganizationAnswer,
        lists="organizations",
    )
    def get(self, request: Request, grant_id: str) -> QuerySet[ClientGrant]:
        """There are none: an empty page of whatever style is asked for."""
        self.found(grant_id)
        return ClientGrant.objects.none()
