"""Several roles of one user at once: the writes. Several users of one role, and all other rules, are `roles`."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import Role
from apis.services.roles import MAX_ROLES
from tenants import changes
from tenants.changes import Actor
from tenants.models import User


@transaction.atomic
def add_user_roles(user: User, roles: Iterable[Role], *, by: Actor) -> None:
    """`user` holds `roles`, too, at most `MAX_ROLES` in all. Raises ValidationError, also for a role of another tenant."""
    roles = _of_tenant(user.tenant_id, roles)
    # Two who give roles to one user at once do so one after the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = set(user.roles.values_list("pk", flat=True))
    fresh = {role.pk: role for role in roles if role.pk not in held}
    if len(held) + len(fresh) > MAX_ROLES:
        raise ValidationError(f"A user has at most {MAX_ROLES} roles.")
    user.roles.add(*fresh.values())
    _tell(user, "Assign roles to a user", by, roles)


@transaction.atomic
def remove_user_roles(user: User, roles: Iterable[Role], *, by: Actor) -> None:
    """`user` holds `roles` no more. Raises ValidationError for a role of another tenant."""
    roles = _of_tenant(user.tenant_id, roles)
    user.roles.remove(*roles)
    _tell(user, "Remove roles from a user", by, roles)


def _of_tenant(tenant_id: int, roles: Iterable[Role]) -> list[Role]:
    roles = list(roles)
    if any(role.tenant_id != tenant_id for role in roles):
        raise ValidationError("Role and user must belong to the same tenant.")
    return roles


def _tell(user: User, description: str, by: Actor, roles: Iterable[Role]) -> None:
    named = [f"{role.name} ({role.pk})" for role in roles]
    changes.changed(user.tenant, by, description, target=user.user_id, values={"roles": named}, configuration=False)
