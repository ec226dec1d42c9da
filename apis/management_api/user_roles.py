"""/api/v2/users/{user_id}/roles: the roles that one user holds."""

from django.db.models import QuerySet
from rest_framework.request import Request

from apis.management_api import found_roles
from apis.management_api.role_shapes import RoleAnswer, RolesBody
from apis.models import Role
from apis.services import user_roles
from tenants.management_api import found_users
from tenants.management_api.found_users import UserView
from tenants.rest.operations import operation
from tenants.rest.serializers import PageQuery


class UserRoles(UserView):
    @operation(
        "Get a user's roles",
        "read:users",
        "read:roles",
        "read:role_members",
        query=PageQuery,
        answer=RoleAnswer,
        lists="roles",
        order=("created_at", "pk"),
    )
    def get(self, request: Request, user_id: str) -> QuerySet[Role]:
        user = found_users.found(self.http.tenant, user_id)
        return Role.objects.of(self.http.tenant).filter(users=user)

    @operation("Assign roles to a user", "update:users", "create:role_members", status=204, body=RolesBody)
    def post(self, request: Request, user_id: str) -> None:
        user = found_users.found(self.http.tenant, user_id)
        user_roles.add_user_roles(user, found_roles.every(self.http.tenant, self.body["roles"]), by=self.actor)

    @operation("Remove roles from a user", "update:users", "delete:role_members", status=204, body=RolesBody)
    def delete(self, request: Request, user_id: str) -> None:
        user = found_users.found(self.http.tenant, user_id)
        user_roles.remove_user_roles(user, found_roles.every(self.http.tenant, self.body["roles"]), by=self.actor)
