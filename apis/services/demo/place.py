"""Where the demo may show itself. No single mistake puts it on a public server."""

from urllib.parse import urlsplit

from django.conf import settings

from tenants.models.domain import is_loopback

# The tenant of `make run`.
TENANT = "demo"


def is_demo(tenant: str) -> bool:
    """Whether the tenant called `tenant` may hold what was made up: that of `make run`, on a machine for development.

    Production runs without DEVELOPMENT, whose secrets anybody can read.
    """
    return bool(settings.DEVELOPMENT) and tenant == TENANT


def has_page(tenant: str, host: str) -> bool:
    """Whether the tenant called `tenant` shows /demo/ at `host` (with port), an address that only this machine reaches."""
    return is_demo(tenant) and is_loopback(urlsplit(f"//{host}").hostname or "")
