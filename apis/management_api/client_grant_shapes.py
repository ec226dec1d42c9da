"""The client grant as /api/v2 writes and reads it (`wire.md` §2.6)."""

from typing import Any

from rest_framework import serializers

from apis.models import ClientGrant, DefaultFor, Permission, SubjectType
from apis.services.client_grants import MAX_SCOPES
from tenants.rest.fields import Choice, Flag, Items, Text, Unsupported
from tenants.rest.serializers import Body, CheckpointQuery

NO_ORGANIZATIONS = "Organizations are not supported"


class ClientGrantPatch(Body):
    """What may change: the scopes, never the two parties."""

    scope = Items(
        child=Text(max_length=280),
        required=False,
        allow_null=True,
        max_length=MAX_SCOPES,
        help_text="Permissions of the API. They replace those that the grant had.",
    )
    allow_all_scopes = Flag(
        required=False, allow_null=True, help_text="Every permission of the API, now and later, instead of `scope`."
    )
    organization_usage = Unsupported(NO_ORGANIZATIONS, harmless=["deny"])
    allow_any_organization = Unsupported(NO_ORGANIZATIONS, harmless=[False])
    authorization_details_types = Unsupported("Rich authorization requests are not supported", harmless=[[]])
    cleared = {"scope": list, "allow_all_scopes": False}


class ClientGrantPost(ClientGrantPatch):
    client_id = Text(required=False, allow_null=True, max_length=255)
    default_for = Choice(choices=DefaultFor.values, required=False, allow_null=True)
    audience = Text(max_length=600, help_text="The identifier of the API.")
    subject_type = Choice(
        choices=SubjectType.values,
        required=False,
        allow_null=True,
        help_text="`client`: on the application's own behalf. `user`: on behalf of people who sign in to it.",
    )
    cleared = {**ClientGrantPatch.cleared, "client_id": "", "default_for": "", "subject_type": SubjectType.CLIENT}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Only one of them says for whom the grant is."""
        if bool(attrs.get("client_id")) == bool(attrs.get("default_for")):
            raise serializers.ValidationError({"": ["Send either client_id or default_for"]})
        return attrs


class PermissionValue(Text):
    """The name of a permission."""

    def to_representation(self, value: Permission) -> str:  # type: ignore[override]
        return value.value


class ClientGrantAnswer(Body):
    """A client grant. One by default has no client_id, and every other no default_for."""

    id = Text()
    client_id = Text(source="application.client_id", default=None)
    audience = serializers.SerializerMethodField(help_text="The identifier of the API.")
    scope = serializers.ListField(child=PermissionValue(), source="permissions.all")
    subject_type = Text()
    allow_all_scopes = Flag(help_text="Left out unless it is so.")
    default_for = Text()

    def get_audience(self, grant: ClientGrant) -> str:
        return grant.api.audience_at(self.context["view"].http.tenant.issuer)

    def to_representation(self, instance: ClientGrant) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {name: value for name, value in shown.items() if value or name != "allow_all_scopes"}


class ClientGrantsQuery(CheckpointQuery):
    audience = serializers.CharField(required=False, max_length=600, help_text="Only those for this API.")
    client_id = serializers.CharField(required=False, max_length=255, help_text="Only those of this application.")
    subject_type = serializers.ChoiceField(choices=SubjectType.values, required=False)
    default_for = serializers.ChoiceField(choices=DefaultFor.values, required=False)
    allow_any_organization = serializers.BooleanField(required=False, help_text="true finds none.")


class OrganizationAnswer(Body):
    """An organization that a client grant is for: there is none."""

    id = Text()
    name = Text()
    display_name = Text()
