"""/api/v2/: the resources of this floor."""

from django.urls import path

from apis.management_api.client_connections import ClientConnections
from apis.management_api.client_grants import ClientGrantOrganizations, ClientGrants, OneClientGrant
from apis.management_api.clients import Client, Clients, RotateSecret
from apis.management_api.connection_clients import ConnectionClients
from apis.management_api.connections import ConnectionById, Connections, ConnectionUsers
from apis.management_api.credentials import Credential, Credentials
from apis.management_api.resource_servers import ResourceServer, ResourceServers
from apis.management_api.roles import OneRole, RolePermissions, Roles, RoleUsers
from apis.management_api.user_permissions import UserPermissions
from apis.management_api.user_roles import UserRoles

urlpatterns = [
    path("client-grants", ClientGrants.as_view()),
    path("client-grants/<str:grant_id>", OneClientGrant.as_view()),
    path("client-grants/<str:grant_id>/organizations", ClientGrantOrganizations.as_view()),
    path("clients", Clients.as_view()),
    path("clients/<str:client_id>", Client.as_view()),
    path("clients/<str:client_id>/connections", ClientConnections.as_view()),
    path("clients/<str:client_id>/credentials", Credentials.as_view()),
    path("clients/<str:client_id>/credentials/<str:credential_id>", Credential.as_view()),
    path("clients/<str:client_id>/rotate-secret", RotateSecret.as_view()),
    path("connections", Connections.as_view()),
    path("connections/<str:connection_id>", ConnectionById.as_view()),
    path("connections/<str:connection_id>/clients", ConnectionClients.as_view()),
    path("connections/<str:connection_id>/users", ConnectionUsers.as_view()),
    path("resource-servers", ResourceServers.as_view()),
    # A path: an identifier is accepted with raw slashes as well (`wire.md` §2.1).
    path("resource-servers/<path:key>", ResourceServer.as_view()),
    path("roles", Roles.as_view()),
    path("roles/<str:role_id>", OneRole.as_view()),
    path("roles/<str:role_id>/permissions", RolePermissions.as_view()),
    path("roles/<str:role_id>/users", RoleUsers.as_view()),
    path("users/<str:user_id>/permissions", UserPermissions.as_view()),
    path("users/<str:user_id>/roles", UserRoles.as_view()),
]
