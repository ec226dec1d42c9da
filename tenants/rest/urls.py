"""/api/v2/: resources are mounted above, floor by floor. Here is what describes them, and what is said of all the rest."""

from django.urls import path

from tenants.rest.openapi.views import docs, openapi
from tenants.rest.shells import urls as shells
from tenants.rest.views import unknown_resource

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="api-docs"),
    *shells(),
    path("<path:resource>", unknown_resource, name="management-api"),
]
