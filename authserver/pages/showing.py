"""How every page is rendered: the tenant's and the application's marks, the browser's cookie, the form's token."""

import re
from typing import Any

from django.http import HttpResponse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from apis.registry import ApplicationValue
from authserver import parked, sessions
from tenants.branding import marks as branding
from tenants.http import TenantRequest
from tenants.pages import page

# Turn the direction of what follows, or take no room: with them a name looks like another one (T-045). Joiners stay, which
# some scripts need.
_MISLEADING = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LONGEST_NAME = 100


def show(
    request: TenantRequest,
    template: str,
    context: dict[str, Any],
    *,
    purpose: str,
    client: ApplicationValue | None = None,
    status: int = 200,
    leads_elsewhere: bool = True,
) -> HttpResponse:
    """The page `template` with a form for `purpose` (see `parked.csrf_token`), and the browser's cookie with it.

    `leads_elsewhere` as for `tenants.pages.page`: the form may end at an application.
    """
    browser = sessions.browser_secret(request)
    marks = common(request, client)
    response = page(
        f"authserver/{template}.html",
        marks | {"csrf_token": parked.csrf_token(browser, purpose)} | context,
        status=status,
        image_sources=image_sources(request, client),
        leads_elsewhere=leads_elsewhere,
    )
    sessions.set_cookie(response, request.tenant, sessions.BROWSER, browser)
    return response


def common(request: TenantRequest, client: ApplicationValue | None) -> dict[str, Any]:
    """What every page says about whose it is and for which application."""
    return branding.marks(request.tenant) | {
        "application": client
        and {
            "name": readable(client.name) or client.client_id,
            "logo_uri": branding.loadable(client.logo_uri),
            "policy_uri": client.policy_uri,
            "tos_uri": client.tos_uri,
        },
    }


def image_sources(request: TenantRequest, client: ApplicationValue | None) -> list[str]:
    """The origins of the logos on a page, for its policy."""
    return branding.image_sources(request.tenant, client.logo_uri if client else "")


def naming(sentence: str, name: str) -> str:
    """`sentence` with `name` in it as %(name)s, as HTML: in a language of the other direction it still reads in its own."""
    return mark_safe(escape(sentence) % {"name": format_html("<bdi>{}</bdi>", readable(name))})  # noqa: S308 (escaped)


def readable(name: str) -> str:
    """`name` as people can judge it: no longer than a line or two, and nothing in it that turns or hides letters (T-045)."""
    shown = _MISLEADING.sub("", name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}…"
