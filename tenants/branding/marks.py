"""What every public page says about whose it is: name, logo, favicon, colours, help. And where its images come from."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from tenants.branding.stylesheet import stylesheet
from tenants.config_cache import CurrentTenant

# A host as a policy can name it. A user name, a comma or a semicolon before it would end up as directives of their own.
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")


def marks(tenant: CurrentTenant) -> dict[str, Any]:
    """The part of a page's context that is about `tenant`. An image that its policy would not load is left out."""
    settings = tenant.settings
    return {
        "tenant": {
            "friendly_name": tenant.friendly_name,
            "picture_url": loadable(settings.picture_url),
            "support_email": settings.support_email,
            "support_url": settings.support_url,
        },
        "favicon_url": loadable(settings.favicon_url),
        "brand_stylesheet": stylesheet(tenant).url,
    }


def image_sources(tenant: CurrentTenant, *others: str) -> list[str]:
    """The origins of the images on a page of `tenant`, `others` among them, each once: for the page's policy."""
    settings = tenant.settings
    return list(dict.fromkeys(_origins((settings.picture_url, settings.favicon_url, *others))))


def loadable(image: str) -> str:
    """`image` when a page may load it, else "": https only, from a host that a policy can name."""
    return image if any(_origins((image,))) else ""


def _origins(images: Iterable[str]) -> Iterable[str]:
    for image in images:
        parts = urlsplit(image)
        if parts.scheme == "https" and _HOST.fullmatch(parts.netloc):
            yield f"https://{parts.netloc}"
