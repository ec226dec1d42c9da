"""The client as /api/v2 shows it, and which callers see what of it (`wire.md` §2.6)."""

from typing import Any

from rest_framework import serializers

from apis.management_api.client_shapes import UNSAID_TYPE
from apis.management_api.client_shapes_kept import KeptMembers
from apis.management_api.client_shapes_tokens import ClientRefreshTokenAnswer, JWTConfigurationAnswer
from apis.models import Application, AppType, TokenEndpointAuthMethod
from apis.services import credentials
from tenants.rest.fields import Document, Flag, Items, Lines, Text

# What the scope of any operation that reads clients shows.
SUMMARY = frozenset({"client_id", "name", "description", "app_type", "logo_uri", "is_first_party", "tenant", "global"})
# What is about keys, with the scopes of which any one shows it. All the rest is for `REST`.
KEYS = {
    "signing_keys": ("read:clients", "read:client_keys", "read:client_credentials"),
    "client_authentication_methods": ("read:client_keys", "read:client_credentials"),
}
REST = ("read:clients", "read:client_keys")


class ClientAnswer(KeptMembers):
    """A client. What was never set is left out, as Auth0 leaves it out, and so is what the caller may not see."""

    tenant = serializers.SerializerMethodField()
    global_ = serializers.SerializerMethodField()
    client_id = Text()
    client_secret = serializers.SerializerMethodField(help_text="Only in the answer that makes it.")
    name = Text()
    description = Text()
    app_type = serializers.SerializerMethodField()
    logo_uri = Text()
    is_first_party = Flag()
    oidc_conformant = Flag(source="other_settings.oidc_conformant", default=False)
    custom_login_page_on = Flag(source="other_settings.custom_login_page_on", default=True)
    sso_disabled = Flag(source="other_settings.sso_disabled", default=False)
    cross_origin_authentication = Flag(source="other_settings.cross_origin_authentication", default=False)
    is_token_endpoint_ip_header_trusted = Flag()
    callbacks = Lines(source="redirect_uris")
    allowed_logout_urls = Lines(source="post_logout_redirect_uris")
    allowed_origins = Lines()
    web_origins = Lines()
    grant_types = Items(child=Text())
    token_endpoint_auth_method = serializers.SerializerMethodField()
    client_authentication_methods = serializers.SerializerMethodField()
    jwt_configuration = JWTConfigurationAnswer(source="*")
    refresh_token = ClientRefreshTokenAnswer(source="*")
    signing_keys = serializers.SerializerMethodField()
    skip_non_verifiable_callback_uri_confirmation_prompt = Flag()
    resource_server_identifier = serializers.SerializerMethodField()
    client_metadata = Document()

    def get_fields(self) -> dict[str, Any]:
        # `global` is a word of Python.
        fields = {name.rstrip("_"): field for name, field in super().get_fields().items()}
        hidden = self.context["view"].hidden if "view" in self.context else frozenset()
        return {name: field for name, field in fields.items() if name not in hidden}

    def get_tenant(self, application: Application) -> str:
        return str(self.context["view"].http.tenant.name)

    def get_global(self, application: Application) -> bool:
        return False

    def get_client_secret(self, application: Application) -> str | None:
        return self.context["view"].issued or None

    def get_app_type(self, application: Application) -> str | None:
        unsaid = application.other_settings.get(UNSAID_TYPE) and application.app_type == AppType.REGULAR_WEB
        return None if unsaid else application.app_type

    def get_token_endpoint_auth_method(self, application: Application) -> str | None:
        method = application.token_endpoint_auth_method
        return None if method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT else method

    def get_client_authentication_methods(self, application: Application) -> dict[str, Any] | None:
        return credentials.client_authentication_methods(application)

    def get_signing_keys(self, application: Application) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.context["view"].signing_keys
        return found

    def get_resource_server_identifier(self, application: Application) -> str | None:
        api = application.resource_server
        return api.audience_at(self.context["view"].http.tenant.issuer) if api else None

    def to_representation(self, instance: Application) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {name: value for name, value in shown.items() if value or name != "client_metadata"}


MEMBERS = frozenset(name.rstrip("_") for name in ClientAnswer._declared_fields)
