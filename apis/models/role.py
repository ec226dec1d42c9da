from django.core.validators import RegexValidator
from django.db import models

from apis.models.api import Permission
from tenants import ids
from tenants.models import Tenant, User
from tenants.models.scoping import TenantQuerySet


class Role(models.Model):
    """Permissions under one name, given to users. They count where an API enforces RBAC."""

    id = models.CharField(primary_key=True, max_length=20, default=ids.role_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(
        max_length=200,
        validators=[RegexValidator(r"^[^<>\x00-\x1f\x7f]*\Z", "The name must not contain <, > or control characters.")],
    )
    description = models.CharField(max_length=500, blank=True)
    permissions = models.ManyToManyField(Permission, blank=True, related_name="roles")
    users = models.ManyToManyField(User, blank=True, related_name="roles")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Role"].as_manager()

    class Meta:
        ordering = ["tenant", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="role_name_per_tenant")]
        indexes = [models.Index(fields=["tenant", "created_at", "id"])]

    def __str__(self) -> str:
        return self.name


class DirectPermission(models.Model):
    """A permission that a user holds without a role."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="direct_permissions")
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, related_name="holders")

    objects = TenantQuerySet["DirectPermission"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "permission"], name="direct_permission_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.permission}"
