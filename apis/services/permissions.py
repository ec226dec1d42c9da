"""The permissions of an API one at a time: added, described, removed, and granted to who calls the API already.

Each change is made to what is stored by then, so two operators at once lose nothing of each other. The rules for a whole
set of permissions are those of `apis.services.apis`.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import API, ClientGrant, Permission
from apis.services.apis import Scope, set_permissions
from apis.services.client_grants import update_client_grant
from tenants import changes
from tenants.changes import Actor


@transaction.atomic
def add_permission(api: API, scope: Scope, *, by: Actor) -> Permission:
    """A new permission of `api`. Raises ValidationError: no scope, reserved, there already, one too many."""
    changes.wait_for_turn(api.tenant_id, api)
    stored = _stored(api)
    if scope.value in stored:
        raise ValidationError({"value": f"{api} has a permission {scope.value} already."})
    set_permissions(api, [*stored.values(), scope], by=by)
    return api.permissions.get(value=scope.value)


@transaction.atomic
def describe_permission(permission: Permission, description: str, *, by: Actor) -> None:
    """Changes what people read of `permission`. Raises ValidationError."""
    api = permission.api
    changes.wait_for_turn(api.tenant_id, api, permission)
    stored = _stored(api)
    set_permissions(api, (stored | {permission.value: Scope(permission.value, description)}).values(), by=by)


@transaction.atomic
def remove_permission(permission: Permission, *, by: Actor) -> None:
    """Takes `permission` off its API, and so from every client grant, role and user."""
    api = permission.api
    changes.wait_for_turn(api.tenant_id, api, permission)
    stored = _stored(api)
    del stored[permission.value]
    set_permissions(api, stored.values(), by=by)


@transaction.atomic
def grant_permission(permission: Permission, grants: Sequence[ClientGrant], *, by: Actor) -> None:
    """Each of `grants`, which must be of the permission's API, holds it from now on, too. Raises ValidationError."""
    changes.wait_for_turn(permission.api.tenant_id, permission, *grants)
    for grant in grants:
        held = grant.permissions.values_list("value", flat=True)
        update_client_grant(grant, {*held, permission.value}, by=by)


def _stored(api: API) -> dict[str, Scope]:
    return {value: Scope(value, description) for value, description in api.permissions.values_list("value", "description")}
