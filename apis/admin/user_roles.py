"""What a user's page, which belongs to the ground floor, shows and changes of this one: roles and direct permissions."""

from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest
from django.urls import URLPattern

from apis.admin import held_tables
from apis.admin.choosing import Choice, choosing_view
from apis.models import Permission, Role
from apis.services import roles as services
from tenants.admin.users import UserAdmin
from tenants.console.access import actor, reach
from tenants.console.pages import object_url, page_link
from tenants.console.section_tabs import sections_tab
from tenants.console.sections import Link, Section
from tenants.models import User

TAB = "roles"


def roles_of(request: HttpRequest, user: User) -> Section:
    """The roles of `user`."""
    rows = list(Role.objects.filter(users=user).order_by("name"))
    links = [Link("Give roles", object_url(user, "roles_add")), Link("Take roles away", object_url(user, "roles_remove"))]
    return Section(
        title="Roles",
        columns=("Role", "Description"),
        rows=[(page_link(role), role.description) for role in rows],
        empty="No role yet: at APIs that enforce RBAC, this person may do only what stands below.",
        links=links if reach(request).may_change(user.tenant_id) else (),
    )


def direct_permissions_of(request: HttpRequest, user: User) -> Section:
    """The permissions that `user` holds without a role."""
    links = [
        Link("Grant permissions", object_url(user, "permissions_add")),
        Link("Revoke permissions", object_url(user, "permissions_remove")),
    ]
    return held_tables.permissions_section(
        "Permissions without a role",
        Permission.objects.filter(holders__user=user),
        empty="None: whatever this person may do comes from a role.",
        links=links if reach(request).may_change(user.tenant_id) else (),
    )


def pages(page: UserAdmin) -> list[URLPattern]:
    """The addresses under a user's page on which roles and permissions are given and taken away."""
    makers = {
        "roles/add": _give_roles,
        "roles/remove": _take_roles,
        "permissions/add": _grant,
        "permissions/remove": _revoke,
    }
    return [
        page.own_url(f"<path:object_id>/{route}/", choosing_view(page, make, back_to=TAB), route.replace("/", "_"))
        for route, make in makers.items()
    ]


def _give_roles(request: HttpRequest, user: User) -> Choice:
    @transaction.atomic
    def give(roles: Sequence[Role]) -> None:
        for role in roles:
            services.add_role_users(role, [user], by=actor(request))

    others = Role.objects.filter(tenant=user.tenant_id).exclude(users=user)
    return held_tables.role_choice("Give roles", held_tables.ADD, others, give)


def _take_roles(request: HttpRequest, user: User) -> Choice:
    @transaction.atomic
    def take(roles: Sequence[Role]) -> None:
        for role in roles:
            services.remove_role_users(role, [user], by=actor(request))

    return held_tables.role_choice("Take roles away", held_tables.REMOVE, Role.objects.filter(users=user), take)


def _grant(request: HttpRequest, user: User) -> Choice:
    others = Permission.objects.filter(api__tenant=user.tenant_id).exclude(holders__user=user)
    return held_tables.permission_choice(
        "Grant permissions",
        held_tables.ADD,
        others,
        lambda chosen: services.grant_permissions(user, chosen, by=actor(request)),
    )


def _revoke(request: HttpRequest, user: User) -> Choice:
    return held_tables.permission_choice(
        "Revoke permissions",
        held_tables.REMOVE,
        Permission.objects.filter(holders__user=user),
        lambda chosen: services.revoke_permissions(user, chosen, by=actor(request)),
    )


UserAdmin.tabs.append(sections_tab(TAB, "Roles and permissions", 20, roles_of, direct_permissions_of))
UserAdmin.page_providers.append(pages)
