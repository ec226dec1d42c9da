"""Roles of users, permissions of roles, and permissions that a user holds without a role: the writes.

What a user holds in the end is read by `apis.held_permissions`; whether it counts is the API's `enforce_policies`.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count

from apis.models import DirectPermission, Permission, Role
from tenants import changes
from tenants.changes import Actor
from tenants.models import Tenant, User

MAX_PERMISSIONS = 1_000
MAX_ROLES = 50
FIXED = ("tenant",)
SETTINGS = frozenset({"name", "description"})


@transaction.atomic
def create_role(tenant: Tenant, name: str, *, by: Actor, description: str = "") -> Role:
    """A role without permissions and users. Raises ValidationError, also when the tenant already has the name."""
    changes.wait_for_turn(tenant.pk)
    role = Role(tenant=tenant, name=name, description=description)
    role.full_clean()
    role.save()
    changes.changed(tenant, by, "Create a role", target=role.id, values={"name": name, "description": description})
    return role


@transaction.atomic
def update_role(role: Role, *, by: Actor, **settings: Any) -> Role:
    """Changes `SETTINGS`, name and description. Raises ValidationError."""
    changes.wait_for_turn(role.tenant_id, role)
    changes.refuse_fixed(role, settings, FIXED)
    if unknown := sorted(set(settings) - SETTINGS.union(FIXED)):
        raise ValidationError(dict.fromkeys(unknown, "This cannot be set."))
    for field, value in settings.items():
        setattr(role, field, value)
    role.full_clean()
    role.save()
    changes.changed(role.tenant, by, "Update a role", target=role.id, values=settings)
    return role


@transaction.atomic
def delete_role(role: Role, *, by: Actor) -> None:
    """Removes a role: whoever held a permission by it alone holds it no more."""
    tenant, role_id, name = role.tenant, role.id, role.name
    changes.wait_for_turn(tenant.pk)
    changes.hold_for_deletion(Role.objects.filter(pk=role.pk))
    role.delete()
    changes.changed(tenant, by, "Delete a role", target=role_id, values={"name": name})


@transaction.atomic
def set_role_permissions(role: Role, permissions: Iterable[Permission], *, by: Actor) -> None:
    """The role's permissions become exactly `permissions`, at most `MAX_PERMISSIONS` of any APIs of its tenant."""
    _write_permissions(role, list(permissions), by)


@transaction.atomic
def add_role_permissions(role: Role, permissions: Iterable[Permission], *, by: Actor) -> None:
    """The role has `permissions`, too; the limits are those of `set_role_permissions`."""
    changes.wait_for_turn(role.tenant_id, role)
    _write_permissions(role, [*role.permissions.select_related("api"), *permissions], by)


@transaction.atomic
def remove_role_permissions(role: Role, permissions: Iterable[Permission], *, by: Actor) -> None:
    """The role has none of `permissions`; others stay."""
    changes.wait_for_turn(role.tenant_id, role)
    gone = {permission.pk for permission in permissions}
    _write_permissions(role, list(role.permissions.select_related("api").exclude(pk__in=gone)), by)


@transaction.atomic
def add_role_users(role: Role, users: Iterable[User], *, by: Actor) -> None:
    """`users` hold the role, too. Raises ValidationError: foreign tenant, or a user who would have more than `MAX_ROLES`."""
    changes.wait_for_turn(role.tenant_id, role)
    users = list(users)
    _refuse_foreign(role.tenant_id, users)
    rows = User.objects.of(role.tenant).filter(pk__in=[user.pk for user in users])
    # In one order everywhere, so that two writes at once cannot wait for each other.
    found = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    fresh = set(found) - set(role.users.filter(pk__in=found).values_list("pk", flat=True))
    held = User.objects.filter(pk__in=fresh).annotate(count=Count("roles")).filter(count__gte=MAX_ROLES)
    if full := list(held.values_list("email", flat=True)[:3]):
        raise ValidationError(f"A user has at most {MAX_ROLES} roles: {', '.join(full)}.")
    role.users.add(*fresh)
    _tell(role, "Add users to a role", by, {"users": [user.user_id for user in users]})


@transaction.atomic
def remove_role_users(role: Role, users: Iterable[User], *, by: Actor) -> None:
    """`users` hold the role no more. Raises ValidationError for a user of another tenant."""
    changes.wait_for_turn(role.tenant_id)
    users = list(users)
    _refuse_foreign(role.tenant_id, users)
    role.users.remove(*users)
    _tell(role, "Remove users from a role", by, {"users": [user.user_id for user in users]})


@transaction.atomic
def grant_permissions(user: User, permissions: Iterable[Permission], *, by: Actor) -> None:
    """`user` holds `permissions` without a role, at most `MAX_PERMISSIONS` in all. Raises ValidationError."""
    changes.wait_for_turn(user.tenant_id)
    permissions = _checked(user.tenant_id, list(permissions))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = set(user.direct_permissions.values_list("permission_id", flat=True))
    wanted = {permission.pk: permission for permission in permissions if permission.pk not in held}
    if len(held) + len(wanted) > MAX_PERMISSIONS:
        raise ValidationError(f"A user holds at most {MAX_PERMISSIONS} permissions without a role.")
    DirectPermission.objects.bulk_create(
        DirectPermission(tenant_id=user.tenant_id, user=user, permission=permission) for permission in wanted.values()
    )
    changes.changed(
        user.tenant, by, "Grant permissions to a user", target=user.user_id, values={"permissions": _named(permissions)}
    )


@transaction.atomic
def revoke_permissions(user: User, permissions: Iterable[Permission], *, by: Actor) -> None:
    """`user` holds `permissions` by a role or not at all. Raises ValidationError for a permission of another tenant."""
    changes.wait_for_turn(user.tenant_id)
    permissions = _checked(user.tenant_id, list(permissions))
    user.direct_permissions.filter(permission__in=permissions).delete()
    changes.changed(
        user.tenant, by, "Revoke permissions of a user", target=user.user_id, values={"permissions": _named(permissions)}
    )


def _write_permissions(role: Role, permissions: list[Permission], by: Actor) -> None:
    changes.wait_for_turn(role.tenant_id, role)
    permissions = _checked(role.tenant_id, permissions)
    if len({permission.pk for permission in permissions}) > MAX_PERMISSIONS:
        raise ValidationError(f"A role has at most {MAX_PERMISSIONS} permissions.")
    role.permissions.set(permissions)
    _tell(role, "Set the permissions of a role", by, {"permissions": _named(permissions)})


def _checked(tenant_id: int, permissions: Collection[Permission]) -> list[Permission]:
    """`permissions` with their APIs read, in one statement. Raises ValidationError for one of another tenant."""
    rows = list(Permission.objects.select_related("api").filter(pk__in={permission.pk for permission in permissions}))
    if any(row.api.tenant_id != tenant_id for row in rows):
        raise ValidationError("The permissions must be of APIs of the same tenant.")
    return rows


def _refuse_foreign(tenant_id: int, users: Iterable[User]) -> None:
    if any(user.tenant_id != tenant_id for user in users):
        raise ValidationError("Role and users must belong to the same tenant.")


def _named(permissions: Iterable[Permission]) -> list[str]:
    return [f"{permission.value} ({permission.api.identifier})" for permission in permissions]


def _tell(role: Role, description: str, by: Actor, values: Mapping[str, Any]) -> None:
    changes.changed(role.tenant, by, description, target=role.id, values={"name": role.name} | dict(values))
