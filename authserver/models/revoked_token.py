from django.db import models

from apis.models import API
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet


class RevokedToken(models.Model):
    """An access token that ends before its time, by its jti: Auth0's blacklist.

    People's tokens end with their family as a rule, and here only one by one.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    # Only told: a jti is unique without it. Kept when the API goes, for the token's signature stays good.
    api = models.ForeignKey(API, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="API")
    jti = models.CharField(max_length=255)
    expires_at = models.DateTimeField(db_index=True)

    objects = TenantQuerySet["RevokedToken"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "jti"], name="jti_revoked_once")]

    def __str__(self) -> str:
        return self.jti
