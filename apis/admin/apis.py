"""APIs: the list, the form of a new one, the settings, the signing secret and the end. The other tabs are beside this."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from apis.admin import api_ends, api_form, api_logs, api_permissions, api_quick_start, token_facts
from apis.admin.api_list import APIChangeList
from apis.admin.permissions import PermissionPages
from apis.models import API, SigningAlg
from apis.services import apis as services
from tenants.console.access import actor
from tenants.console.pages import object_url, question, secret_once
from tenants.console.sections import Link
from tenants.console.tabs import SETTINGS, Tab


@admin.register(API)
class APIAdmin(PermissionPages):
    menu_group = "APIs"
    menu_position = 10
    section_providers = []
    page_providers = []
    tabs = [
        Tab(api_quick_start.NAME, "Quick start", 10, api_quick_start.view),
        Tab(SETTINGS, "Settings", 20),
        Tab(api_permissions.NAME, "Permissions", 30, api_permissions.view),
        Tab(api_logs.NAME, "Logs", 60, api_logs.view),
    ]
    add_form_template = "admin/apis/api/add.html"
    change_form_template = "admin/apis/api/settings.html"
    change_list_template = "admin/apis/api/list.html"
    delete_confirmation_template = "admin/apis/api/delete.html"
    radio_fields = api_form.RADIOS
    list_display = ("__str__", "audience", "algorithm", "permissions", "applications")
    list_select_related = ("tenant",)
    search_fields = ("name", "identifier")
    search_help_text = "Part of the name or the identifier."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("tenant").prefetch_related("tenant__domains")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[APIChangeList]:
        return APIChangeList

    @admin.display(description="identifier", ordering="identifier")
    def audience(self, api: API) -> str:
        return ", ".join(token_facts.audiences(api))

    @admin.display(description="algorithm", ordering="signing_alg")
    def algorithm(self, api: API) -> str:
        return api.signing_alg

    @admin.display(description="permissions")
    def permissions(self, api: Any) -> str:
        return f"{api.permission_count:,}"

    @admin.display(description="applications")
    def applications(self, api: Any) -> str:
        return f"{api.application_count:,}"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **kwargs, help_texts=api_form.help_texts(obj))

    def get_fieldsets(self, request: HttpRequest, obj: API | None = None) -> Any:
        return api_form.fieldsets(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: API | None = None) -> list[str]:
        return api_form.fixed_fields(obj)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": "New API", **(extra_context or {})})

    def own_urls(self) -> list[URLPattern]:
        secret = self.own_url("<path:object_id>/signing-secret/", self.signing_secret_view, "signing_secret")
        return [secret, *self.permission_urls(), *super().own_urls()]

    def heading(self, request: HttpRequest, obj: API) -> dict[str, Any]:
        badges = [{"text": "Management API", "kind": "plain"}] if obj.is_system else []
        return {"subtitle_code": token_facts.audiences(obj)[0], "badges": badges}

    def tools(self, request: HttpRequest, obj: API) -> list[Link]:
        if obj.signing_alg != SigningAlg.HS256 or not self.has_change_permission(request, obj):
            return []
        return [Link("New signing secret", object_url(obj, "signing_secret"))]

    def may_be_deleted(self, obj: API) -> bool:
        return not obj.is_system

    def consequences(self, objs: Any) -> list[str]:
        return api_ends.consequences(objs)

    def response_add(self, request: HttpRequest, obj: API, post_url_continue: str | None = None) -> HttpResponse:
        """The secret of an API with HS256 comes first; then what a new API needs next."""
        return self._revealed(request, obj, back=object_url(obj, api_permissions.NAME)) or self._added(request, obj)

    def _added(self, request: HttpRequest, obj: API) -> HttpResponse:
        """On to what a new API needs next."""
        messages.success(request, f"The API {obj} was added. Next: name what applications may do there.")
        return HttpResponseRedirect(object_url(obj, api_permissions.NAME))

    def response_change(self, request: HttpRequest, obj: API) -> HttpResponse:
        """The fresh secret, or the settings again: a tab is not left by saving it."""
        if revealed := self._revealed(request, obj):
            return revealed
        messages.success(request, "The settings were saved.")
        return HttpResponseRedirect(request.path)

    def create(self, request: HttpRequest, values: dict[str, Any]) -> API:
        api = services.create_api(values.pop("tenant"), values.pop("identifier"), by=actor(request), **values)
        if api.signing_alg == SigningAlg.HS256:
            self.reveal(request, api_ends.signing_secret(api, services.reveal_signing_secret(api)))
        return api

    def update(self, request: HttpRequest, obj: API, values: dict[str, Any]) -> None:
        services.update_api(obj, by=actor(request), **values)
        if values.get("signing_alg") == SigningAlg.HS256:
            self.reveal(request, api_ends.signing_secret(obj, services.reveal_signing_secret(obj)))

    def delete(self, request: HttpRequest, obj: API) -> None:
        services.delete_api(obj, by=actor(request))

    def signing_secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        api = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, api):
            raise PermissionDenied
        if api.signing_alg != SigningAlg.HS256:
            raise Http404("Only an API with HS256 has a signing secret")
        if request.method == "POST":
            secret = services.rotate_signing_secret(api, by=actor(request))
            self.log_change(request, api, "New signing secret.")
            return secret_once(self, request, api, api_ends.signing_secret(api, secret))
        title, button = "Make a new signing secret", "Make a new secret"
        return question(self, request, title=title, text=api_ends.NEW_SIGNING_SECRET, button=button, obj=api)
