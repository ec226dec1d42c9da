from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

# Flags as Auth0 names them, with the value of a tenant that never touched them. Only flags that do something are known.
FLAGS: dict[str, bool] = {
    "enable_apis_section": True,
    "remove_alg_from_jwks": False,
}


class SecurityProfile(models.TextChoices):
    """Names only; what each answers is the table in `authserver.profiles`."""

    AUTH0 = "auth0", "Auth0 compatible"
    OIDC = "oidc", "OpenID Connect certification"


class Tenant(models.Model):
    """One authorization server: an issuer per domain, and everything behind it."""

    name = models.SlugField(
        max_length=63,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use small letters, digits and hyphens.")],
        help_text="Short name for commands and logs. It cannot be changed.",
    )
    friendly_name = models.CharField(max_length=200, blank=True, help_text="The name that people read on the pages.")
    picture_url = models.URLField(blank=True, help_text="Address of the logo.")
    support_email = models.EmailField(blank=True)
    support_url = models.URLField(blank=True)
    default_audience = models.CharField(
        max_length=600,
        blank=True,
        help_text="Identifier of the API that is meant when a request names none.",
    )
    default_directory = models.CharField(
        max_length=128,
        blank=True,
        help_text="Name of the connection that the password grant signs in to.",
    )
    session_lifetime = models.PositiveIntegerField(
        default=168, validators=[MinValueValidator(1), MaxValueValidator(8760)], help_text="Hours until a session ends."
    )
    idle_session_lifetime = models.PositiveIntegerField(
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(8760)],
        help_text="Hours without a visit until a session ends.",
    )
    flags = models.JSONField(default=dict, blank=True)
    security_profile = models.CharField(
        max_length=16,
        choices=SecurityProfile,
        default=SecurityProfile.AUTH0,
        help_text="The rules and the error texts: as Auth0 speaks, or as the RFCs do.",
    )
    config_version = models.BigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.friendly_name or self.name

    @property
    def all_flags(self) -> dict[str, bool]:
        """Every known flag with its value in this tenant."""
        stored: dict[str, Any] = self.flags or {}
        return {name: bool(stored.get(name, default)) for name, default in FLAGS.items()}
