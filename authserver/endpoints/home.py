"""GET /: what somebody sees who opens a tenant's domain in a browser. Programs get the 404 that they always got."""

from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from apis.services.demo import has_page
from tenants import languages
from tenants.branding.marks import image_sources, marks
from tenants.http import TenantRequest
from tenants.pages import page, wants_page


def home(request: HttpRequest) -> HttpResponse:
    """The tenant's name with links to what is public, and to the console and the demo where this host has them."""
    if request.method not in ("GET", "HEAD") or not wants_page(request.META.get("HTTP_ACCEPT", "")):
        raise Http404
    tenant = cast("TenantRequest", request).tenant
    context = marks(tenant) | {
        "issuer": tenant.issuer,
        "has_console": not settings.CONSOLE_HOSTS or tenant.host in settings.CONSOLE_HOSTS,
        "has_demo": has_page(tenant.name, tenant.host),
    }
    with languages.shown_to(request):
        return page("authserver/home.html", context, image_sources=image_sources(tenant))
