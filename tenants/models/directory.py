from django.contrib.auth.hashers import check_password, make_password
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from tenants import ids
from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant


class Connection(models.Model):
    """A user directory of a tenant: Auth0's database connection, the `realm` of the password grant."""

    id = models.CharField(primary_key=True, max_length=20, default=ids.connection_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(
        max_length=128,
        validators=[RegexValidator(r"^[a-zA-Z0-9](-?[a-zA-Z0-9])*\Z", "Use letters, digits and single hyphens.")],
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Connection"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="connection_name_per_tenant")]

    def __str__(self) -> str:
        return self.name


class User(models.Model):
    """A resource owner. The same e-mail in two connections is two users; no user can sign in to the console."""

    user_id = models.CharField(max_length=255, default=ids.user_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="users")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="users")
    email = models.EmailField(max_length=254)
    email_verified = models.BooleanField(default=False)
    name = models.CharField(max_length=300, blank=True)
    password = models.CharField(max_length=256, editable=False)
    blocked = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["User"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user_id"], name="user_id_per_tenant"),
            models.UniqueConstraint(
                "tenant",
                "connection",
                Lower("email"),
                name="email_per_connection",
                violation_error_message="The directory already has a user with this e-mail.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def set_password(self, password: str) -> None:
        """Keeps `password` as an Argon2id hash; the caller saves."""
        self.password = make_password(password)

    def check_password(self, password: str) -> bool:
        return check_password(password, self.password)
