"""/api/v2/clients/{client_id}/credentials: the public keys with which a client's assertions are verified."""

from django.db.models import QuerySet
from rest_framework.request import Request

from apis.management_api.clients import ClientView
from apis.management_api.credential_shapes import CredentialAnswer, CredentialPatch, CredentialPost
from apis.models import Application, ClientCredential, TokenEndpointAuthMethod
from apis.services import credentials
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation

UPDATE = "update:client_credentials"


class CredentialView(ClientView):
    taken = "A credential with the same kid already exists."

    def clients(self) -> QuerySet[Application]:
        """Nothing of the client itself is answered."""
        return Application.objects.of(self.http.tenant).select_related("tenant")

    def credential(self, client_id: str, credential_id: str) -> ClientCredential:
        """The credential of this very client. Raises ManagementError."""
        found = ClientCredential.objects.filter(application=self.found(client_id), pk=credential_id).first()
        if found is None:
            raise ManagementError(404, "The credential does not exist")
        return found


class Credentials(CredentialView):
    @operation(
        "Get client credentials",
        "read:client_credentials",
        answer=CredentialAnswer,
        lists="credentials",
        order=("created_at", "pk"),
    )
    def get(self, request: Request, client_id: str) -> QuerySet[ClientCredential]:
        return ClientCredential.objects.filter(application=self.found(client_id))

    @operation(
        "Create a client credential",
        "create:client_credentials",
        status=201,
        body=CredentialPost,
        answer=CredentialAnswer,
    )
    def post(self, request: Request, client_id: str) -> ClientCredential:
        client = self.found(client_id)
        if client.token_endpoint_auth_method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT:
            # Here the key works at once. At Auth0 it would wait for a PATCH of the client, which asks for this scope.
            self.demand(UPDATE)
        return credentials.add_credential(client, by=self.actor, **self.body)


class Credential(CredentialView):
    @operation("Get a client credential", "read:client_credentials", answer=CredentialAnswer)
    def get(self, request: Request, client_id: str, credential_id: str) -> ClientCredential:
        return self.credential(client_id, credential_id)

    @operation("Update a client credential", UPDATE, body=CredentialPatch, answer=CredentialAnswer)
    def patch(self, request: Request, client_id: str, credential_id: str) -> ClientCredential:
        """Only when it ends; {} changes nothing."""
        found = self.credential(client_id, credential_id)
        return credentials.update_credential(found, by=self.actor, **self.body) if self.body else found

    @operation("Delete a client credential", "delete:client_credentials", status=204)
    def delete(self, request: Request, client_id: str, credential_id: str) -> None:
        """Deleting twice is no error."""
        rows = ClientCredential.objects.filter(application=self.first(client_id), pk=credential_id)
        if found := rows.first():
            credentials.delete_credential(found, by=self.actor)
