from django.contrib.auth.models import AbstractUser
from django.db import models

from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant


class Operator(AbstractUser):
    """Staff of the console. Never a user of an application: those are `User` rows, in a table of their own."""

    email = models.EmailField("e-mail", blank=True)
    tenants = models.ManyToManyField(Tenant, through="Membership", related_name="operators")

    class Meta(AbstractUser.Meta):
        verbose_name = "operator"
        verbose_name_plural = "operators"


class Membership(models.Model):
    """An operator's place in a tenant."""

    class Role(models.TextChoices):
        ADMIN = "admin", "Admin: may look and change"
        VIEWER = "viewer", "Viewer: may look"

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("access", max_length=16, choices=Role, default=Role.ADMIN)

    objects = TenantQuerySet["Membership"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "operator"], name="one_membership_per_tenant")]

    def __str__(self) -> str:
        return f"{self.operator} in {self.tenant}"
