from django.db import models
from django.db.models import Q

from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant


class SigningKey(models.Model):
    """A key of a tenant for one algorithm. The private part is encrypted (`tenants.keys.encryption`); the rest is public."""

    class State(models.TextChoices):
        NEXT = "next", "Next: published, not yet signing"
        CURRENT = "current", "Current: signs"
        PREVIOUS = "previous", "Previous: published until its last token has expired"
        REVOKED = "revoked", "Revoked: no longer published"

    PUBLISHED = (State.CURRENT, State.NEXT, State.PREVIOUS)

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="signing_keys")
    kid = models.CharField(max_length=64, unique=True, help_text="Thumbprint of the public key (RFC 7638).")
    alg = models.CharField(max_length=8, default="RS256")
    state = models.CharField(max_length=8, choices=State)
    jwk = models.JSONField(help_text="The public key as it stands in the key set (RFC 7517).")
    certificate = models.TextField(help_text="Self-signed certificate of the public key, PEM.")
    private_key = models.BinaryField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    current_since = models.DateTimeField(null=True, blank=True)
    current_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["SigningKey"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "alg"], condition=Q(state="current"), name="one_current_key_per_alg"),
            models.UniqueConstraint(fields=["tenant", "alg"], condition=Q(state="next"), name="one_next_key_per_alg"),
        ]

    def __str__(self) -> str:
        return f"{self.kid} ({self.state})"
