"""The URL table. Floors bring their own addresses; here is only where they are mounted."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    # First what is asked most: the table is read from the top.
    path("", include("authserver.urls")),
    path("api/v2/", include("apis.management_api.urls")),
    path("api/v2/", include("authserver.management_api.urls")),
    path("api/v2/", include("tenants.management_api.urls")),
    # Below them: what is left of Auth0's API.
    path("api/v2/", include("tenants.rest.urls")),
    path("admin/", admin.site.urls),
    path("admin", RedirectView.as_view(url="/admin/")),
]

handler404 = "tenants.rest.errors.not_found"
handler500 = "tenants.rest.errors.server_error"
