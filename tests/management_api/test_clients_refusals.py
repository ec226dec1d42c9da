"""What /api/v2/clients does not take: other tenants, columns that are nobody's, and what would be a lie."""

import re

import pytest

from apis.models import Application
from tests import factories
from tests.management_api.caller import error
from tests.people import CALLBACK


def refused(property_, sentence):
    about = f" on property {property_}" if property_ else ""
    return (400, "invalid_body", f"Payload validation error: '{sentence}'{about}.")


@pytest.mark.parametrize(
    "member",
    [
        "tenant",
        "tenant_id",
        "global",
        "enabled",
        "client_id",
        "id",
        "pk",
        "is_system",
        "created",
        "secrets",
        "connections",
        "credentials",
        "other_settings",
        "redirect_uris",
        "post_logout_redirect_uris",
        "resource_server",
        "id_token_alg",
        "refresh_token_lifetime",
        "signing_keys",
        "app_type_unsaid",
    ],
)
def test_T139_no_body_reaches_a_column_that_is_not_on_the_wire(api2, acme, member):
    sentence = f"Additional properties not allowed: {member}"
    before = Application.objects.count()
    assert error(api2.post("clients", {"name": "Shop", member: 1})) == refused("", sentence)
    path = f"clients/{acme.application.client_id}"
    assert error(api2.patch(path, {member: 1})) == refused("", sentence)
    assert Application.objects.count() == before


def test_T139_another_tenants_client_does_not_exist(api2, globex, other2):
    path = f"clients/{globex.application.client_id}"
    for response in (api2.get(path), api2.patch(path, {"name": "Mine"}), api2.get(f"{path}/connections")):
        assert error(response) == (404, "inexistent_client", "The client does not exist")
    assert api2.delete(path).status_code == 204
    assert other2.get(path).json()["name"] == globex.application.name
    assert globex.application.client_id not in api2.get("clients").content.decode()


def test_T139_a_client_cannot_be_made_the_backend_of_another_tenants_api(api2, globex):
    foreign = factories.make_api(globex.tenant, "urn:globex-only")
    sent = {"name": "Spy", "app_type": "resource_server", "resource_server_identifier": foreign.identifier}
    assert api2.post("clients", sent).status_code == 404
    assert not Application.objects.filter(name="Spy").exists()


def test_the_backend_of_an_api_stays_that(api2, acme):
    sent = {"name": "Orders", "app_type": "resource_server", "resource_server_identifier": acme.api.identifier}
    path = f"clients/{api2.post('clients', sent).json()['client_id']}"
    sentence = "Additional properties not allowed: resource_server_identifier"
    assert error(api2.patch(path, {"resource_server_identifier": "urn:other"})) == refused("", sentence)


ROTATING = {"rotation_type": "rotating", "expiration_type": "expiring"}


@pytest.mark.parametrize(
    ("sent", "property_", "sentence"),
    [
        ({"name": ""}, "name", "This field may not be blank"),
        ({"name": None}, "name", "This field may not be null"),
        ({"name": 7}, "name", "Expected type string but found type integer"),
        ({"callbacks": CALLBACK}, "callbacks", "Expected type array but found type string"),
        ({"callbacks": ["https://a.example b"]}, "callbacks", "The entries must be addresses without spaces"),
        ({"is_first_party": "yes"}, "is_first_party", "Expected type boolean but found type string"),
        (
            {"app_type": "sso_integration"},
            "app_type",
            "Ready-made integrations, such as sso_integration, are not supported",
        ),
        (
            {"app_type": "toaster"},
            "app_type",
            "No enum match, allowed are: regular_web, spa, native, non_interactive, resource_server",
        ),
        (
            {"token_endpoint_auth_method": "private_key_jwt"},
            "token_endpoint_auth_method",
            "No enum match, allowed are: none, client_secret_post, client_secret_basic",
        ),
        (
            {"refresh_token": ROTATING | {"infinite_token_lifetime": True, "infinite_idle_token_lifetime": True}},
            "refresh_token.expiration_type",
            "Nothing expires where both lifetimes are infinite",
        ),
        ({"refresh_token": {"expiration_type": "expiring"}}, "refresh_token.rotation_type", "This field is required"),
        (
            {"refresh_token": ROTATING | {"policies": [{"audience": "urn:a", "scope": ["a"]}]}},
            "refresh_token.policies",
            "Refresh tokens for several APIs are not supported",
        ),
        ({"refresh_token": ROTATING | {"colour": 1}}, "refresh_token", "Additional properties not allowed: colour"),
        (
            {"jwt_configuration": {"alg": "none"}},
            "jwt_configuration.alg",
            "No enum match, allowed are: RS256, HS256, PS256, ES256, EdDSA",
        ),
        (
            {"jwt_configuration": {"secret_encoded": True}},
            "jwt_configuration.secret_encoded",
            "Client secrets are used as they are, not decoded from base64",
        ),
        ({"client_metadata": ["a"]}, "client_metadata", "Expected type object but found type array"),
        ({"initiate_login_uri": "http://shop.example/"}, "initiate_login_uri", "Use one https address"),
        ({"initiate_login_uri": "javascript:alert(1)"}, "initiate_login_uri", "Use one https address"),
        (
            {"initiate_login_uri": "https://*.shop.example/"},
            "initiate_login_uri",
            "https://*.shop.example/: wildcards are not supported",
        ),
    ],
    ids=str,
)
def test_a_body_that_is_not_right_is_told_what_is_wrong_with_it(api2, acme, sent, property_, sentence):
    expected = refused(property_, sentence)
    assert error(api2.post("clients", {"name": "Shop"} | sent)) == expected
    assert error(api2.patch(f"clients/{acme.application.client_id}", sent)) == expected
    assert not Application.objects.filter(name="Shop").exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": "<script>"}, "name: The name must not contain <, > or control characters."),
        ({"callbacks": ["https://*.shop.example/"]}, "callbacks: https://*.shop.example/: wildcards are not supported."),
        ({"allowed_logout_urls": ["http://shop.example/"]}, None),
        ({"web_origins": ["https://shop.example/path"]}, None),
        ({"grant_types": ["magic"]}, "grant_types: Unknown grant type: magic."),
        (
            {"token_endpoint_auth_method": "none", "grant_types": ["client_credentials"]},
            "grant_types: A public client has no secret, so it cannot use client_credentials (RFC 6749 §4.4).",
        ),
        ({"jwt_configuration": {"alg": "ES256"}}, None),
        ({"client_metadata": {"a": 1}}, None),
    ],
    ids=str,
)
def test_a_rule_of_ours_names_the_member_as_it_was_sent(api2, acme, sent, message):
    for response in (
        api2.post("clients", {"name": "Shop"} | sent),
        api2.patch(f"clients/{acme.application.client_id}", sent),
    ):
        status, code, said = error(response)
        assert (status, code) == (400, "invalid_body")
        member = "jwt_configuration.alg" if "jwt_configuration" in sent else list(sent)[-1]
        assert said == message if message else said.startswith(f"{member}: ")
    assert not Application.objects.filter(name="Shop").exists()


# Member → what asks for something that would not happen, and what asks for nothing.
UNSUPPORTED = {
    "sso_disabled": (True, False),
    "cross_origin_authentication": (True, False),
    "cross_origin_auth": (True, False),
    "custom_login_page": ("<html>", ""),
    "form_template": ("<form>", ""),
    "encryption_key": ({"pub": "x", "cert": "y"}, {}),
    "addons": ({"samlp": {}}, {}),
    "native_social_login": ({"apple": {"enabled": True}}, {"apple": {"enabled": False}, "facebook": {"enabled": False}}),
    "fedcm_login": ({"google": {"is_enabled": True}}, {}),
    "oidc_logout": (
        {"backchannel_logout_urls": ["https://shop.example/logout"]},
        {"backchannel_logout_urls": [], "backchannel_logout_initiators": {"mode": "all"}},
    ),
    "oidc_backchannel_logout": ({"backchannel_logout_urls": ["https://shop.example/"]}, {"backchannel_logout_urls": []}),
    "organization_usage": ("require", "deny"),
    "organization_require_behavior": ("pre_login_prompt", "no_prompt"),
    "organization_discovery_methods": (["email"], []),
    "default_organization": ({"organization_id": "org_1", "flows": ["client_credentials"]}, {}),
    "my_organization_configuration": ({"allowed_strategies": []}, None),
    "require_pushed_authorization_requests": (True, False),
    "par_request_expiry": (60, None),
    "require_proof_of_possession": (True, False),
    "signed_request_object": ({"required": True}, {"required": False, "credentials": []}),
    "compliance_level": ("fapi1_adv_pkj_par", "none"),
    "token_exchange": ({"allow_any_profile_of_type": ["custom_authentication"]}, {"allow_any_profile_of_type": []}),
    "token_quota": ({"client_credentials": {"per_day": 5}}, None),
    "token_vault_privileged_access": ({"credentials": []}, None),
    "session_transfer": (
        {"can_create_session_transfer_token": True},
        {
            "can_create_session_transfer_token": False,
            "allowed_authentication_methods": [],
            "enforce_device_binding": "ip",
            "enforce_cascade_revocation": True,
        },
    ),
    "third_party_security_mode": ("strict", "permissive"),
    "redirection_policy": ("open_redirect_protection", "allow_always"),
    "express_configuration": ({"enable_client": True}, None),
    "b2b_integration_configuration": ({}, None),
    "identity_assertion_authorization_grant": ({"active": True}, None),
    "anonymous_sessions": ({"active": True}, None),
    "enforce_anon_session_transfer_network_binding": ("ip", "none"),
    "oidc_support": ({"level": 1}, None),
}


@pytest.mark.parametrize("member", UNSUPPORTED)
def test_what_would_not_happen_is_refused_with_its_reason_and_what_asks_for_nothing_is_forgotten(api2, member):
    asking, idle = UNSUPPORTED[member]
    made = api2.post("clients", {"name": "Shop"}).json()
    path = f"clients/{made['client_id']}"
    for response in (api2.post("clients", {"name": "Other", member: asking}), api2.patch(path, {member: asking})):
        status, code, message = error(response)
        assert (status, code) == (400, "invalid_body")
        assert f"on property {member}" in message
        assert re.search(r"\b(not|cannot|only|always|nobody)\b", message, re.IGNORECASE)
    shown = api2.get(path).json()
    for nothing in (idle, None):
        assert api2.post("clients", {"name": "Idle", member: nothing}).status_code == 201
        assert api2.patch(path, {member: nothing}).json() == shown
    assert Application.objects.get(client_id=made["client_id"]).other_settings == {"app_type_unsaid": True}
    assert not Application.objects.filter(name="Other").exists()


def test_what_nobody_knows_inside_a_known_object_is_refused_too(api2):
    for member, path in (
        ({"oidc_logout": {"colour": 1}}, "oidc_logout"),
        ({"mobile": {"android": {"colour": 1}}}, "mobile.android"),
        ({"native_social_login": {"myspace": {"enabled": False}}}, "native_social_login"),
    ):
        status, code, message = error(api2.post("clients", {"name": "Shop"} | member))
        assert (status, code) == (400, "invalid_body")
        assert "Additional properties not allowed" in message
        assert path in message
