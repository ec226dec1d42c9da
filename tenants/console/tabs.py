"""Sub-pages of a row, each with an address of its own: they work without script and can be linked in a ticket.

Owns the bar of tabs and who may open or post to a tab. What stands on one is its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from tenants.console.from_above import SectionsFromAbove
from tenants.console.pages import object_url

SETTINGS = "change"


TabView = Callable[["TabbedAdmin", HttpRequest, Any], HttpResponse]


def always(request: HttpRequest, obj: Any) -> bool:
    """A tab that every row has."""
    return True


@dataclass(frozen=True, slots=True)
class Tab:
    """A sub-page. `view` is called with (page, request, row) and returns the answer; None: the form of the row itself.

    `name` is the last part of its address; `position` its place in the bar; `offered` says which rows have it. Posting to
    a tab is for those who may change the row, unless `viewers_may_post`: then it must not change anything.
    """

    name: str
    text: str
    position: int
    view: TabView | None = None
    offered: Callable[[HttpRequest, Any], bool] = always
    viewers_may_post: bool = False


@dataclass(frozen=True, slots=True)
class TabLink:
    text: str
    url: str
    here: bool


class TabbedAdmin(SectionsFromAbove):
    """A page whose rows have tabs: its own, and those that floors above append to `tabs` while they are loaded."""

    change_form_template = "admin/tabbed_change_form.html"
    tabs: list[Tab]

    def own_urls(self) -> list[URLPattern]:
        made = [self._url(tab, tab.view) for tab in self.tabs if tab.view is not None]
        return [*made, *super().own_urls()]

    def tab_links(self, request: HttpRequest, obj: Any, name: str) -> list[TabLink]:
        """The bar of `obj`, with the tab `name` marked."""
        offered = [tab for tab in sorted(self.tabs, key=lambda tab: tab.position) if tab.offered(request, obj)]
        return [TabLink(tab.text, object_url(obj, tab.name), tab.name == name) for tab in offered]

    def first_page(self, obj: Any) -> str:
        """Where a link to `obj` leads: its first tab."""
        first = min(self.tabs, key=lambda tab: tab.position)
        return object_url(obj, first.name)

    def heading(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What stands above the tabs of `obj`, as template context: `subtitle_code`, a value to copy, and `badges`."""
        return {}

    def tab_page(
        self,
        request: HttpRequest,
        obj: Any,
        name: str,
        template: str,
        context: dict[str, Any] | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        """The tab `name` of `obj`, as `template` (which extends `admin/tab.html`) shows `context`."""
        links = self.tab_links(request, obj, name)
        here = next((link.text for link in links if link.here), "")
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(obj),
            "subtitle": here,
            "original": obj,
            "tabs": links,
            "media": self.media,
            "has_change_permission": self.has_change_permission(request, obj),
            **self.heading(request, obj),
        }
        return TemplateResponse(request, template, shared | (context or {}), status=status)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if obj := kwargs.get("obj"):
            here = getattr(request, "console_tab", SETTINGS)
            context |= {"tabs": self.tab_links(request, obj, here), "title": str(obj), **self.heading(request, obj)}
        return super().render_change_form(request, context, *args, **kwargs)

    def _url(self, tab: Tab, shown: TabView) -> URLPattern:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            obj = self.get_object(request, unquote(object_id))
            if not tab.offered(request, obj):
                raise Http404(f"This {self.opts.verbose_name} has no such page")
            if not self.has_view_permission(request, obj):
                raise PermissionDenied
            if request.method == "POST" and not (tab.viewers_may_post or self.has_change_permission(request, obj)):
                raise PermissionDenied
            return shown(self, request, obj)

        return self.own_url(f"<path:object_id>/{tab.name}/", view, tab.name)
