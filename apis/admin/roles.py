"""Roles: which permissions they hold and who holds them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from apis.admin import held_tables
from apis.admin.choosing import Choice, choosing_view
from apis.models import Permission, Role
from apis.services import roles as services
from tenants.console.access import actor
from tenants.console.base import ConsoleAdmin
from tenants.console.pages import object_url, page_link
from tenants.console.sections import Link, Section
from tenants.models import User


@admin.register(Role)
class RoleAdmin(ConsoleAdmin):
    menu_group = "People"
    menu_position = 42
    fields = ("tenant", "name", "description")
    list_display = ("name", "description", "tenant", "created_at")
    list_select_related = ("tenant",)
    search_fields = ("name", "description")
    search_help_text = "Part of the name or the description."

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Role:
        return services.create_role(values.pop("tenant"), values.pop("name"), by=actor(request), **values)

    def update(self, request: HttpRequest, obj: Role, values: dict[str, Any]) -> None:
        services.update_role(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: Role) -> None:
        services.delete_role(obj, by=actor(request))

    def consequences(self, objs: Any) -> list[str]:
        holders = User.objects.filter(roles__in=objs).distinct().count()
        return [f"{holders} users hold it: where an API enforces RBAC, their next tokens lack its permissions."]

    def own_urls(self) -> list[URLPattern]:
        pages = {
            "permissions/add": self.add_permissions,
            "permissions/remove": self.remove_permissions,
            "users/add": self.add_users,
            "users/remove": self.remove_users,
        }
        return [
            self.own_url(f"<path:object_id>/{route}/", choosing_view(self, make), route.replace("/", "_"))
            for route, make in pages.items()
        ]

    def sections(self, request: HttpRequest, obj: Role) -> list[Section]:
        may_change = self.has_change_permission(request, obj)
        permissions = held_tables.permissions_section(
            "Permissions",
            Permission.objects.filter(roles=obj),
            empty="None: it permits nothing yet.",
            links=_links(obj, "permissions") if may_change else (),
        )
        users = list(obj.users.select_related("connection").order_by("email", "pk")[: held_tables.SHOWN + 1])
        holders = Section(
            title="Users",
            columns=("E-mail", "Name", "Connection"),
            rows=[(page_link(user), user.name, user.connection) for user in users[: held_tables.SHOWN]],
            empty="Nobody holds it.",
            note=held_tables.cut_short(users),
            links=_links(obj, "users") if may_change else (),
        )
        return [permissions, holders]

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


def _links(role: Role, kind: str) -> list[Link]:
    return [
        Link(f"Add {kind}", object_url(role, f"{kind}_add")),
        Link(f"Remove {kind}", object_url(role, f"{kind}_remove")),
    ]
