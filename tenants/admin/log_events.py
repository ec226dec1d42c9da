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

from tenants.console.access import reach
from tenants.console.base import ReadOnlyAdmin
from tenants.console.pagination import UncountedPaginator
from tenants.models import LogEvent, Tenant

# Auth0's codes in words: people, tokens, operators. A test finds one that is missing (test_log_event_types.py).
TYPES = {
    "s": "Signed in",
    "f": "Sign-in refused",
    "fp": "Sign-in refused: wrong password",
    "fu": "Sign-in refused: nobody has this e-mail",
    "limit_wc": "Locked out after too many attempts",
    "ss": "Signed up",
    "fs": "Sign-up refused",
    "ssa": "Signed in without a page (prompt=none)",
    "fsa": "Not signed in without a page (prompt=none)",
    "slo": "Signed out",
    "flo": "Sign-out refused",
    "consent": "Consent given or taken back",
    "seccft": "Token issued to an application",
    "feccft": "Token refused to an application",
    "seacft": "Token issued for an authorization code",
    "feacft": "Token refused for an authorization code",
    "sertft": "Token issued for a refresh token",
    "fertft": "Token refused for a refresh token",
    "ferrt": "Refresh token used twice: all of its family was revoked",
    "sepft": "Token issued for a password",
    "fepft": "Token refused for a password",
    "srrt": "Token revoked",
    "sapi": "Configuration or user changed",
    "fapi": "Management API call refused",
}
# Of these, the types that say no. A test finds one that is missing.
REFUSED = (
    *("f", "fp", "fu", "limit_wc", "fs", "fsa", "flo"),
    *("feccft", "feacft", "fertft", "ferrt", "fepft", "fapi"),
)


class TypeFilter(admin.SimpleListFilter):
    """By type, from a fixed list: to ask the table which types it holds would read all of it."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(TYPES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type=self.value()) if self.value() else queryset


class OutcomeFilter(admin.SimpleListFilter):
    """What was refused, of whatever type."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("refused", "Refused")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type__in=REFUSED) if self.value() == "refused" else queryset


@admin.register(LogEvent)
class LogEventAdmin(ReadOnlyAdmin):
    menu_group = "Logs"
    menu_position = 60
    list_display = ("when", "kind", "happened", "who", "audience", "tenant")
    list_select_related = ("tenant",)
    list_filter = (OutcomeFilter, TypeFilter)
    list_max_show_all = 0
    sortable_by = ()
    ordering = ("-id",)
    # Whole values, so that an index answers.
    search_fields = (
        *("request_id__exact", "user_name__exact", "user_id__exact"),
        *("client_id__exact", "audience__exact", "ip__exact"),
    )
    search_help_text = (
        "A whole reference (request ID), e-mail or name of an operator, user ID, client_id, API identifier or IP address, "
        "exactly as it was written."
    )
    readonly_fields = ("when", "what", "remedy", "application", "person", "api", "all_details")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        remedy = ("remedy",) if obj and obj.details.get("remedy") else ()
        return (
            (None, {"fields": ("when", "what", "description", *remedy)}),
            ("Who", {"fields": ("tenant", "application", "user_name", "person", "ip", "user_agent")}),
            ("What", {"fields": ("api", "scope", "hostname", "request_id", "all_details")}),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if reach(request).looks is None and request.GET.get("q"):
            # Every index begins with the tenant, so a search in all of them names all of them.
            return rows.filter(tenant__in=list(Tenant.objects.values_list("pk", flat=True)))
        return rows

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if event := kwargs.get("obj"):
            context["subtitle"] = f"{self.kind(event)}, {self.when(event)}"
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **kwargs, labels={"ip": "IP address"})

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
        return " · ".join(name for name in (event.user_name, event.client_name or event.client_id) if name) or "-"

    @admin.display(description="what would mend it")
    def remedy(self, event: LogEvent) -> SafeString:
        return format_html('<strong class="latchkey-remedy">{}</strong>', event.details["remedy"])

    @admin.display(description="application")
    def application(self, event: LogEvent) -> SafeString | str:
        return _search("admin:apis_application_changelist", event.client_id, event.client_name or event.client_id)

    @admin.display(description="user ID")
    def person(self, event: LogEvent) -> SafeString | str:
        return _search("admin:tenants_user_changelist", event.user_id, event.user_id)

    @admin.display(description="API")
    def api(self, event: LogEvent) -> SafeString | str:
        return _search("admin:apis_api_changelist", event.audience, event.audience)

    @admin.display(description="details")
    def all_details(self, event: LogEvent) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(event.details, indent=2, ensure_ascii=False))


def _search(address: str, term: str, text: str) -> SafeString | str:
    """`text`, linked to where a page of a floor above finds `term`."""
    return format_html('<a href="{}">{}</a>', reverse(address, query={"q": term}), text) if term else "-"
