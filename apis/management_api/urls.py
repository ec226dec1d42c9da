"""/api/v2/: the resources of this floor."""

from django.urls import path

from apis.management_api.resource_servers import ResourceServer, ResourceServers

urlpatterns = [
    path("resource-servers", ResourceServers.as_view()),
    # A path: an identifier is accepted with raw slashes as well (`wire.md` §2.1).
    path("resource-servers/<path:key>", ResourceServer.as_view()),
]
