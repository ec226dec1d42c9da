from django.db import models

from apis.models import API, Application
from authserver.models.session import Session
from tenants import ids
from tenants.models import Tenant, User
from tenants.models.scoping import TenantQuerySet


class TokenFamily(models.Model):
    """Everything that stems from one authorization by a person. Revoking this row ends all of it at once (T-055)."""

    id = models.CharField(primary_key=True, max_length=32, default=ids.family_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="token_families")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_families")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="token_families")
    api = models.ForeignKey(API, on_delete=models.CASCADE, null=True, related_name="token_families", verbose_name="API")
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, related_name="token_families")
    scopes = models.JSONField(default=list)
    grant_name = models.CharField(max_length=64, blank=True, help_text="The gty claim; empty for the browser flows.")
    auth_time = models.DateTimeField()
    amr = models.JSONField(default=list)
    # The OIDC `claims` parameter (OIDC Core §5.5), which the userinfo endpoint answers to later.
    claims_request = models.JSONField(default=dict)
    # Auth0's refresh_token_metadata: the tenant's own, no rule looks at it.
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(help_text="No token of this family outlives this moment.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["TokenFamily"].as_manager()

    class Meta:
        # What the console calls it: its page shows the families that hold a working refresh token.
        verbose_name = "refresh token"
        verbose_name_plural = "refresh tokens"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["tenant", "user", "-created_at"]),
            models.Index(fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.application} for {self.user}"
