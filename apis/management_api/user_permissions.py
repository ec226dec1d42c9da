"""/api/v2/users/{user_id}/permissions: what one user holds, and where it comes from."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from rest_framework.request import Request

from apis.management_api import found_roles
from apis.management_api.role_shapes import HeldPermissionAnswer, PermissionsBody
from apis.models import DirectPermission, Permission, Role
from apis.services import roles
from tenants.management_api import found_users
from tenants.management_api.found_users import UserView, spellings
from tenants.models import User
from tenants.rest.operations import operation
from tenants.rest.paging import by_page
from tenants.rest.serializers import PageQuery

# Of a role: its permissions.
InRole = Role.permissions.through


class UserPermissions(UserView):
    @operation("Get a user's permissions", "read:users", query=PageQuery, answer=HeldPermissionAnswer, lists="permissions")
    def get(self, request: Request, user_id: str) -> Any:
        user = User.objects.of(self.http.tenant).filter(user_id__in=spellings(user_id)).order_by().values("pk")
        direct, by_role = held_by(user)
        rows = Permission.objects.filter(Q(pk__in=direct.values("permission")) | Q(pk__in=by_role.values("permission")))
        found, totals = by_page(rows.select_related("api"), self.query, ("pk",))
        if not found:
            # Most users hold something: only of the others it has to be asked whether they exist.
            found_users.found(self.http.tenant, user_id)
        _put_sources(found, direct, by_role)
        shown = [self.shown(row) for row in found]
        return totals | {"permissions": shown} if totals else shown

    @operation("Grant permissions to a user", "update:users", status=201, body=PermissionsBody)
    def post(self, request: Request, user_id: str) -> dict[str, str]:
        user = found_users.found(self.http.tenant, user_id)
        granted = found_roles.permissions(self.http.tenant, self.body["permissions"])
        roles.grant_permissions(user, granted, by=self.actor)
        return {}

    @operation("Revoke permissions of a user", "update:users", status=204, body=PermissionsBody)
    def delete(self, request: Request, user_id: str) -> None:
        user = found_users.found(self.http.tenant, user_id)
        revoked = found_roles.permissions(self.http.tenant, self.body["permissions"])
        roles.revoke_permissions(user, revoked, by=self.actor)


def held_by(user: QuerySet[Any]) -> tuple[QuerySet[DirectPermission], QuerySet[Any]]:
    """The rows that give something to `user`, a query of one key: without a role, and by one."""
    return DirectPermission.objects.filter(user__in=user), InRole.objects.filter(role__users__in=user)


def _put_sources(permissions: Iterable[Permission], direct: QuerySet[DirectPermission], by_role: QuerySet[Any]) -> None:
    """Gives each of `permissions` its `sources`, roles by name. One statement, none for no permissions."""
    keys = [permission.pk for permission in permissions]
    nothing = Value("", output_field=CharField())
    own = direct.filter(permission__in=keys).order_by().values_list("permission", nothing, nothing)
    given = by_role.filter(permission__in=keys).order_by().values_list("permission", "role", "role__name")
    sources: dict[int, list[dict[str, str]]] = defaultdict(list)
    for key, role_id, name in sorted(own.union(given, all=True), key=lambda row: (row[2], row[1])) if keys else ():
        source_type = "ROLE" if role_id else "DIRECT"
        sources[key].append({"source_id": role_id, "source_name": name, "source_type": source_type})
    for permission in permissions:
        permission.sources = sources[permission.pk]  # type: ignore[attr-defined]
