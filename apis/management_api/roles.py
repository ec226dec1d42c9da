"""/api/v2/roles and what is in them: permissions and users."""

from django.db.models import QuerySet
from rest_framework.request import Request

from apis.management_api import found_roles
from apis.management_api.found_roles import RoleView
from apis.management_api.role_shapes import (
    PermissionAnswer,
    PermissionsBody,
    RoleAnswer,
    RolePatch,
    RolePost,
    RolesQuery,
    RoleUserAnswer,
    RoleUsersQuery,
    UsersBody,
)
from apis.models import Permission, Role
from apis.services import roles
from tenants.management_api import found_users
from tenants.models import User
from tenants.rest.operations import operation
from tenants.rest.serializers import PageQuery


class Roles(RoleView):
    @operation("Get roles", "read:roles", query=RolesQuery, answer=RoleAnswer, lists="roles", order=("created_at", "pk"))
    def get(self, request: Request) -> QuerySet[Role]:
        rows = Role.objects.of(self.http.tenant)
        return rows.filter(name__icontains=self.query["name_filter"]) if "name_filter" in self.query else rows

    @operation("Create a role", "create:roles", body=RolePost, answer=RoleAnswer)
    def post(self, request: Request) -> Role:
        return roles.create_role(self.tenant, by=self.actor, **self.body)


class OneRole(RoleView):
    @operation("Get a role", "read:roles", answer=RoleAnswer)
    def get(self, request: Request, role_id: str) -> Role:
        return found_roles.found(self.http.tenant, role_id)

    @operation("Update a role", "update:roles", body=RolePatch, answer=RoleAnswer)
    def patch(self, request: Request, role_id: str) -> Role:
        return roles.update_role(found_roles.found(self.http.tenant, role_id), by=self.actor, **self.body)

    @operation("Delete a role", "delete:roles")
    def delete(self, request: Request, role_id: str) -> dict[str, str]:
        """Deleting twice is no error."""
        if role := found_roles.first(self.http.tenant, role_id):
            roles.delete_role(role, by=self.actor)
        return {}


class RolePermissions(RoleView):
    @operation("Get a role's permissions", "read:roles", query=PageQuery, answer=PermissionAnswer, lists="permissions")
    def get(self, request: Request, role_id: str) -> QuerySet[Permission]:
        role = found_roles.found(self.http.tenant, role_id)
        return Permission.objects.filter(roles=role).select_related("api")

    @operation("Put permissions into a role", "update:roles", status=201, body=PermissionsBody)
    def post(self, request: Request, role_id: str) -> dict[str, str]:
        role = found_roles.found(self.http.tenant, role_id)
        added = found_roles.permissions(self.http.tenant, self.body["permissions"])
        roles.add_role_permissions(role, added, by=self.actor)
        return {}

    @operation("Take permissions out of a role", "update:roles", status=204, body=PermissionsBody)
    def delete(self, request: Request, role_id: str) -> None:
        role = found_roles.found(self.http.tenant, role_id)
        removed = found_roles.permissions(self.http.tenant, self.body["permissions"])
        roles.remove_role_permissions(role, removed, by=self.actor)


class RoleUsers(RoleView):
    @operation(
        "Get a role's users",
        "read:users",
        "read:roles",
        "read:role_members",
        query=RoleUsersQuery,
        answer=RoleUserAnswer,
        lists="users",
    )
    def get(self, request: Request, role_id: str) -> QuerySet[User]:
        return User.objects.filter(roles=found_roles.found(self.http.tenant, role_id))

    @operation("Assign users to a role", "update:roles", "create:role_members", body=UsersBody)
    def post(self, request: Request, role_id: str) -> dict[str, str]:
        role = found_roles.found(self.http.tenant, role_id)
        roles.add_role_users(role, found_users.every(self.http.tenant, self.body["users"]), by=self.actor)
        return {}
