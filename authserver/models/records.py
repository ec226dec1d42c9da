"""The toolkit's five records with users of ours, and without the references that tie them to each other in a circle."""

from django.db import models
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from tenants.models import Tenant, User
from tenants.models.scoping import TenantQuerySet


class AuthorizationCode(AbstractGrant):
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="authorization_codes")

    objects = TenantQuerySet["AuthorizationCode"].as_manager()


class AccessToken(AbstractAccessToken):
    """Opaque access tokens only: a JWT is not stored (README, decision 3)."""

    source_refresh_token = None
    id_token = None
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="access_tokens")

    objects = TenantQuerySet["AccessToken"].as_manager()


class RefreshToken(AbstractRefreshToken):
    access_token = None
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")

    objects = TenantQuerySet["RefreshToken"].as_manager()


class IDToken(AbstractIDToken):
    """Never written: ID tokens are not stored. Swapped so that the toolkit's own table does not name operators as users."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    objects = TenantQuerySet["IDToken"].as_manager()


class DeviceCode(AbstractDeviceGrant):
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    objects = TenantQuerySet["DeviceCode"].as_manager()
