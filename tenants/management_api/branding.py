"""/api/v2/branding: how the pages of the tenant that is called look."""

from rest_framework.request import Request

from tenants import services
from tenants.management_api.branding_shapes import BrandingAnswer, BrandingPatch
from tenants.models import Tenant
from tenants.rest.operations import operation
from tenants.rest.views import ManagementView


class Branding(ManagementView):
    @operation("Get branding settings", "read:branding", answer=BrandingAnswer)
    def get(self, request: Request) -> Tenant:
        return self.tenant

    @operation("Update branding settings", "update:branding", body=BrandingPatch, answer=BrandingAnswer)
    def patch(self, request: Request) -> Tenant:
        """What is not named stays; `colors` is replaced as a whole."""
        return services.update_tenant(self.tenant, by=self.actor, **self.body) if self.body else self.tenant
