"""Who may see the demo at all: its own tenant, where `apis.services.demo.has_page` says so. Everybody else is told 404."""

from typing import cast

from django.http import Http404, HttpRequest

from apis.services.demo import has_page
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest


def demo_tenant(request: HttpRequest) -> CurrentTenant:
    """The tenant of `request`, if it shows the demo at this host. Raises Http404."""
    tenant = cast("TenantRequest", request).tenant
    if not has_page(tenant.name, tenant.host):
        raise Http404
    return tenant
