"""A tenant's settings as the flows of people read them: one immutable value, part of `CurrentTenant`."""

from dataclasses import dataclass

from tenants import languages
from tenants.models import Tenant
from tenants.models.tenant import SessionCookieMode


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What the pages and the flows of people ask. Lifetimes in seconds."""

    default_directory: str
    session_lifetime: int
    idle_session_lifetime: int
    session_cookie_persistent: bool
    allowed_logout_urls: tuple[str, ...]
    oidc_logout_prompt_enabled: bool
    trusts_unverifiable_callbacks: bool
    picture_url: str
    favicon_url: str
    primary_color: str
    page_background_color: str
    # The languages that pages offer, the one for everybody else first.
    languages: tuple[str, ...]
    support_email: str
    support_url: str


def tenant_settings(tenant: Tenant) -> TenantSettings:
    """The settings of `tenant` as a value."""
    return TenantSettings(
        default_directory=tenant.default_directory,
        session_lifetime=tenant.session_lifetime * 3_600,
        idle_session_lifetime=tenant.idle_session_lifetime * 3_600,
        session_cookie_persistent=tenant.session_cookie_mode == SessionCookieMode.PERSISTENT,
        allowed_logout_urls=tuple(tenant.allowed_logout_urls.split()),
        oidc_logout_prompt_enabled=tenant.oidc_logout_prompt_enabled,
        trusts_unverifiable_callbacks=tenant.skip_non_verifiable_callback_uri_confirmation_prompt,
        picture_url=tenant.picture_url,
        favicon_url=tenant.favicon_url,
        primary_color=tenant.primary_color,
        page_background_color=tenant.page_background_color,
        languages=languages.offered(tenant.enabled_locales),
        support_email=tenant.support_email,
        support_url=tenant.support_url,
    )
