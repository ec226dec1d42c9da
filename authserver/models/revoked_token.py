from django.db import models

from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet


class RevokedToken(models.Model):
    """A machine's access token that ends before its time, by its jti. People's tokens end with their family."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    jti = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    objects = TenantQuerySet["RevokedToken"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "jti"], name="jti_revoked_once")]

    def __str__(self) -> str:
        return self.jti
