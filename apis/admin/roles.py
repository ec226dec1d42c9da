"""Roles: which permissions they hold and who holds them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from apis.admin import held_tables
from apis.admin.choosing import Choice, choosing_view
from apis.admin.role_list import RoleChangeList, RoleForm
from apis.models import Permission, Role
from apis.services import roles as services
from tenants.console import values
from tenants.console.access import actor, reach
from tenants.console.pages import object_url, page_link
from tenants.console.section_tabs import sections_tab
from tenants.console.sections import Link, Section
from tenants.console.tabs import SETTINGS, Tab, TabbedAdmin
from tenants.models import User


def permissions_of(request: HttpRequest, role: Role) -> Section:
    """What `role` permits."""
    return held_tables.permissions_section(
        "Permissions",
        Permission.objects.filter(roles=role),
        empty="None: it permits nothing yet.",
        links=_links(role, "permissions") if reach(request).may_change(role.tenant_id) else (),
    )


def holders_of(request: HttpRequest, role: Role) -> Section:
    """Who holds `role`."""
    users = list(role.users.select_related("connection").order_by("email", "pk")[: held_tables.SHOWN + 1])
    return Section(
        title="Users",
        columns=("E-mail", "Name", "Connection"),
        rows=[(page_link(user), user.name, user.connection) for user in users[: held_tables.SHOWN]],
        empty="Nobody holds it yet.",
        note=held_tables.cut_short(users),
        links=_links(role, "users") if reach(request).may_change(role.tenant_id) else (),
    )


def _links(role: Role, kind: str) -> list[Link]:
    return [
        Link(f"Add {kind}", object_url(role, f"{kind}_add")),
        Link(f"Remove {kind}", object_url(role, f"{kind}_remove")),
    ]


@admin.register(Role)
class RoleAdmin(TabbedAdmin):
    menu_group = "People"
    menu_position = 42
    section_providers = []
    page_providers = []
    form = RoleForm
    # Each is deleted from its own page, which counts who holds it.
    actions = None
    list_lead = (
        "A role is a bundle of permissions that people hold. It counts at APIs that enforce RBAC: their settings say so."
    )
    empty_list = "No role yet. Make one, put permissions in it, and give it to people."
    list_display = ("name", "description", "permission_count", values.moment_column("created_at", "since"))
    list_select_related = ("tenant",)
    search_fields = ("name", "description")
    search_help_text = "Part of the name or the description."
    tabs = [
        Tab(SETTINGS, "Settings", 10),
        sections_tab("permissions", "Permissions", 20, permissions_of),
        sections_tab("users", "Users", 30, holders_of),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return RoleChangeList

    @admin.display(description="permissions")
    def permission_count(self, role: Any) -> int:
        return int(role.permissions_held)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": ("name", "description") if obj else ("tenant", "name", "description")})]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Role:
        return services.create_role(values.pop("tenant"), values.pop("name"), by=actor(request), **values)

    def update(self, request: HttpRequest, obj: Role, values: dict[str, Any]) -> None:
        services.update_role(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: Role) -> None:
        services.delete_role(obj, by=actor(request))

    def consequences(self, objs: Any) -> list[str]:
        holders = User.objects.filter(roles__in=objs).distinct().count()
        held = "1 user holds it" if holders == 1 else f"{holders} users hold it"
        return [f"{held}: where an API enforces RBAC, their next tokens lack its permissions."]

    def own_urls(self) -> list[URLPattern]:
        pages = {
            "permissions/add": self.add_permissions,
            "permissions/remove": self.remove_permissions,
            "users/add": self.add_users,
            "users/remove": self.remove_users,
        }
        return [
            self.own_url(
                f"<path:object_id>/{route}/", choosing_view(self, make, back_to=route.split("/")[0]), route.replace("/", "_")
            )
            for route, make in pages.items()
        ] + super().own_urls()

    def add_permissions(self, request: HttpRequest, role: Role) -> Choice:
        others = Permission.objects.filter(api__tenant=role.tenant_id).exclude(roles=role)
        return held_tables.permission_choice(
            "Add permissions",
            held_tables.ADD,
            others,
            lambda chosen: services.add_role_permissions(role, chosen, by=actor(request)),
        )

    def remove_permissions(self, request: HttpRequest, role: Role) -> Choice:
        return held_tables.permission_choice(
            "Remove permissions",
            held_tables.REMOVE,
            Permission.objects.filter(roles=role),
            lambda chosen: services.remove_role_permissions(role, chosen, by=actor(request)),
        )

    def add_users(self, request: HttpRequest, role: Role) -> Choice:
        others = User.objects.filter(tenant=role.tenant_id).exclude(roles=role)
        return held_tables.user_choice(
            "Add users", held_tables.ADD, others, lambda chosen: services.add_role_users(role, chosen, by=actor(request))
        )

    def remove_users(self, request: HttpRequest, role: Role) -> Choice:
        return held_tables.user_choice(
            "Remove users",
            held_tables.REMOVE,
            User.objects.filter(roles=role),
            lambda chosen: services.remove_role_users(role, chosen, by=actor(request)),
        )
