"""The client as /api/v2 writes it (`wire.md` §2.6): Auth0's names for the columns of an application."""

from typing import Any

from rest_framework import serializers

from apis.management_api.client_shapes_kept import KeptMembers
from apis.management_api.client_shapes_refused import RefusedMembers
from apis.management_api.client_shapes_tokens import JWTConfiguration, RefreshTokenConfiguration
from apis.models import AppType, TokenEndpointAuthMethod
from apis.services.applications import MIN_SECRET_LENGTH
from tenants.rest.fields import Choice, Document, Flag, Items, Lines, Text

MOST_ADDRESSES = 1_000
# The name of another member of `other_settings`: nobody has said of what type the application is.
UNSAID_TYPE = "app_type_unsaid"
# Auth0's types for integrations that it has ready.
_INTEGRATIONS = frozenset(
    [
        "express_configuration",
        "rms",
        "box",
        "cloudbees",
        "concur",
        "dropbox",
        "mscrm",
        "echosign",
        "egnyte",
        "newrelic",
        "office365",
        "salesforce",
        "sentry",
        "sharepoint",
        "slack",
        "springcm",
        "zendesk",
        "zoom",
        "sso_integration",
        "oag",
    ]
)
SECRET_METHODS = [
    TokenEndpointAuthMethod.NONE.value,
    TokenEndpointAuthMethod.CLIENT_SECRET_POST.value,
    TokenEndpointAuthMethod.CLIENT_SECRET_BASIC.value,
]

# Where a column has another name on the wire, for what a rule of the model says about it.
WIRE_NAMES = {
    "redirect_uris": "callbacks",
    "post_logout_redirect_uris": "allowed_logout_urls",
    "id_token_alg": "jwt_configuration.alg",
    "id_token_lifetime": "jwt_configuration.lifetime_in_seconds",
    "refresh_token_rotation": "refresh_token.rotation_type",
    "refresh_token_leeway": "refresh_token.leeway",
    "refresh_token_lifetime": "refresh_token.token_lifetime",
    "refresh_token_idle_lifetime": "refresh_token.idle_token_lifetime",
    "resource_server": "resource_server_identifier",
}


class ApplicationTypeField(Choice):
    """A type that we know; of Auth0's others it says what they are."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and data in _INTEGRATIONS:
            raise serializers.ValidationError(f"Ready-made integrations, such as {data}, are not supported")
        return super().to_internal_value(data)


def _addresses(column: str) -> Any:
    return Lines(source=column, max_length=MOST_ADDRESSES, required=False, allow_null=True)


class ClientPatch(KeptMembers, RefusedMembers):
    """What may change. Names and values of `client_metadata` are merged with those there are, null removing one."""

    name = Text(max_length=255, required=False, allow_blank=False)
    description = Text(max_length=140, required=False, allow_null=True)
    client_secret = Text(min_length=MIN_SECRET_LENGTH, max_length=255, required=False, write_only=True)
    app_type = ApplicationTypeField(choices=AppType.values, required=False, allow_null=True)
    logo_uri = Text(max_length=2_048, required=False, allow_null=True)
    callbacks = _addresses("redirect_uris")
    allowed_logout_urls = _addresses("post_logout_redirect_uris")
    allowed_origins = Lines(max_length=MOST_ADDRESSES, required=False, allow_null=True)
    web_origins = Lines(max_length=MOST_ADDRESSES, required=False, allow_null=True)
    grant_types = Items(child=Text(max_length=255), max_length=100, required=False, allow_null=True)
    token_endpoint_auth_method = Choice(choices=SECRET_METHODS, required=False, allow_null=True)
    client_authentication_methods = Document(
        required=False, allow_null=True, help_text="{private_key_jwt: {credentials: [{id} or a new credential]}}"
    )
    is_first_party = Flag(required=False)
    is_token_endpoint_ip_header_trusted = Flag(required=False)
    skip_non_verifiable_callback_uri_confirmation_prompt = Flag(required=False, allow_null=True)
    jwt_configuration = JWTConfiguration(source="*", required=False, allow_null=True)
    refresh_token = RefreshTokenConfiguration(source="*", required=False, allow_null=True)
    client_metadata = Document(required=False, allow_null=True)
    cleared = {
        "description": "",
        "logo_uri": "",
        "redirect_uris": "",
        "post_logout_redirect_uris": "",
        "allowed_origins": "",
        "web_origins": "",
        "grant_types": list,
        "token_endpoint_auth_method": "",
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A type that nobody says is kept as that, for an answer without one; the application acts as a web application."""
        if attrs.get("client_authentication_methods") and attrs.get("token_endpoint_auth_method"):
            raise serializers.ValidationError({"client_authentication_methods": ["Say this or token_endpoint_auth_method"]})
        if "app_type" in attrs:
            unsaid = attrs["app_type"] is None
            attrs["app_type"] = attrs["app_type"] or AppType.REGULAR_WEB
            attrs.setdefault("other_settings", {})[UNSAID_TYPE] = True if unsaid else None
        return attrs


class ClientPost(ClientPatch):
    name = Text(max_length=255)
    resource_server_identifier = Text(
        max_length=600, required=False, allow_null=True, help_text="With app_type resource_server: the API that this is."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate({"app_type": None} | attrs)
        # Nothing said is the type's, unlike an empty list.
        if self.initial_data.get("grant_types") is None:
            attrs.pop("grant_types", None)
        if attrs.get("resource_server_identifier") and attrs["app_type"] != AppType.RESOURCE_SERVER:
            raise serializers.ValidationError(
                {"resource_server_identifier": ["Only an application of the app_type resource_server is an API"]}
            )
        return attrs
