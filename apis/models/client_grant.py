from django.core.exceptions import ValidationError
from django.db import models

from apis.models.api import API, Permission
from apis.models.application import Application
from tenants import ids
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet


class ClientGrant(models.Model):
    """This application may call this API, with these scopes (machine to machine)."""

    id = models.CharField(primary_key=True, max_length=20, default=ids.client_grant_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="client_grants")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="client_grants")
    api = models.ForeignKey(API, on_delete=models.CASCADE, related_name="client_grants", verbose_name="API")
    # Rows, not a list of names: when a permission goes, no grant can be left pointing at it.
    permissions = models.ManyToManyField(Permission, blank=True, related_name="client_grants")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["ClientGrant"].as_manager()

    class Meta:
        ordering = ["tenant", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "application", "api"], name="one_grant_per_application_and_api")
        ]

    def __str__(self) -> str:
        return f"{self.application} may call {self.api}"

    def clean(self) -> None:
        if self.application.tenant_id != self.tenant_id or self.api.tenant_id != self.tenant_id:
            raise ValidationError("Application and API must belong to the same tenant.")
