from django.db import models

from apis.models import Application
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet


class AuthorizationRequest(models.Model):
    """An authorization request that waits for a person. Bound to the browser that brought it (T-042).

    The forms of login and consent carry the decision only; what was asked stands here (T-043).
    """

    id = models.CharField(primary_key=True, max_length=43, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    # None for a visit to the tenant's own account page.
    application = models.ForeignKey(Application, on_delete=models.CASCADE, null=True, related_name="+")
    browser_sha256 = models.CharField(max_length=64, editable=False)
    params = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # What the person has done so far. A fresh login is proven by the session's auth_time instead.
    consented_at = models.DateTimeField(null=True)
    account_confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["AuthorizationRequest"].as_manager()

    def __str__(self) -> str:
        return f"request of {self.application or self.tenant}"
