"""Client grants: which application may call which API, with which permissions. Reached from both."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apis.admin.client_grant_form import PARTIES, ClientGrantForm
from apis.models import API, ClientGrant
from apis.services import client_grants as services
from tenants.console import current
from tenants.console.access import actor, reach
from tenants.console.base import ConsoleAdmin
from tenants.console.pages import change_url


@admin.register(ClientGrant)
class ClientGrantAdmin(ConsoleAdmin):
    menu_group = "Applications"
    menu_position = 30
    form = ClientGrantForm
    list_display = ("whose", "api", "subject_type", "granted")
    list_display_links = ("whose", "api")
    list_filter = ("subject_type",)
    search_fields = ("application__name", "application__client_id__exact", "api__name", "api__identifier")
    search_help_text = "Part of the application's or the API's name, an identifier, or a whole client_id."
    autocomplete_fields = ("application", "api")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("application", "api", "tenant")
        return rows.prefetch_related("permissions")

    def get_fieldsets(self, request: HttpRequest, obj: ClientGrant | None = None) -> Any:
        parties = (None, {"fields": _parties(obj)})
        if self._api(request, obj) is None:
            return [parties]
        boxes = ("all_scopes", "scopes") if self.has_change_permission(request, obj) else ("scopes",)
        return [parties, ("What the application's tokens may carry", {"fields": ("allow_all_scopes", *boxes)})]

    def get_readonly_fields(self, request: HttpRequest, obj: ClientGrant | None = None) -> list[str]:
        return list(PARTIES) if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("ForThisAPI", (form,), {"of_api": self._api(request, obj)})

    def _api(self, request: HttpRequest, obj: ClientGrant | None) -> API | None:
        """The API whose permissions the form offers: the grant's, or the one that the address names."""
        if obj is not None:
            return obj.api
        named = reach(request).changeable(API.objects.all()).filter(pk=request.GET.get("api", "")).first()
        if named:
            # The grant belongs to its tenant, so the page says that it does.
            current.follow(request, named.tenant_id)
        return named

    @admin.display(description="application", ordering="application")
    def whose(self, grant: ClientGrant) -> str:
        return str(grant.application or grant.get_default_for_display())

    @admin.display(description="permissions")
    def granted(self, grant: ClientGrant) -> str:
        return "all" if grant.allow_all_scopes else str(len(grant.permissions.all()))

    @admin.display(description="permissions")
    def scopes(self, grant: ClientGrant) -> str:
        return ", ".join(permission.value for permission in grant.permissions.all()) or "-"

    def create(self, request: HttpRequest, values: dict[str, Any]) -> ClientGrant:
        values.pop("all_scopes", None)
        scopes = values.pop("scopes", [])
        return services.create_client_grant(
            values.pop("application"), values.pop("api"), scopes, by=actor(request), **values
        )

    def update(self, request: HttpRequest, obj: ClientGrant, values: dict[str, Any]) -> None:
        services.update_client_grant(
            obj, values.get("scopes"), by=actor(request), allow_all_scopes=values.get("allow_all_scopes")
        )

    def delete(self, request: HttpRequest, obj: ClientGrant) -> None:
        services.delete_client_grant(obj, by=actor(request))

    def response_add(self, request: HttpRequest, obj: ClientGrant, post_url_continue: str | None = None) -> HttpResponse:
        """Without a permission a grant is of little use, so its page comes next."""
        if obj.allow_all_scopes or obj.permissions.exists():
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"{obj}. Now choose the permissions that its tokens may carry.")
        return HttpResponseRedirect(change_url(obj))


def _parties(grant: ClientGrant | None) -> list[str]:
    """Who and what, without the half that the grant does not have: it is for an application, or by default."""
    absent = "" if grant is None else "default_for" if grant.application else "application"
    return [name for name in PARTIES if name != absent]
