"""/api/v2/tenants/settings: defaults, what changes, and what would be a lie (`wire.md` §2.6)."""

import pytest

from tenants.models import Tenant
from tenants.models.tenant import FLAGS
from tenants.services import create_connection
from tests.factories import BY
from tests.management_api.caller import error

PATH = "tenants/settings"


def test_a_tenant_that_never_said_anything_has_auth0s_defaults(api2):
    response = api2.get(PATH)
    assert response.status_code == 200
    assert response.json() == {
        "default_audience": "",
        "default_directory": "",
        "session_lifetime": 168,
        "idle_session_lifetime": 72,
        "ephemeral_session_lifetime": 72,
        "idle_ephemeral_session_lifetime": 24,
        "session_cookie": {"mode": "persistent"},
        "sessions": {"oidc_logout_prompt_enabled": True},
        "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
        "flags": FLAGS,
        "enabled_locales": ["en", "de", "fr", "es", "ja", "ar"],
        "sandbox_version": "22",
        "sandbox_versions_available": ["22"],
        "device_flow": {"charset": "base20", "mask": "****-****"},
        "mtls": {"enable_endpoint_aliases": False},
        "skip_non_verifiable_callback_uri_confirmation_prompt": False,
        "pushed_authorization_requests_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "resource_parameter_profile": "audience",
        "client_id_metadata_document_supported": False,
        "dynamic_client_registration_security_mode": "permissive",
        "customize_mfa_in_postlogin_action": False,
        "allow_organization_name_in_authentication_api": False,
    }


def test_every_setting_that_acts_changes_its_column_and_is_answered(api2, acme):
    create_connection(acme.tenant, "Users", by=BY)
    sent = {
        "friendly_name": "Acme",
        "picture_url": "https://acme.example/logo.png",
        "support_email": "help@acme.example",
        "support_url": "https://acme.example/help",
        "default_audience": acme.api.identifier,
        "default_directory": "Users",
        "allowed_logout_urls": ["https://acme.example/bye", "https://acme.example/gone"],
        "session_lifetime": 24,
        "idle_session_lifetime": 8,
        "session_cookie": {"mode": "non-persistent"},
        "sessions": {"oidc_logout_prompt_enabled": False},
        "skip_non_verifiable_callback_uri_confirmation_prompt": True,
    }
    response = api2.patch(PATH, sent)
    assert response.status_code == 200, response.content
    assert response.json().items() >= sent.items()
    assert api2.get(PATH).json() == response.json()
    tenant = Tenant.objects.get(pk=acme.tenant.pk)
    assert (tenant.session_lifetime, tenant.idle_session_lifetime) == (24, 8)
    assert (tenant.session_cookie_mode, tenant.oidc_logout_prompt_enabled) == ("non-persistent", False)
    assert tenant.allowed_logout_urls == "https://acme.example/bye\nhttps://acme.example/gone"


def test_what_is_answered_may_be_sent_back_and_changes_nothing(api2, acme):
    create_connection(acme.tenant, "Users", by=BY)
    api2.patch(
        PATH,
        {
            "friendly_name": "Acme",
            "default_directory": "Users",
            "default_audience": acme.api.identifier,
            "allowed_logout_urls": ["https://acme.example/bye"],
            "flags": {"enable_dynamic_client_registration": True, "enable_sso": True, "enable_idtoken_api2": False},
            "universal_login": {"colors": {"primary": "#000000"}},
        },
    )
    before = api2.get(PATH).json()
    for _ in range(2):
        response = api2.patch(PATH, before)
        assert response.status_code == 200, response.content
        assert response.json() == before
    assert api2.get(PATH).json() == before


def test_one_tenants_settings_are_anothers_by_export_and_import(api2, other2):
    api2.patch(PATH, {"friendly_name": "Acme", "session_lifetime": 24, "enabled_locales": ["de", "en"]})
    exported = api2.get(PATH).json()
    assert other2.patch(PATH, exported).json() == exported


def test_the_deploy_tool_sends_lifetimes_in_minutes(api2):
    minutes = {
        "session_lifetime_in_minutes": 1_440,
        "idle_session_lifetime_in_minutes": 60,
        "ephemeral_session_lifetime_in_minutes": 4_320,
        "idle_ephemeral_session_lifetime_in_minutes": 1_440,
    }
    changed = api2.patch(PATH, minutes).json()
    assert (changed["session_lifetime"], changed["idle_session_lifetime"]) == (24, 1)
    assert not set(changed) & set(minutes)


@pytest.mark.parametrize("hours", [168, 168.0])
def test_whole_hours_may_be_written_with_a_point(api2, hours):
    assert api2.patch(PATH, {"session_lifetime": hours}).json()["session_lifetime"] == 168


def test_what_no_rule_looks_at_is_kept_as_a_whole_and_null_brings_the_default_back(api2):
    kept = {
        "enabled_locales": ["de", "en"],
        "change_password": {"enabled": False, "html": "<p>Hello</p>"},
        "guardian_mfa_page": {"enabled": False, "html": ""},
        "error_page": {"html": "", "show_log_link": True, "url": ""},
        "universal_login": {"colors": {"primary": "#123456", "page_background": "#ffffff"}},
        "device_flow": {"charset": "digits", "mask": "***-***"},
        "sandbox_version": "18",
    }
    assert api2.patch(PATH, kept).json().items() >= kept.items()
    assert api2.patch(PATH, {"universal_login": {"colors": {}}}).json()["universal_login"] == {"colors": {}}
    cleared = api2.patch(PATH, dict.fromkeys(kept)).json()
    assert cleared["enabled_locales"][0] == "en"
    assert cleared["device_flow"]["charset"] == "base20"
    assert not {"change_password", "universal_login", "error_page"} & set(cleared)


def test_null_clears_the_columns(api2, acme):
    api2.patch(
        PATH, {"friendly_name": "Acme", "default_audience": acme.api.identifier, "picture_url": "https://a.example/x"}
    )
    names = ["friendly_name", "default_audience", "picture_url", "default_directory", "allowed_logout_urls", "support_email"]
    shown = api2.patch(PATH, dict.fromkeys(names)).json()
    assert shown["default_audience"] == ""
    assert not {"friendly_name", "picture_url", "allowed_logout_urls"} & set(shown)


def test_flags_are_merged_and_auth0s_others_are_kept(api2):
    api2.patch(PATH, {"flags": {"remove_alg_from_jwks": True}})
    others = {"enable_pipeline2": True, "disable_impersonation": True, "change_pwd_flow_v1": False, "enable_sso": True}
    shown = api2.patch(PATH, {"flags": others}).json()["flags"]
    assert shown == FLAGS | {"remove_alg_from_jwks": True} | others


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ({"enable_everything": True}, "Unknown flag: enable_everything"),
        ({"enable_sso": False}, "enable_sso cannot be false"),
        ({"disable_clickjack_protection_headers": True}, "disable_clickjack_protection_headers cannot be true"),
        ({"require_pushed_authorization_requests": True}, "require_pushed_authorization_requests cannot be true"),
        ({"enable_apis_section": "true"}, "enable_apis_section is true or false"),
        (["enable_apis_section"], "Expected type object"),
        (None, "flags"),
    ],
)
def test_flags_that_nobody_knows_or_that_would_be_lies_are_refused(api2, flags, reason):
    status, code, message = error(api2.patch(PATH, {"flags": flags}))
    assert (status, code) == (400, "invalid_body")
    assert reason in message
    assert api2.get(PATH).json()["flags"] == FLAGS


@pytest.mark.parametrize(
    "members",
    [
        {"mtls": {"enable_endpoint_aliases": True}},
        {"pushed_authorization_requests_supported": True},
        {"dynamic_client_registration_security_mode": "strict"},
        {"client_id_metadata_document_supported": True},
        {"customize_mfa_in_postlogin_action": True},
        {"default_token_quota": {"clients": {"client_credentials": {"per_day": 1}}}},
        {"resource_parameter_profile": "compatibility"},
        {"authorization_response_iss_parameter_supported": False},
        {"oidc_logout": {"rp_logout_end_session_endpoint_discovery": False}},
        {"change_password": {"enabled": True, "html": "<p>"}},
        {"error_page": {"url": "https://acme.example/oops"}},
        {"acr_values_supported": ["urn:acme:gold"]},
        {"ephemeral_session_lifetime": 1},
        {"sandbox_versions_available": ["8"]},
        {"default_redirection_uri": "https://acme.example/"},
        {"session_lifetime": 1.5},
        {"session_lifetime": 0},
        {"session_lifetime": 8_761},
        {"session_lifetime_in_minutes": 90},
        {"session_cookie": {"mode": "eternal"}},
        {"session_cookie": {}},
        {"default_audience": "https://nobody.example"},
        {"default_directory": "nobody"},
        {"picture_url": "javascript:alert(1)"},
        {"support_email": "nobody"},
        {"allowed_logout_urls": ["javascript:alert(1)"]},
        {"allowed_logout_urls": "https://acme.example"},
        {"universal_login": {"colors": "\x00"}},
        {"security_profile": "oidc"},
        {"name": "other"},
    ],
    ids=str,
)
def test_settings_that_are_wrong_or_would_be_lies_are_refused_and_change_nothing(api2, members):
    before = api2.get(PATH).json()
    assert error(api2.patch(PATH, {"friendly_name": "Changed"} | members))[:2] == (400, "invalid_body")
    assert api2.get(PATH).json() == before


def test_only_the_fields_asked_for_are_shown(api2):
    assert api2.get(PATH, fields="session_lifetime,flags").json() == {"session_lifetime": 168, "flags": FLAGS}
    assert "flags" not in api2.get(PATH, fields="flags", include_fields="false").json()


def test_T139_settings_are_those_of_the_tenant_that_is_called(api2, other2, globex):
    create_connection(globex.tenant, "Theirs", by=BY)
    assert error(api2.patch(PATH, {"default_directory": "Theirs"}))[0] == 400
    api2.patch(PATH, {"friendly_name": "Acme", "enabled_locales": ["de"]})
    theirs = other2.get(PATH).json()
    assert "friendly_name" not in theirs
    assert theirs["enabled_locales"] == ["en", "de", "fr", "es", "ja", "ar"]


def test_a_change_is_an_event_with_its_author(api2, acme):
    api2.patch(PATH, {"friendly_name": "Acme"})
    event = acme.events("sapi")[0]
    assert (event.description, event.details["changes"]) == ("Update tenant settings", {"friendly_name": "Acme"})
    assert event.details["actor"]["type"] == "client"
