from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from tenants import profile
from tenants.branding import rules

# Flags as Auth0 names them, with the value of a tenant that never touched them. Only flags that do something are known.
FLAGS: dict[str, bool] = {
    "enable_apis_section": True,
    # Off, a new application that people sign in to has no connection until somebody switches one on.
    "enable_client_connections": True,
    "remove_alg_from_jwks": False,
    # People read sentences (ux.md); off, the consent page groups scopes as Auth0 does: "orders: read, create".
    "use_scope_descriptions_for_consent": True,
    # Off, signing up with a known e-mail answers as any refused sign-up does (T-123).
    "enable_public_signup_user_exists_error": False,
    # Auth0's Python SDK reads every published key as RSA, so the others wait until somebody wants them.
    "enable_ec_keys": False,
    "enable_okp_keys": False,
    # POST /oidc/register is open to everybody once this is on (RFC 7591).
    "enable_dynamic_client_registration": False,
}


class SecurityProfile(models.TextChoices):
    """Names only; what each answers is the table in `authserver.profiles`."""

    AUTH0 = "auth0", "Auth0 compatible"
    OIDC = "oidc", "The RFCs' (OpenID Connect certification)"


class SessionCookieMode(models.TextChoices):
    PERSISTENT = "persistent", "Persistent: kept when the browser closes"
    NON_PERSISTENT = "non-persistent", "Non-persistent: gone when the browser closes"


class Tenant(models.Model):
    """One authorization server: an issuer per domain, and everything behind it."""

    name = models.SlugField(
        max_length=63,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use small letters, digits and hyphens.")],
        help_text="Short name for commands and logs. It cannot be changed.",
    )
    friendly_name = models.CharField(max_length=200, blank=True, help_text="The name that people read on the pages.")
    picture_url = models.URLField(blank=True, help_text="Address of the logo. Pages load it only from https.")
    favicon_url = models.URLField(
        blank=True, help_text="The small picture of the browser's tab. Pages load it only from https."
    )
    primary_color = models.CharField(
        "primary colour",
        max_length=7,
        blank=True,
        help_text="Of buttons and links, as # and six digits. White letters on it must be readable.",
    )
    page_background_color = models.CharField(
        "page background",
        max_length=7,
        blank=True,
        help_text="Behind the card. What is written on it is black or white, whichever can be read.",
    )
    enabled_locales = models.JSONField(
        default=list,
        blank=True,
        help_text="Languages of the pages, the first for those who ask for none of them. Empty: all that there are.",
    )
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
    session_cookie_mode = models.CharField(max_length=16, choices=SessionCookieMode, default=SessionCookieMode.PERSISTENT)
    allowed_logout_urls = models.TextField(
        "allowed logout URLs", blank=True, help_text="Where people may be sent after logging out, one address per line."
    )
    oidc_logout_prompt_enabled = models.BooleanField(
        "ask before logging out",
        default=True,
        help_text="People confirm a logout that no valid ID token asks for. Off: they are logged out at once.",
    )
    skip_non_verifiable_callback_uri_confirmation_prompt = models.BooleanField(
        "trust callbacks that cannot be verified",
        default=False,
        help_text="Treat localhost and private schemes as verifiable: first-party applications there skip consent, too.",
    )
    flags = models.JSONField(default=dict, blank=True)
    # Members of Auth0's tenant settings that no rule of ours looks at, kept for the tools that write and read them.
    other_settings = models.JSONField(default=dict, blank=True, editable=False)
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

    def clean(self) -> None:
        """Judges what validators of one column cannot: a document of any shape must be one that a database takes."""
        if problems := profile.metadata_problems(self.other_settings):
            raise ValidationError({"other_settings": problems})
        if wrong := rules.problems(self.primary_color, self.page_background_color):
            raise ValidationError(wrong)
