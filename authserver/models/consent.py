from django.db import models
from django.db.models import Q

from apis.models import API, Application
from tenants import ids
from tenants.models import Tenant, User
from tenants.models.scoping import TenantQuerySet


class Consent(models.Model):
    """What a person allowed an application: Auth0's user grant. Without an API it is about the person's own profile."""

    id = models.CharField(primary_key=True, max_length=24, default=ids.hex_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="consents")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    api = models.ForeignKey(API, on_delete=models.CASCADE, null=True, related_name="consents", verbose_name="API")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["Consent"].as_manager()

    class Meta:
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["tenant", "created_at", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "application", "api"], name="consent_per_api"),
            # NULLs are all different to a unique index, so the consents without an API need one of their own.
            models.UniqueConstraint(
                fields=["tenant", "user", "application"], condition=Q(api=None), name="consent_without_api"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} allowed {self.application}"
