"""Permissions and users as the pages of a role and of a user show and offer them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from apis.admin.choosing import Choice
from apis.models import Permission, Role
from tenants.console.pages import page_link
from tenants.console.sections import Link, Section
from tenants.models import User

SHOWN = 50
# The button, and what is true after it was pressed.
ADD, REMOVE = ("Add", "added"), ("Remove", "removed")
TICK = "Search and tick what you mean. Several searches are several steps."
IN_PERMISSIONS = ("value__icontains", "description__icontains", "api__name__icontains", "api__identifier__icontains")
IN_USERS = ("email__istartswith", "name__icontains", "user_id__iexact")
IN_ROLES = ("name__icontains", "description__icontains")

Deed = tuple[str, str]
Write = Callable[[Sequence[Any]], None]


def in_order(permissions: QuerySet[Permission]) -> QuerySet[Permission]:
    """By API, those of the Management API last: it has many and is seldom meant."""
    return permissions.select_related("api").order_by("api__is_system", "api__name", "api__identifier", "value")


def permissions_section(title: str, permissions: QuerySet[Permission], *, empty: str, links: Sequence[Link]) -> Section:
    """The first of `permissions`, with the API of each."""
    rows = list(in_order(permissions)[: SHOWN + 1])
    return Section(
        title=title,
        columns=("Permission", "API", "Description"),
        rows=[(row.value, page_link(row.api), row.description) for row in rows[:SHOWN]],
        empty=empty,
        note=cut_short(rows),
        links=links,
    )


def cut_short(rows: Sequence[Any]) -> str:
    """What to say when there are more rows than a table shows."""
    return f"The first {SHOWN} of more." if len(rows) > SHOWN else ""


def permission_choice(title: str, deed: Deed, permissions: QuerySet[Permission], write: Write) -> Choice:
    return Choice(title, TICK, "permission", *deed, in_order(permissions), IN_PERMISSIONS, permission_label, write)


def user_choice(title: str, deed: Deed, users: QuerySet[User], write: Write) -> Choice:
    rows = users.select_related("connection").order_by("email", "pk")
    return Choice(title, TICK, "user", *deed, rows, IN_USERS, lambda user: f"{user.email} ({user.connection})", write)


def role_choice(title: str, deed: Deed, roles: QuerySet[Role], write: Write) -> Choice:
    rows = roles.order_by("name")
    return Choice(title, TICK, "role", *deed, rows, IN_ROLES, lambda role: f"{role}: {role.description}".rstrip(": "), write)


def permission_label(permission: Permission) -> str:
    """`read:orders (Orders): Read your orders`."""
    named = f"{permission.value} ({permission.api})"
    return f"{named}: {permission.description}" if permission.description else named
