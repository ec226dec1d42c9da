"""Members of Auth0's client that ask for something that would not happen here: refused, each with its reason. A table.

The value that asks for nothing is accepted, as Auth0's own tools send it, and forgotten. What merely describes the client is
in `client_shapes_kept`.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from tenants.rest.fields import Choice, Document, Flag, Unsupported
from tenants.rest.serializers import Body


class Forgotten(Body):
    """An object that is checked member by member, for `Unsupported` ones among them, and not kept."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"required": False, "allow_null": True, "write_only": True} | options)

    def run_validation(self, data: Any = empty) -> Any:
        super().run_validation(data)
        raise serializers.SkipField


_SOCIAL = "Social connections are not supported"
_NO_LOGOUT = "Back-channel logout is not supported: nobody would call these addresses"
_NO_ORGANIZATIONS = "Organizations are not supported"
_NO_PAGES = "Login pages of your own are not supported"
_NO_CROSS_ORIGIN = "Cross-origin authentication is not supported: send people to /authorize"
_NO_TRANSFER = "Native to web single sign-on is not supported"


class SocialLogin(Forgotten):
    enabled = Unsupported(_SOCIAL, harmless=[False])


class NativeSocialLogin(Forgotten):
    apple, facebook, google = SocialLogin(), SocialLogin(), SocialLogin()


class BackChannelLogout(Forgotten):
    backchannel_logout_urls = Unsupported(_NO_LOGOUT, harmless=[[]])
    backchannel_logout_initiators = Document(required=False, allow_null=True)
    backchannel_logout_session_metadata = Document(required=False, allow_null=True)


class SignedRequestObject(Forgotten):
    required_ = Unsupported("Signed authorization requests are not supported", harmless=[False])
    credentials = Unsupported("Signed authorization requests are not supported", harmless=[[]])

    def get_fields(self) -> dict[str, Any]:
        # `required` is a name that the serializer itself uses.
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class TokenExchange(Forgotten):
    allow_any_profile_of_type = Unsupported("Token exchange is not supported", harmless=[[]])


class SessionTransfer(Forgotten):
    can_create_session_transfer_token = Unsupported(_NO_TRANSFER, harmless=[False])
    allowed_authentication_methods = Unsupported(_NO_TRANSFER, harmless=[[]])
    delegation = Unsupported(_NO_TRANSFER)
    enforce_cascade_revocation = Flag(required=False, allow_null=True)
    enforce_device_binding = Choice(choices=["ip", "asn", "none"], required=False, allow_null=True)
    allow_refresh_token = Flag(required=False, allow_null=True)
    enforce_online_refresh_tokens = Flag(required=False, allow_null=True)


class RefusedMembers(Body):
    """What Auth0 does and we do not."""

    sso_disabled = Unsupported("Single sign-on cannot be switched off for one application", harmless=[False])
    cross_origin_authentication = Unsupported(_NO_CROSS_ORIGIN, harmless=[False])
    cross_origin_auth = Unsupported(_NO_CROSS_ORIGIN, harmless=[False])
    custom_login_page = Unsupported(_NO_PAGES, harmless=[""])
    custom_login_page_preview = Unsupported(_NO_PAGES, harmless=[""])
    form_template = Unsupported("WS-Federation is not supported", harmless=[""])
    encryption_key = Unsupported("WS-Federation is not supported", harmless=[{}])
    addons = Unsupported("Add-ons, such as SAML and WS-Federation, are not supported", harmless=[{}])
    native_social_login = NativeSocialLogin()
    fedcm_login = Unsupported(_SOCIAL, harmless=[{}])
    oidc_logout = BackChannelLogout()
    oidc_backchannel_logout = BackChannelLogout()
    organization_usage = Unsupported(_NO_ORGANIZATIONS, harmless=["deny"])
    organization_require_behavior = Unsupported(_NO_ORGANIZATIONS, harmless=["no_prompt"])
    organization_discovery_methods = Unsupported(_NO_ORGANIZATIONS, harmless=[[]])
    default_organization = Unsupported(_NO_ORGANIZATIONS, harmless=[{}])
    my_organization_configuration = Unsupported(_NO_ORGANIZATIONS)
    require_pushed_authorization_requests = Unsupported("Pushed requests are not supported", harmless=[False])
    par_request_expiry = Unsupported("Pushed requests are not supported")
    require_proof_of_possession = Unsupported("DPoP and mutual TLS are not supported", harmless=[False])
    signed_request_object = SignedRequestObject()
    compliance_level = Unsupported("The FAPI profiles are not supported", harmless=["none"])
    token_exchange = TokenExchange()
    token_quota = Unsupported("Tokens are not counted against a quota")
    token_vault_privileged_access = Unsupported("The token vault is not supported")
    session_transfer = SessionTransfer()
    third_party_security_mode = Unsupported("Only the permissive mode is supported", harmless=["permissive"])
    redirection_policy = Unsupported("People are always sent back to registered callbacks", harmless=["allow_always"])
    express_configuration = Unsupported("Okta's express configuration is not supported")
    b2b_integration_configuration = Unsupported("B2B integrations are not supported")
    identity_assertion_authorization_grant = Unsupported("Identity assertion grants are not supported")
    anonymous_sessions = Unsupported("Anonymous sessions are not supported")
    enforce_anon_session_transfer_network_binding = Unsupported("Anonymous sessions are not supported", harmless=["none"])
    oidc_support = Unsupported("The level of OIDC support cannot be chosen")
