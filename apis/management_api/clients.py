"""/api/v2/clients: applications. Their credentials are `apis.management_api.credentials`."""

from functools import cached_property
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.request import Request

from apis.management_api import global_client
from apis.management_api.client_queries import ClientsQuery
from apis.management_api.client_shapes import UNSAID_TYPE, WIRE_NAMES, ClientPatch, ClientPost
from apis.management_api.client_shapes_answer import KEYS, MEMBERS, REST, SUMMARY, ClientAnswer
from apis.management_api.resource_servers import named
from apis.models import API, Application, AppType
from apis.services import applications, clients
from tenants.keys import certificates
from tenants.models import SigningKey
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.serializers import FieldsQuery
from tenants.rest.views import ManagementView

READ = ("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary")


class ClientView(ManagementView):
    """What the resources below share: whose clients they are, and what of them the caller may see."""

    absent = ("The client does not exist", "inexistent_client")
    # The client secret that this very call made.
    issued = ""

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Members that the caller's scopes do not show. Who writes a client is answered all of it."""
        if self.request.method != "GET":
            return frozenset()
        return frozenset(name for name in MEMBERS - SUMMARY if not self.may(*KEYS.get(name, REST)))

    @property
    def signing_keys(self) -> list[dict[str, str]]:
        """The certificate of the tenant's current RS256 key, which signs for its clients, as Auth0 shows it."""
        keys = SigningKey.objects.of(self.http.tenant).filter(state=SigningKey.State.CURRENT, alg="RS256")
        return self.http.tenant.cached(
            "client signing keys",
            "",
            lambda: [certificates.faces(pem) for pem in keys.values_list("certificate", flat=True)],
        )

    def clients(self) -> QuerySet[Application]:
        """The tenant's clients, ready to be answered."""
        rows = Application.objects.of(self.http.tenant).select_related("resource_server")
        return rows if "client_authentication_methods" in self.hidden else rows.prefetch_related("credentials")

    def first(self, key: str) -> Application | None:
        """The tenant's client with this client_id, or None."""
        # Some senders encode a path twice.
        return self.clients().filter(client_id__in={key, unquote(key)}).first()

    def found(self, key: str) -> Application:
        """The same. Raises ManagementError."""
        client = self.first(key)
        if client is None:
            raise ManagementError(404, *self.absent)
        return client

    def demand(self, scope: str) -> None:
        """Raises ManagementError unless the caller has `scope`, for what not every scope of an operation allows."""
        if not self.may(scope):
            raise ManagementError(403, f"Insufficient scope, expected any of: {scope}", "insufficient_scope")

    def _refusal(self, exc: Exception) -> ManagementError:
        """A rule names the column; the caller knows it under the name that it has here."""
        if isinstance(exc, ValidationError) and hasattr(exc, "error_dict"):
            exc = ValidationError({WIRE_NAMES.get(name, name): found for name, found in exc.error_dict.items()})
        return super()._refusal(exc)


class Clients(ClientView):
    @operation("Get clients", *READ, query=ClientsQuery, answer=ClientAnswer, lists="clients", order=("pk",))
    def get(self, request: Request) -> QuerySet[Application] | Any:
        rows, query = self.clients(), self.query
        if query.get("is_global"):
            return global_client.listed(self._selected(global_client.answer(self.http.tenant)), query)
        if "external_client_id" in query or "q" in query:
            return rows.none()
        if "is_first_party" in query:
            rows = rows.filter(is_first_party=query["is_first_party"])
        if "app_type" in query:
            types = {name.strip() for name in query["app_type"].split(",")}
            rows = rows.filter(app_type__in=types)
            rows = rows.exclude(app_type=AppType.REGULAR_WEB, other_settings__has_key=UNSAID_TYPE)
        return rows

    @operation("Create a client", "create:clients", status=201, body=ClientPost, answer=ClientAnswer)
    def post(self, request: Request) -> Application:
        settings = dict(self.body)
        if settings.get("client_authentication_methods") is not None:
            self.demand("create:client_credentials")
        if identifier := settings.pop("resource_server_identifier", None):
            settings["resource_server"] = self._api(identifier)
        application, secret = clients.create_client(self.tenant, settings.pop("name"), by=self.actor, **settings)
        self.issued = secret.value if secret else ""
        return application

    def _api(self, identifier: str) -> API:
        api = API.objects.of(self.http.tenant).filter(named(self.http.tenant.issuer, identifier)).first()
        if api is None:
            raise ManagementError(404, "The resource server does not exist", "inexistent_resource_server")
        return api


class Client(ClientView):
    @operation("Get a client", *READ, query=FieldsQuery, answer=ClientAnswer)
    def get(self, request: Request, client_id: str) -> Application:
        return self.found(client_id)

    @operation(
        "Update a client",
        "update:clients",
        "update:client_keys",
        "update:client_credentials",
        body=ClientPatch,
        answer=ClientAnswer,
    )
    def patch(self, request: Request, client_id: str) -> Application:
        changes = dict(self.body)
        scopes = {"client_secret": "update:client_keys", "client_authentication_methods": "update:client_credentials"}
        for scope in sorted({scopes.get(member, "update:clients") for member in changes}):
            self.demand(scope)
        client = self.found(client_id)
        if changes:
            clients.patch_client(client, by=self.actor, **changes)
        return self.found(client.client_id)

    @operation("Delete a client", "delete:clients", status=204)
    def delete(self, request: Request, client_id: str) -> None:
        """Deleting twice is no error. A caller may delete its own client: from then on its token opens nothing."""
        if client := self.first(client_id):
            applications.delete_application(client, by=self.actor)


class RotateSecret(ClientView):
    @operation("Rotate a client secret", "update:client_keys", answer=ClientAnswer)
    def post(self, request: Request, client_id: str) -> Application:
        """The new secret is the only one from now on."""
        client = self.found(client_id)
        self.issued = applications.rotate_secret(client, by=self.actor).value
        return client
