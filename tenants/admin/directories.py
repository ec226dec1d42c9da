"""Connections: the directories that people sign in from. The users in them are the next room's."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from tenants import services
from tenants.admin.connection_forms import ConnectionForm
from tenants.console import values
from tenants.console.access import actor
from tenants.console.pages import object_url
from tenants.console.sections import Link
from tenants.console.tabs import SETTINGS, Tab, TabbedAdmin
from tenants.models import Connection, User

WHO = ("disable_signup", "is_domain_connection")
PASSWORDS = ("brute_force_protection", "password_policy")


@admin.register(Connection)
class ConnectionAdmin(TabbedAdmin):
    """Directories with their options. Their name is what applications send as realm, so it does not change."""

    menu_group = "People"
    menu_position = 44
    section_providers = []
    page_providers = []
    tabs = [Tab(SETTINGS, "Settings", 10)]
    form = ConnectionForm
    # Deleting one takes everybody in it: only from its own page, which counts them.
    actions = None
    list_lead = "A connection is a directory of people: who may sign up there, and what their passwords have to be."
    empty_list = "No connection yet, so nobody can sign in. Add one, then switch it on for the applications that may use it."
    list_display = ("name", "signup", "third_parties", values.moment_column("created_at", "since"))
    list_select_related = ("tenant",)
    search_fields = ("name",)
    search_help_text = "Part of a name."

    @admin.display(description="sign-up", ordering="disable_signup")
    def signup(self, connection: Connection) -> SafeString:
        return values.badge("Closed", "plain") if connection.disable_signup else values.badge("Open", "good")

    @admin.display(description="third-party applications", ordering="is_domain_connection")
    def third_parties(self, connection: Connection) -> str:
        return "May sign people in" if connection.is_domain_connection else "May not"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (None, {"fields": ("name",) if obj else ("tenant", "name")}),
            ("Who may come in", {"fields": WHO}),
            ("Passwords", {"fields": PASSWORDS}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name"] if obj else []

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Connection:
        return services.create_connection(values.pop("tenant"), values.pop("name"), by=actor(request), **values)

    def update(self, request: HttpRequest, obj: Connection, values: dict[str, Any]) -> None:
        services.update_connection(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: Connection) -> None:
        services.delete_connection(obj, by=actor(request))

    def consequences(self, objs: Any) -> list[str]:
        count = User.objects.filter(connection__in=objs).count()
        return [f"{count} user{'' if count == 1 else 's'} of it go too, for good: they can no longer sign in."]

    def tools(self, request: HttpRequest, obj: Connection) -> list[Link]:
        return [Link("Its users", reverse("admin:tenants_user_changelist", query={"connection__id__exact": obj.pk}))]

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        """Nobody can sign in with it yet, so the page on which that is changed comes next, where a floor above has it."""
        messages.success(request, f"{obj} was added. Now switch it on for the applications that may use it.")
        named = {tab.name for tab in self.tabs}
        return HttpResponseRedirect(object_url(obj, "applications" if "applications" in named else SETTINGS))
