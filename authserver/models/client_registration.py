from django.db import models

from apis.models import Application
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet


class ClientRegistration(models.Model):
    """That an application registered itself (RFC 7591), and the token with which it manages that (RFC 7592), hashed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="client_registrations")
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="client_registration")
    token_sha256 = models.CharField(max_length=64, editable=False)
    # What it said of itself that is no setting of an application, by the RFC's names.
    metadata = models.JSONField(default=dict)
    ip = models.CharField("IP address", max_length=45, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Known once `cleanup` has seen a trace of use, which it may then remove.
    used_at = models.DateTimeField(null=True, editable=False)

    objects = TenantQuerySet["ClientRegistration"].as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["tenant", "used_at", "created_at"])]

    def __str__(self) -> str:
        return f"registration of {self.application}"
