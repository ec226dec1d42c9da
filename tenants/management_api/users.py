"""/api/v2/users and /api/v2/users-by-email: people in the directories of a tenant."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from tenants import services
from tenants.management_api import found_users
from tenants.management_api.found_users import UserView
from tenants.management_api.user_search import searched
from tenants.management_api.user_shapes import UserAnswer, UserPatch, UserPost
from tenants.models import Connection, User
from tenants.rest.errors import ManagementError
from tenants.rest.operations import Operation, operation
from tenants.rest.refusals import BODY
from tenants.rest.serializers import FieldsQuery, PageQuery

READERS = ("read:users", "read:user_idp_tokens")
# What `sort` may name → the column with an index that has this order. Rows are numbered as they are created.
SORTED_BY = {"created_at": "pk", "user_id": "user_id", "email": "email"}


class UsersQuery(FieldsQuery, PageQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, help_text='As in email:"ada@example.com" AND NOT blocked:true, or name:ada*.'
    )
    connection = serializers.CharField(required=False, max_length=128, help_text="Only of the directory of this name.")
    sort = serializers.ChoiceField(
        required=False,
        choices=[f"{name}:{way}" for name in SORTED_BY for way in ("1", "-1")],
        help_text="-1: the last first.",
    )
    search_engine = serializers.ChoiceField(required=False, choices=["v2", "v3"], help_text="Accepted without effect.")
    primary_order = serializers.BooleanField(required=False, help_text="Accepted without effect.")


class UsersByEmailQuery(FieldsQuery):
    email = serializers.CharField(max_length=254, help_text="In upper or lower case.")


class _WritingUserView(UserView):
    def _refusal(self, exc: Exception) -> ManagementError:
        if isinstance(exc, ValidationError) and "password" in getattr(exc, "error_dict", {}):
            return ManagementError(400, f"PasswordStrengthError: {exc.message_dict['password'][0]}", BODY)
        return super()._refusal(exc)


class Users(_WritingUserView):
    @operation("List or search users", *READERS, query=UsersQuery, answer=UserAnswer, lists="users")
    def get(self, request: Request) -> QuerySet[User]:
        # Said of the connection as well, because the index over e-mails begins with it.
        rows = User.objects.of(self.http.tenant).filter(connection__tenant_id=self.http.tenant.id)
        if "connection" in self.query:
            rows = rows.filter(connection__name=self.query["connection"])
        return searched(rows, self.query.get("q", "")).select_related("connection")

    @operation("Create a user", "create:users", status=201, body=UserPost, answer=UserAnswer)
    def post(self, request: Request) -> User:
        profile = dict(self.body)
        connection = Connection.objects.of(self.http.tenant).filter(name=profile.pop("connection")).first()
        if connection is None:
            raise ManagementError(400, "The connection does not exist.", "inexistent_connection")
        return services.create_user(connection, by=self.actor, **profile)

    def _page(self, operation: Operation, rows: QuerySet[Any]) -> Any:
        if "sort" not in self.query:
            return super()._page(operation, rows)
        name, _, way = self.query["sort"].partition(":")
        sign = "-" if way == "-1" else ""
        return super()._page(replace(operation, order=(f"{sign}{SORTED_BY[name]}", f"{sign}pk")), rows)


class OneUser(_WritingUserView):
    @operation("Get a user", *READERS, query=FieldsQuery, answer=UserAnswer)
    def get(self, request: Request, user_id: str) -> User:
        return found_users.found(self.http.tenant, user_id)

    @operation("Update a user", "update:users", "update:users_app_metadata", body=UserPatch, answer=UserAnswer)
    def patch(self, request: Request, user_id: str) -> User:
        """A token that may write the application's metadata writes nothing else."""
        changes = dict(self.body)
        if not self.may("update:users") and changes.keys() - {"app_metadata"}:
            raise ManagementError(403, "Insufficient scope, expected any of: update:users", "insufficient_scope")
        user = found_users.found(self.http.tenant, user_id)
        if changes.pop("connection", user.connection.name) != user.connection.name:
            raise ManagementError(400, "The user has no identity in this connection.", "operation_not_supported")
        return services.patch_user(user, by=self.actor, **changes)

    @operation("Delete a user", "delete:users", status=204)
    def delete(self, request: Request, user_id: str) -> None:
        """Deleting twice is no error."""
        if user := found_users.first(self.http.tenant, user_id):
            services.delete_user(user, by=self.actor)


class UsersByEmail(UserView):
    @operation("Find users by their e-mail", "read:users", query=UsersByEmailQuery, answer=UserAnswer, lists="users")
    def get(self, request: Request) -> QuerySet[User]:
        """One of each directory at most."""
        rows = User.objects.of(self.http.tenant).filter(connection__tenant_id=self.http.tenant.id)
        return rows.with_email(self.query["email"]).select_related("connection")
