"""Log events in the console: their list and their pages. Read-only. The rooms beside this one (`log_…`) make the pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from tenants.admin.log_choices import Finder
from tenants.admin.log_event_page import event_page
from tenants.admin.log_page import log_page
from tenants.admin.log_rows import PartyPages, user_pages
from tenants.admin.log_tail import new_events
from tenants.admin.log_texts import REFUSED, TYPES
from tenants.console.base import ReadOnlyAdmin
from tenants.console.sections import Link
from tenants.models import LogEvent

__all__ = ["REFUSED", "TYPES", "LogEventAdmin"]


@admin.register(LogEvent)
class LogEventAdmin(ReadOnlyAdmin):
    """The log. What only floors above know they add while they are loaded.

    `link_providers` say where a refusal is mended, `reason_words` what its reason is in words; `party_pages` find the
    pages of whom events name, for many at once; `finders` say what a typed name may mean, by the filter it is typed into.
    """

    menu_group = "Logs"
    menu_position = 60
    link_providers: list[Callable[[HttpRequest, LogEvent], Link | None]] = []
    reason_words: list[Callable[[str], str]] = []
    party_pages: list[PartyPages] = [user_pages]
    finders: dict[str, Finder] = {}

    def own_urls(self) -> list[URLPattern]:
        return [self.own_url("new/", self.new_view, "new"), *super().own_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return log_page(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        event = self.get_object(request, unquote(object_id))
        if request.method == "POST" or not self.has_view_permission(request, event):
            raise PermissionDenied
        return event_page(self, request, event)

    def in_words(self, reason: str) -> str:
        """`reason`, the name of a class, as people say it; "" where nobody knows it."""
        return next((words for tell in self.reason_words if (words := tell(reason))), "")

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """The lines that the page's script puts above the others."""
        return new_events(self, request)
