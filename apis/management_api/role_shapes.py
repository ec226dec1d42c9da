"""Roles and the permissions in them as /api/v2 writes and reads them (`wire.md` §2.6)."""

from typing import Any

from rest_framework import serializers

from apis.models import Permission, Role
from apis.services.roles import MAX_PERMISSIONS, MAX_ROLES
from tenants import profile
from tenants.models import User
from tenants.rest.fields import Items, Text
from tenants.rest.serializers import Body, CheckpointQuery, PageQuery

# In one call. Terraform and the deploy tool send far fewer.
MAX_USERS = 1_000


class RolePatch(Body):
    name = Text(required=False, max_length=200, allow_blank=False)
    description = Text(required=False, max_length=500, allow_null=True)
    cleared = {"description": ""}


class RolePost(RolePatch):
    name = Text(max_length=200)


class RoleAnswer(Body):
    id = Text()
    name = Text()
    description = Text(help_text='"" when there is none.')

    def to_representation(self, instance: Role) -> dict[str, Any]:
        return super().to_representation(instance) | {"description": instance.description}


class RolesQuery(PageQuery):
    name_filter = serializers.CharField(required=False, max_length=200, help_text="Part of a name, in any case.")
    type = serializers.ChoiceField(required=False, choices=["tenant"], help_text="All roles are the tenant's.")


class RoleUsersQuery(CheckpointQuery):
    """Pages in either way; with both, `take` wins (`wire.md` §2.2)."""


class NamedPermission(Body):
    permission_name = Text(max_length=280)
    resource_server_identifier = Text(max_length=600)


class PermissionsBody(Body):
    permissions = Items(child=NamedPermission(), allow_empty=False, max_length=MAX_PERMISSIONS)


class RolesBody(Body):
    roles = Items(child=Text(max_length=30), allow_empty=False, max_length=MAX_ROLES, help_text="Ids.")


class UsersBody(Body):
    users = Items(child=Text(max_length=255), allow_empty=False, max_length=MAX_USERS, help_text="Ids.")


class PermissionAnswer(Body):
    """A permission of a role or a user, with its API."""

    permission_name = Text(source="value")
    description = Text()
    resource_server_name = Text(source="api.name")
    resource_server_identifier = Text(source="api.identifier")

    def to_representation(self, instance: Permission) -> dict[str, Any]:
        issuer = self.context["view"].http.tenant.issuer
        return super().to_representation(instance) | {"resource_server_identifier": instance.api.audience_at(issuer)}


class SourceShape(serializers.Serializer):
    """How a user comes to a permission: by a role, or DIRECT and without names."""

    source_id = Text()
    source_name = Text()
    source_type = Text(help_text="DIRECT or ROLE")


class HeldPermissionAnswer(PermissionAnswer):
    sources = SourceShape(many=True)


class RoleUserAnswer(Body):
    """A user who holds a role."""

    user_id = Text()
    email = Text()
    name = Text()
    picture = Text()

    def to_representation(self, instance: User) -> dict[str, Any]:
        return super().to_representation(instance) | {"name": profile.shown_name(instance.name, instance.email)}
