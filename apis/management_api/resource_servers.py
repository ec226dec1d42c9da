"""/api/v2/resource-servers: APIs."""

from typing import Any
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from rest_framework.request import Request

from apis.management_api.resource_server_shapes import (
    ResourceServerAnswer,
    ResourceServerPatch,
    ResourceServerPost,
    ResourceServerQuery,
    ResourceServersQuery,
)
from apis.models import API
from apis.models.api import SYSTEM_IDENTIFIER
from apis.services import apis
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.views import ManagementView

TAKEN = "A resource server with the same identifier already exists."


class ResourceServers(ManagementView):
    taken = TAKEN

    @operation(
        "Get resource servers",
        "read:resource_servers",
        query=ResourceServersQuery,
        answer=ResourceServerAnswer,
        lists="resource_servers",
        order=("created_at", "pk"),
    )
    def get(self, request: Request) -> QuerySet[API]:
        rows = API.objects.of(self.http.tenant).prefetch_related("permissions")
        if "identifiers" in self.query:
            rows = rows.filter(named(self.http.tenant.issuer, *self.query["identifiers"]))
        return rows

    @operation(
        "Create a resource server",
        "create:resource_servers",
        status=201,
        body=ResourceServerPost,
        answer=ResourceServerAnswer,
    )
    def post(self, request: Request) -> API:
        return apis.create_api(self.tenant, by=self.actor, **self.body)


class ResourceServer(ManagementView):
    taken = TAKEN
    absent = ("The resource server does not exist", "inexistent_resource_server")

    @operation("Get a resource server", "read:resource_servers", query=ResourceServerQuery, answer=ResourceServerAnswer)
    def get(self, request: Request, key: str) -> API:
        return self._found(key)

    @operation("Update a resource server", "update:resource_servers", body=ResourceServerPatch, answer=ResourceServerAnswer)
    def patch(self, request: Request, key: str) -> API:
        api, changes = self._found(key), dict(self.body)
        permissions: Any = changes.pop("permissions", None)
        with transaction.atomic():
            if changes or api.is_system:
                apis.update_api(api, by=self.actor, **changes)
            if permissions is not None:
                apis.set_permissions(api, permissions, by=self.actor)
        return self._found(api.id)

    @operation("Delete a resource server", "delete:resource_servers", status=204)
    def delete(self, request: Request, key: str) -> None:
        """Deleting twice is no error: tools do it (`wire.md` §3.5)."""
        if api := self._first(key):
            apis.delete_api(api, by=self.actor)

    def _found(self, key: str) -> API:
        found = self._first(key)
        if found is None:
            raise ManagementError(404, *self.absent)
        return found

    def _first(self, key: str) -> API | None:
        rows = API.objects.of(self.http.tenant).prefetch_related("permissions")
        rows = rows.filter(Q(pk=key) | named(self.http.tenant.issuer, key, unquote(key)))
        # An identifier may look like another API's id, or like another identifier encoded: the closer word wins.
        return rows.order_by(Case(When(pk=key, then=0), When(identifier=key, then=1), default=2)).first()


def named(issuer: str, *identifiers: str) -> Q:
    """The APIs with `identifiers` as seen through the domain of `issuer`, where the Management API has one of its own."""
    found = Q(identifier__in=identifiers, is_system=False)
    return found | Q(is_system=True) if issuer + SYSTEM_IDENTIFIER.lstrip("/") in identifiers else found
