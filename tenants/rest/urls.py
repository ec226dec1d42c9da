"""/api/v2/: resources are mounted above the catch-all, floor by floor."""

from django.urls import path

from tenants.rest.views import unknown_resource

urlpatterns = [path("<path:resource>", unknown_resource, name="management-api")]
