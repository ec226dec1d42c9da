"""The tab Danger zone: what is felt at once or cannot be undone, each with what follows from it and a question behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from tenants.console.access import reach, tenant_id_of
from tenants.console.tabs import Tab, TabbedAdmin

NAME = "danger"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something dangerous. `url` leads to the page that asks; "" while `text` says why there is nothing to do."""

    position: int
    title: str
    text: str
    button: str
    url: str
    harmless: bool = False


Deeds = Callable[[HttpRequest, Any], Sequence[Deed]]


def may_endanger(request: HttpRequest, obj: Any) -> bool:
    """Whether the operator sees the tab at all."""
    return reach(request).may_change(tenant_id_of(obj))


def danger_tab(providers: Sequence[Deeds]) -> Tab:
    """The tab with what each of `providers`, to which floors above may append, makes of the row."""

    def view(page: TabbedAdmin, request: HttpRequest, obj: Any) -> HttpResponse:
        deeds = [deed for provide in providers for deed in provide(request, obj)]
        context = {"deeds": sorted(deeds, key=lambda deed: deed.position)}
        return page.tab_page(request, obj, NAME, "admin/danger_tab.html", context)

    return Tab(NAME, "Danger zone", 90, view, may_endanger)
