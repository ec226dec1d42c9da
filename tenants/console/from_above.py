"""Pages of lower floors that show what only a floor above knows: it appends while it is loaded."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern

from tenants.console.base import ConsoleAdmin
from tenants.console.sections import Section


class SectionsFromAbove(ConsoleAdmin):
    """A page to which the floors above, which it may not import, append while they are loaded.

    `section_providers` make the tables below the form of a row, or None where there is nothing to say; `page_providers`
    make further addresses of the page, each with `page.own_url`.
    """

    section_providers: list[Callable[[HttpRequest, Any], Section | None]]
    page_providers: list[Callable[[Any], list[URLPattern]]]

    def own_urls(self) -> list[URLPattern]:
        return [url for provide in self.page_providers for url in provide(self)]

    def sections(self, request: HttpRequest, obj: Any) -> list[Section]:
        provided = [provide(request, obj) for provide in self.section_providers]
        return [section for section in provided if section is not None]
