from django.db import models

from authserver.user_agents import device
from tenants import ids
from tenants.models import Tenant, User
from tenants.models.scoping import TenantQuerySet


class Session(models.Model):
    """A person who signed in, in one browser. The cookie holds a secret of which only the SHA-256 is here."""

    id = models.CharField(primary_key=True, max_length=32, default=ids.session_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="sessions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    auth_time = models.DateTimeField(help_text="When the person last proved who they are.")
    amr = models.JSONField(default=list, help_text="How (RFC 8176).")
    ip = models.CharField("IP address", max_length=45, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()
    idle_expires_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    metadata = models.JSONField(default=dict, blank=True, help_text="Auth0's session_metadata: yours, no rule looks at it.")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["Session"].as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["tenant", "user", "-created_at"]), models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.user}, {device(self.user_agent)}"
