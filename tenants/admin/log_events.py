"""Log events: what happened, who caused it, and what would mend it. Read-only."""

import json
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenants.console.base import ReadOnlyAdmin
from tenants.console.pagination import UncountedPaginator
from tenants.models import LogEvent

# Auth0's codes in words. One that is missing here can be asked for in the address: ?type=code.
TYPES = {
    "seccft": "Token issued to an application",
    "feccft": "Token refused to an application",
    "sapi": "Configuration changed",
}


class TypeFilter(admin.SimpleListFilter):
    """By type, from a fixed list: to ask the table which types it holds would read all of it."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(TYPES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(LogEvent)
class LogEventAdmin(ReadOnlyAdmin):
    menu_position = 80
    list_display = ("when", "kind", "happened", "who", "audience", "tenant")
    list_select_related = ("tenant",)
    list_filter = (TypeFilter,)
    list_max_show_all = 0
    sortable_by = ()
    ordering = ("-id",)
    # Whole values, so that an index answers.
    search_fields = ("client_id__exact", "audience__exact", "ip__exact")
    search_help_text = "A whole client_id, API identifier or IP address."
    readonly_fields = ("when", "what", "remedy", "application", "api", "all_details")
    fieldsets = (
        (None, {"fields": ("when", "what", "description", "remedy")}),
        ("Who", {"fields": ("tenant", "application", "user_name", "user_id", "ip", "user_agent")}),
        ("What", {"fields": ("api", "scope", "hostname", "all_details")}),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **kwargs, labels={"ip": "IP address", "user_id": "User ID"})

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> Paginator:
        asked = request.GET.get("p", "")
        return UncountedPaginator(queryset, per_page, page=int(asked) if asked.isdecimal() else 1)

    @admin.display(description="date (UTC)")
    def when(self, event: LogEvent) -> str:
        return f"{event.date:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="type")
    def kind(self, event: LogEvent) -> str:
        return TYPES.get(event.type, event.type)

    @admin.display(description="description")
    def happened(self, event: LogEvent) -> str:
        target = event.details.get("target")
        return f"{event.description}: {target}" if target else event.description

    @admin.display(description="type")
    def what(self, event: LogEvent) -> str:
        return f"{TYPES[event.type]} · {event.type}" if event.type in TYPES else event.type

    @admin.display(description="who")
    def who(self, event: LogEvent) -> str:
        return event.client_name or event.client_id or event.user_name or "-"

    @admin.display(description="what would mend it")
    def remedy(self, event: LogEvent) -> SafeString | str:
        remedy = event.details.get("remedy")
        return format_html('<strong class="latchkey-remedy">{}</strong>', remedy) if remedy else "-"

    @admin.display(description="application")
    def application(self, event: LogEvent) -> SafeString | str:
        return _search("admin:apis_application_changelist", event.client_id, event.client_name or event.client_id)

    @admin.display(description="API")
    def api(self, event: LogEvent) -> SafeString | str:
        return _search("admin:apis_api_changelist", event.audience, event.audience)

    @admin.display(description="details")
    def all_details(self, event: LogEvent) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(event.details, indent=2, ensure_ascii=False))


def _search(address: str, term: str, text: str) -> SafeString | str:
    """`text`, linked to where a page of a floor above finds `term`."""
    return format_html('<a href="{}">{}</a>', reverse(address, query={"q": term}), text) if term else "-"
