"""/api/v2/tenants/settings: the settings of the tenant that is called."""

from rest_framework.request import Request

from tenants import services
from tenants.management_api.tenant_settings_shapes import (
    TenantSettingsAnswer,
    TenantSettingsPatch,
    TenantSettingsQuery,
)
from tenants.models import Tenant
from tenants.rest.operations import operation
from tenants.rest.views import ManagementView


class TenantSettings(ManagementView):
    @operation("Get tenant settings", "read:tenant_settings", query=TenantSettingsQuery, answer=TenantSettingsAnswer)
    def get(self, request: Request) -> Tenant:
        return self.tenant

    @operation("Update tenant settings", "update:tenant_settings", body=TenantSettingsPatch, answer=TenantSettingsAnswer)
    def patch(self, request: Request) -> Tenant:
        """What is not named stays; objects and lists are replaced as a whole, flags are merged."""
        return services.update_tenant(self.tenant, by=self.actor, **self.body)
