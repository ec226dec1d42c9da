"""The tab "Pages" of a tenant: what people see, light and dark, in each language, also in colours that nobody saved yet.

Shows pages and saves nothing. The frames hold the real templates with an invented person; nothing in them can be pressed.
"""

from typing import Any
from urllib.parse import urlencode

from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from authserver.admin import preview_pages
from tenants.admin.tenants import TenantAdmin
from tenants.branding import rules
from tenants.branding.marks import image_sources, marks
from tenants.branding.stylesheet import written
from tenants.config_cache import CurrentTenant, at_domain
from tenants.console.pages import object_url
from tenants.console.tabs import Tab, TabbedAdmin
from tenants.models import Domain, Tenant
from tenants.pages import page as public_page

NAME = "pages"
SCHEMES = ("light", "dark")


def view(page: TabbedAdmin, request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The tab, or one of the two things that its frames load."""
    chosen = _Chosen(request.GET, tenant)
    match request.GET.get("part", ""):
        case "page":
            return _page(chosen)
        case "style":
            return _style(chosen)
    context: dict[str, Any] = {
        "chosen": chosen,
        "settings_url": object_url(tenant, "branding"),
        "pages": preview_pages.TITLES.items(),
        "languages": settings.LANGUAGES,
        "frames": [(scheme, chosen.address(part="page", scheme=scheme)) for scheme in SCHEMES],
    }
    response = page.tab_page(request, tenant, NAME, "admin/tenants/tenant/pages.html", context)
    response.headers["Content-Security-Policy"] = build_policy(replace={"frame-src": ["'self'"]})
    return response


class _Chosen:
    """What the address asks to see. Anything that it says wrongly is what the tenant has."""

    def __init__(self, asked: QueryDict, tenant: Tenant) -> None:
        self.tenant = tenant
        self.primary = asked.get("primary", tenant.primary_color).strip()
        self.background = asked.get("background", tenant.page_background_color).strip()
        self.problems = rules.problems(self.primary, self.background)
        self.page = asked.get("page", "")
        if self.page not in preview_pages.TITLES:
            self.page = preview_pages.FIRST
        self.language = asked.get("language", "")
        if self.language not in dict(settings.LANGUAGES):
            self.language = self.seen.settings.languages[0]
        self.scheme = asked.get("scheme", "")
        if self.scheme not in SCHEMES:
            self.scheme = SCHEMES[0]

    @property
    def seen(self) -> CurrentTenant:
        """The tenant as its pages know it."""
        return at_domain(self.tenant.domains.first() or Domain(tenant=self.tenant))

    def address(self, **more: str) -> str:
        """This tab with what was chosen; a colour that may not be chosen is left out of it."""
        colours = {"primary": self.primary, "background": self.background}
        fields = {"primary": "primary_color", "background": "page_background_color"}
        said = {name: colour for name, colour in colours.items() if fields[name] not in self.problems}
        query = said | {"page": self.page, "language": self.language} | more
        return f"{object_url(self.tenant, NAME)}?{urlencode(query)}"


def _page(chosen: _Chosen) -> HttpResponse:
    seen = chosen.seen
    shown = {"scheme": chosen.scheme, "brand_stylesheet": chosen.address(part="style", scheme=chosen.scheme)}
    with translation.override(chosen.language):
        template, context = preview_pages.page(chosen.page, seen)
        images = image_sources(seen)
        response = public_page(template, marks(seen) | context | shown, image_sources=images, framed_by_us=True)
    # Two pictures of one page may not both take the focus, and a frame without script none at all.
    response.content = response.content.replace(b"autofocus", b"")
    return response


def _style(chosen: _Chosen) -> HttpResponse:
    if chosen.problems:
        raise Http404("Nobody may choose these colours")
    sheet = written(chosen.primary, chosen.background, only=chosen.scheme)
    return HttpResponse(sheet.text, content_type="text/css; charset=utf-8")


TenantAdmin.tabs.append(Tab(NAME, "Pages", 20, view))
