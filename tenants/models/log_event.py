from django.db import models
from django.utils import timezone

from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant


class LogEvent(models.Model):
    """Something that happened, by Auth0's event type codes. Written by `tenants.audit` only, changed by nobody."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="log_events")
    date = models.DateTimeField(default=timezone.now)
    type = models.CharField(max_length=32)
    description = models.TextField(blank=True)
    client_id = models.CharField(max_length=255, blank=True)
    client_name = models.CharField(max_length=255, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    user_id = models.CharField(max_length=255, blank=True)
    user_name = models.CharField(max_length=255, blank=True)
    audience = models.CharField(max_length=600, blank=True)
    scope = models.TextField(blank=True)
    hostname = models.CharField(max_length=260, blank=True)
    request_id = models.CharField("request ID", max_length=64, blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects = TenantQuerySet["LogEvent"].as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["tenant", "-id"]),
            models.Index(fields=["tenant", "type", "-id"]),
            models.Index(fields=["tenant", "client_id", "-id"]),
            models.Index(fields=["tenant", "audience", "-id"]),
            models.Index(fields=["tenant", "user_id", "-id"]),
            models.Index(fields=["tenant", "user_name", "-id"]),
            models.Index(fields=["tenant", "request_id"]),
            models.Index(fields=["tenant", "ip", "-id"]),
            models.Index(fields=["tenant", "date"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.date:%Y-%m-%d %H:%M:%S}"
