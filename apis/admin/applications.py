"""Applications: what they are, where they may send people back to, and what they may call."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apis.admin import client_secrets, connection_switches, credentials, grant_tables
from apis.admin.application_form import ApplicationForm
from apis.models import Application
from apis.services import applications as services
from apis.services import connections
from tenants.console.access import actor
from tenants.console.from_above import SectionsFromAbove
from tenants.console.sections import Link, Section, events_link

LOGIN = ("logo_uri", "policy_uri", "tos_uri", "skip_non_verifiable_callback_uri_confirmation_prompt")
TOKENS = (
    "id_token_alg",
    "id_token_lifetime",
    "refresh_token_rotation",
    "refresh_token_leeway",
    "refresh_token_lifetime",
    "infinite_refresh_token_lifetime",
    "refresh_token_idle_lifetime",
    "infinite_refresh_token_idle_lifetime",
)


@admin.register(Application)
class ApplicationAdmin(
    client_secrets.ClientSecretPages,
    credentials.CredentialPages,
    connection_switches.ConnectionSwitchPages,
    SectionsFromAbove,
):
    menu_group = "APIs and applications"
    menu_position = 20
    section_providers = []
    page_providers = []
    form = ApplicationForm
    list_display = ("name", "app_type", "client_id", "enabled", "tenant")
    list_select_related = ("tenant",)
    list_filter = ("app_type", "enabled", "is_first_party")
    search_fields = ("name", "client_id__exact")
    search_help_text = "Part of the name, or a whole client_id."
    autocomplete_fields = ("resource_server",)

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        first = ("name", "client", "tenant") if obj else ("tenant", "name")
        # A new application has every connection; which API a backend serves is chosen once its tenant is known.
        connections, backend = (("connections",), ("resource_server",)) if obj else ((), ())
        return [
            (None, {"fields": (*first, "description", "app_type", *backend, "is_first_party", "enabled")}),
            ("Addresses", {"fields": ("redirect_uris", "post_logout_redirect_uris", "allowed_origins", "web_origins")}),
            ("Login", {"fields": (*connections, *LOGIN)}),
            ("OAuth", {"fields": ("grant_types", "token_endpoint_auth_method", "is_token_endpoint_ip_header_trusted")}),
            ("Tokens", {"fields": TOKENS}),
            ("Metadata", {"fields": ("client_metadata",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Application | None = None) -> list[str]:
        return ["client", "tenant"] if obj else []

    @admin.display(description="client ID")
    def client(self, application: Application) -> SafeString:
        return format_html('<code class="latchkey-copy" data-copy>{}</code>', application.client_id)

    def own_urls(self) -> list[URLPattern]:
        return [*self.secret_urls(), *self.credential_urls(), *self.connection_urls(), *super().own_urls()]

    def tools(self, request: HttpRequest, obj: Application) -> list[Link]:
        return [events_link(obj.client_id)]

    def sections(self, request: HttpRequest, obj: Application) -> list[Section]:
        may_change = self.has_change_permission(request, obj)
        own = [self.secrets_section(obj, may_change=may_change), grant_tables.apis_of(obj, may_add=may_change)]
        keys = self.credentials_section(obj, may_change=may_change)
        return [*own, keys, *super().sections(request, obj)]

    def consequences(self, objs: Any) -> list[str]:
        return [
            "Secrets, keys, client grants, consents and refresh tokens go too. "
            "Access tokens that are JWTs stay valid at APIs until they expire."
        ]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Application:
        application = services.create_application(values.pop("tenant"), values.pop("name"), by=actor(request), **values)
        if application.authenticates_by_secret:
            self.reveal(request, client_secrets.shown(services.add_secret(application, by=actor(request))))
        return application

    def update(self, request: HttpRequest, obj: Application, values: dict[str, Any]) -> None:
        chosen = values.pop("connections", None)
        if values:
            services.update_application(obj, by=actor(request), **values)
        if chosen is not None:
            connections.set_connections(obj, chosen, by=actor(request))

    def delete(self, request: HttpRequest, obj: Application) -> None:
        services.delete_application(obj, by=actor(request))
