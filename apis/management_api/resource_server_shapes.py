"""The resource server as /api/v2 writes and reads it (`wire.md` §2.6)."""

from typing import Any

from rest_framework import serializers

from apis.models import API, ClientPolicy, Permission, SigningAlg, TokenDialect, UserPolicy
from apis.services.apis import Scope, reveal_signing_secret
from tenants.rest.fields import Choice, Flag, Items, Text, Unsupported, Whole
from tenants.rest.serializers import Body, PageQuery, Query

LONGEST_LIFETIME = 2_592_000


class ScopeShape(Body):
    value = Text(max_length=280)
    description = Text(max_length=500, required=False, allow_null=True)
    cleared = {"description": ""}


class UserPolicyShape(Body):
    policy = Choice(choices=UserPolicy.values, source="user_policy")


class ClientPolicyShape(Body):
    policy = Choice(choices=ClientPolicy.values, source="client_policy")


class SubjectTypeAuthorization(Body):
    """Who may ask for the API: applications for people (`user`), applications for themselves (`client`)."""

    user = UserPolicyShape(required=False, source="*")
    client = ClientPolicyShape(required=False, source="*")


class ResourceServerPatch(Body):
    """What may change: everything but the identifier. `scopes` replaces them all."""

    name = Text(max_length=200, required=False, allow_null=True)
    scopes = Items(child=ScopeShape(), required=False, max_length=1_000, allow_null=True)
    signing_alg = Choice(choices=SigningAlg.values, required=False)
    signing_secret = Text(required=False, min_length=16, max_length=512)
    allow_offline_access = Flag(required=False)
    skip_consent_for_verifiable_first_party_clients = Flag(required=False)
    token_lifetime = Whole(required=False, min_value=1, max_value=LONGEST_LIFETIME)
    token_lifetime_for_web = Whole(required=False, min_value=1, max_value=LONGEST_LIFETIME)
    enforce_policies = Flag(required=False)
    token_dialect = Choice(choices=TokenDialect.values, required=False, allow_null=True)
    subject_type_authorization = SubjectTypeAuthorization(required=False, source="*")
    allow_online_access = Unsupported("Refresh tokens that end with the session are not supported", harmless=[False])
    token_encryption = Unsupported("Access tokens are signed, not encrypted")
    consent_policy = Unsupported("Transactional authorization is not supported")
    authorization_details = Unsupported("Rich authorization requests are not supported", harmless=[[]])
    proof_of_possession = Unsupported("Access tokens are bearer tokens: DPoP and mutual TLS are not supported")
    cleared = {"name": "", "scopes": list, "token_dialect": TokenDialect.ACCESS_TOKEN}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`scopes` as the services take them."""
        if "scopes" in attrs:
            attrs["permissions"] = [Scope(**scope) for scope in attrs.pop("scopes")]
        return attrs


class ResourceServerPost(ResourceServerPatch):
    identifier = Text(max_length=600)


class PermissionShape(serializers.Serializer):
    value = Text()
    description = Text()

    def to_representation(self, instance: Permission) -> dict[str, str]:
        described = {"description": instance.description} if instance.description else {}
        return {"value": instance.value} | described


class ResourceServerAnswer(Body):
    """A resource server. What was never set is left out, as Auth0 leaves it out."""

    id = Text()
    name = Text()
    identifier = Text()
    is_system = Flag()
    allow_offline_access = Flag()
    skip_consent_for_verifiable_first_party_clients = Flag()
    token_lifetime = Whole()
    token_lifetime_for_web = Whole()
    signing_alg = Text()
    signing_secret = serializers.SerializerMethodField(help_text="HS256 only, and only for a caller who may change it.")
    enforce_policies = Flag()
    token_dialect = Text()
    scopes = PermissionShape(many=True, source="permissions")
    subject_type_authorization = SubjectTypeAuthorization(source="*")

    def get_signing_secret(self, api: API) -> str | None:
        view = self.context["view"]
        # Who may make APIs is told the secret of the one that they make, and no other's.
        readable = view.request.method == "POST" or view.may("update:resource_servers")
        return reveal_signing_secret(api) if readable and api.signing_secret else None

    def to_representation(self, instance: API) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["identifier"] = instance.audience_at(self.context["view"].http.tenant.issuer)
        return {name: value for name, value in shown.items() if value or name not in {"is_system", "scopes"}}


class ResourceServerQuery(Query):
    include_fields = serializers.BooleanField(required=False, help_text="Accepted without effect.")


class ResourceServersQuery(ResourceServerQuery, PageQuery):
    identifiers = serializers.ListField(child=serializers.CharField(), required=False, help_text="Only these.")
