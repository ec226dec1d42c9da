"""Users: people who sign in to applications. None of them can sign in here. Some of their tabs come from floors above."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenants import services
from tenants.admin.user_danger import UserDangerPages, deeds
from tenants.admin.user_forms import UserForm
from tenants.admin.user_logs import logs_tab
from tenants.console import values
from tenants.console.access import actor
from tenants.console.danger import Deeds, danger_tab
from tenants.console.tabs import SETTINGS, Tab, TabbedAdmin
from tenants.models import Connection, User

RARE = ("given_name", "family_name", "nickname", "picture", "phone_number", "phone_verified", "standard_claims")
HISTORY = ("last_login", "last_ip", "logins_count", "last_password_reset")
RECORD = ("user_id", "connection", *HISTORY, "created_at", "updated_at")
_dangers: list[Deeds] = [deeds]


@admin.register(User)
class UserAdmin(UserDangerPages, TabbedAdmin):
    """`danger_providers` say what else is dangerous: floors above append while they are loaded."""

    menu_group = "People"
    menu_position = 40
    section_providers = []
    page_providers: list[Callable[[Any], list[URLPattern]]] = []
    danger_providers = _dangers
    tabs = [Tab(SETTINGS, "Profile", 10), Tab("logs", "Logs", 60, logs_tab), danger_tab(_dangers)]
    form = UserForm
    # Nobody is deleted with one click on a list: each on their own page, in the danger zone.
    actions = None
    list_lead = "People who sign in to your applications. They are not operators: none of them can open this console."
    empty_list = (
        "Nobody is here yet. Add the first person, or let people sign up themselves: a connection says whether they may."
    )
    list_display = ("person", "connection", "status", values.moment_column("last_login", "last login"))
    list_select_related = ("tenant", "connection")
    list_filter = ("blocked", "email_verified")
    linked_filters = ("connection",)
    search_fields = ("email__istartswith", "name", "user_id__exact")
    search_help_text = "The beginning of an e-mail, part of a name, or a whole user ID."
    autocomplete_fields = ("connection",)

    @admin.display(description="user", ordering="email")
    def person(self, user: User) -> SafeString | str:
        return format_html("{} <small>{}</small>", user.email, user.name) if user.name else user.email

    @admin.display(description="status", ordering="blocked")
    def status(self, user: User) -> SafeString:
        return values.badge("Blocked", "bad") if user.blocked else values.badge("Active", "good")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Where there is one directory only, it is the one that is meant."""
        found = super().get_changeform_initial_data(request)
        only = list(Connection.objects.filter(tenant=found.get("tenant"))[:2])
        return {"connection": only[0].pk} | found if len(only) == 1 else found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("connection", "email", "new_password", "name", "email_verified")})]
        rare = {"fields": RARE, "classes": ("collapse",), "description": "Names, picture, telephone number, further claims"}
        metadata = {
            "fields": ("user_metadata", "app_metadata"),
            "classes": ("collapse",),
            "description": "What programs keep here",
        }
        return [
            (None, {"fields": ("email", "email_verified", "name")}),
            ("More about this person", rare),
            ("Metadata", metadata),
            ("Record", {"fields": RECORD}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*RECORD, "new_password"] if obj else []

    def own_urls(self) -> list[URLPattern]:
        return [*self.danger_urls(), *super().own_urls()]

    def heading(self, request: HttpRequest, obj: User) -> dict[str, Any]:
        badges = [{"text": "Blocked", "kind": "bad"}] if obj.blocked else []
        return {"subtitle_code": obj.user_id, "badges": badges}

    def may_be_deleted(self, obj: User) -> bool:
        # On the tab Danger zone.
        return False

    def consequences(self, objs: Any) -> list[str]:
        return ["Their sessions, tokens, consents and roles go too. What they did stays in the log."]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> User:
        password = values.pop("new_password")
        return services.create_user(values.pop("connection"), password=password, by=actor(request), **values)

    def update(self, request: HttpRequest, obj: User, values: dict[str, Any]) -> None:
        services.update_user(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: User) -> None:
        services.delete_user(obj, by=actor(request))
