"""Tabs that are nothing but read-only tables of what belongs to a row."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from tenants.console.sections import Section
from tenants.console.tabs import Tab, TabbedAdmin


def sections_tab(name: str, text: str, position: int, *providers: Callable[[HttpRequest, Any], Section | None]) -> Tab:
    """A tab on which stand the sections that `providers` make of the row; None is no section."""

    def view(page: TabbedAdmin, request: HttpRequest, obj: Any) -> HttpResponse:
        provided = [provide(request, obj) for provide in providers]
        sections = [section for section in provided if section is not None]
        return page.tab_page(request, obj, name, "admin/sections_tab.html", {"sections": sections})

    return Tab(name, text, position, view)
