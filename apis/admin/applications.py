"""Applications: what they are, where they may send people back to, and what they may call."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from apis.admin import application_fieldsets, client_secrets, connection_switches, credentials
from apis.admin.addresses import AddressPages
from apis.admin.application_form import ApplicationForm
from apis.admin.application_list import ApplicationChangeList, ApplicationColumns, kind
from apis.admin.credentials_tab import credentials_tab
from apis.admin.danger_zone import DangerZonePages, danger_tab, may_endanger
from apis.admin.new_application import NewApplicationForm
from apis.admin.secret_shown import shown_once
from apis.models import Application, AppType
from apis.services import applications as services
from apis.services import connections
from tenants.console.access import actor
from tenants.console.pages import change_url, object_url
from tenants.console.tabs import SETTINGS, Tab, TabbedAdmin


@admin.register(Application)
class ApplicationAdmin(
    ApplicationColumns,
    AddressPages,
    client_secrets.ClientSecretPages,
    credentials.CredentialPages,
    connection_switches.ConnectionSwitchPages,
    DangerZonePages,
    TabbedAdmin,
):
    menu_group = "Applications"
    menu_position = 20
    section_providers = []
    page_providers = []
    tabs = [
        Tab(SETTINGS, "Settings", 20),
        Tab("credentials", "Credentials", 30, credentials_tab),
        Tab("danger", "Danger zone", 90, danger_tab, may_endanger),
    ]
    # Nothing is done to several at once: an application is deleted on its own page, when it is disabled.
    actions = None
    form = ApplicationForm
    add_form_template = "admin/apis/application/add_form.html"
    change_form_template = "admin/apis/application/change_form.html"
    change_list_template = "admin/apis/application/change_list.html"
    list_display = ("name", "kind", "client", "status", "used")
    list_select_related = ("tenant",)
    list_filter = ("app_type", "enabled", "is_first_party")
    search_fields = ("name", "client_id__exact")
    search_help_text = "Part of the name, or a whole client_id."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return ApplicationChangeList

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"app_type": AppType.NON_INTERACTIVE.value} | super().get_changeform_initial_data(request)

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        return application_fieldsets.of(obj) if obj else [(None, {"fields": ("tenant", "name", "app_type")})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            return super().get_form(request, obj, change, **({"form": NewApplicationForm} | kwargs))
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.judge = object_url(obj, "addresses")
        return form

    def own_urls(self) -> list[URLPattern]:
        own = [*self.secret_urls(), *self.credential_urls(), *self.address_urls()]
        return [*own, *self.connection_urls(), *self.danger_urls(), *super().own_urls()]

    def heading(self, request: HttpRequest, obj: Application) -> dict[str, Any]:
        badges = [{"text": kind(obj), "kind": "plain"}]
        if not obj.enabled:
            badges.append({"text": "Disabled", "kind": "bad"})
        if not obj.is_first_party:
            badges.append({"text": "Third party", "kind": "caution"})
        return {"subtitle_code": obj.client_id, "badges": badges}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def may_be_deleted(self, obj: Application) -> bool:
        # On the tab Danger zone.
        return False

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Application:
        application = services.create_application(values.pop("tenant"), values.pop("name"), by=actor(request), **values)
        if application.authenticates_by_secret:
            request.console_new_secret = services.add_secret(application, by=actor(request))  # type: ignore[attr-defined]
        return application

    def update(self, request: HttpRequest, obj: Application, values: dict[str, Any]) -> None:
        chosen = values.pop("connections", None)
        if values:
            services.update_application(obj, by=actor(request), **values)
        if chosen is not None:
            connections.set_connections(obj, chosen, by=actor(request))

    def delete(self, request: HttpRequest, obj: Application) -> None:
        services.delete_application(obj, by=actor(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The secret of the new application, or its settings: what people sign in to needs its callback URLs next."""
        if secret := getattr(request, "console_new_secret", None):
            return shown_once(self, request, obj, secret, is_new=True)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """The same page again: whoever changes one setting often changes the next."""
        messages.success(request, f"The settings of {obj} were saved.")
        return HttpResponseRedirect(change_url(obj))
