"""Applications: what they are, where they may send people back to, and what they may call."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apis.admin import client_secrets, grant_tables
from apis.admin.application_form import ApplicationForm
from apis.models import Application
from apis.services import applications as services
from tenants.console.access import actor
from tenants.console.base import ConsoleAdmin
from tenants.console.sections import Section


@admin.register(Application)
class ApplicationAdmin(client_secrets.ClientSecretPages, ConsoleAdmin):
    menu_position = 20
    form = ApplicationForm
    list_display = ("name", "app_type", "client_id", "enabled", "tenant")
    list_select_related = ("tenant",)
    list_filter = ("app_type", "enabled", "is_first_party")
    search_fields = ("name", "client_id__exact")
    search_help_text = "Part of the name, or a whole client_id."

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        first = ("name", "client", "tenant") if obj else ("tenant", "name")
        return [
            (None, {"fields": (*first, "description", "app_type", "is_first_party", "enabled")}),
            ("Addresses", {"fields": ("redirect_uris", "post_logout_redirect_uris", "allowed_origins", "web_origins")}),
            ("OAuth", {"fields": ("grant_types", "token_endpoint_auth_method")}),
            ("Metadata", {"fields": ("client_metadata",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Application | None = None) -> list[str]:
        return ["client", "tenant"] if obj else []

    @admin.display(description="client ID")
    def client(self, application: Application) -> SafeString:
        return format_html('<code class="latchkey-copy" data-copy>{}</code>', application.client_id)

    def own_urls(self) -> list[URLPattern]:
        return self.secret_urls()

    def sections(self, request: HttpRequest, obj: Application) -> list[Section]:
        may_change = self.has_change_permission(request, obj)
        return [self.secrets_section(obj, may_change=may_change), grant_tables.apis_of(obj, may_add=may_change)]

    def consequences(self, objs: Any) -> list[str]:
        return ["Secrets and client grants go too: there is no token any more."]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Application:
        application = services.create_application(values.pop("tenant"), values.pop("name"), by=actor(request), **values)
        if not application.is_public:
            self.reveal(request, client_secrets.shown(services.add_secret(application, by=actor(request))))
        return application

    def update(self, request: HttpRequest, obj: Application, values: dict[str, Any]) -> None:
        services.update_application(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: Application) -> None:
        services.delete_application(obj, by=actor(request))
