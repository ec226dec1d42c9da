"""The toolkit's five records with users of ours, and without the references that tie them to each other in a circle."""

from django.db import models
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from authserver.models.token_family import TokenFamily
from tenants.models import Tenant, User
from tenants.models.scoping import TenantQuerySet


class AuthorizationCode(AbstractGrant):
    """`code` holds the SHA-256. A used row stays until its family ends, so that a replay finds what to revoke."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="authorization_codes")
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="codes")
    nonce = models.TextField(blank=True)
    used_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["AuthorizationCode"].as_manager()


class AccessToken(AbstractAccessToken):
    """Opaque access tokens only, by their SHA-256: a JWT is not stored (README, decision 3)."""

    source_refresh_token = None
    id_token = None
    token = None
    token_checksum = models.CharField(max_length=64, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="access_tokens")
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="access_tokens")

    objects = TenantQuerySet["AccessToken"].as_manager()


class RefreshToken(AbstractRefreshToken):
    """A refresh token by its SHA-256. A rotated one keeps its row: presented again, it betrays a theft."""

    access_token = None
    token_family = None
    token = None
    revoked = None
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="refresh_tokens")
    token_checksum = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)
    last_exchanged_at = models.DateTimeField(null=True, blank=True)
    idle_expires_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = TenantQuerySet["RefreshToken"].as_manager()

    class Meta:
        # Not the toolkit's: its constraint and its index name columns that are gone.
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "user", "-id"])]


class IDToken(AbstractIDToken):
    """Never written: ID tokens are not stored. Swapped so that the toolkit's own table does not name operators as users."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    objects = TenantQuerySet["IDToken"].as_manager()


class DeviceCode(AbstractDeviceGrant):
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    objects = TenantQuerySet["DeviceCode"].as_manager()
