"""/api/v2/device-credentials: the refresh tokens of applications, as Auth0's oldest interface to them shows them.

There are no others: nothing here signs in with a public key of a device's own.
"""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from apis.models import Application
from authserver import services
from authserver.management_api import found
from authserver.models import TokenFamily
from tenants.rest.errors import ManagementError
from tenants.rest.fields import Text
from tenants.rest.operations import operation
from tenants.rest.serializers import Body, FieldsQuery, PageQuery
from tenants.rest.views import ManagementView

REFRESH_TOKEN, ROTATING, PUBLIC_KEY = "refresh_token", "rotating_refresh_token", "public_key"


class DeviceCredentialsQuery(FieldsQuery, PageQuery):
    user_id = serializers.CharField(required=False, max_length=255, help_text="Only those of this user.")
    client_id = serializers.CharField(required=False, max_length=255, help_text="Only those of this application.")
    type = serializers.ChoiceField([REFRESH_TOKEN, ROTATING, PUBLIC_KEY], default=REFRESH_TOKEN)


class DeviceCredentialAnswer(Body):
    id = Text()
    device_name = serializers.SerializerMethodField(help_text="User agent of the browser in which the user signed in.")
    type = serializers.SerializerMethodField(help_text="refresh_token or rotating_refresh_token.")
    user_id = Text(source="user.user_id")
    client_id = Text(source="application.client_id")

    def get_device_name(self, family: TokenFamily) -> str | None:
        return family.session.user_agent if family.session else None

    def get_type(self, family: TokenFamily) -> str:
        return ROTATING if family.application.rotates_refresh_tokens else REFRESH_TOKEN


class DeviceCredentials(ManagementView):
    @operation(
        "Get device credentials",
        "read:device_credentials",
        query=DeviceCredentialsQuery,
        answer=DeviceCredentialAnswer,
        lists="device_credentials",
        order=("created_at", "pk"),
    )
    def get(self, request: Request) -> QuerySet[TokenFamily]:
        rows = found.refresh_tokens(self.http.tenant).select_related("user", "application", "session")
        if "user_id" in self.query:
            rows = rows.filter(user__user_id=self.query["user_id"])
        if "client_id" in self.query:
            rows = rows.filter(application__client_id=self.query["client_id"])
        kind = self.query["type"]
        if kind == PUBLIC_KEY:
            return rows.none()
        rotating = Application.rotating("application__")
        return rows.filter(rotating) if kind == ROTATING else rows.exclude(rotating)

    @operation("Create a device credential", "create:current_user_device_credentials", status=201)
    def post(self, request: Request) -> dict[str, Any]:
        """Auth0 lets people do this, with tokens that carry their own scope. No client and no person here can have it."""
        raise ManagementError(400, "Public keys of devices are not supported", "operation_not_supported")


class DeviceCredential(ManagementView):
    @operation(
        "Delete a device credential",
        "delete:device_credentials",
        "delete:current_user_device_credentials",
        status=204,
    )
    def delete(self, request: Request, key: str) -> None:
        rows = found.refresh_tokens(self.http.tenant).select_related("user", "application", "api")
        if family := rows.filter(pk=key).first():
            services.revoke_family(family, by=self.actor)
