"""The rest of Auth0's API: what its deploy tool reads before it does anything (`wire.md` §3.4), and nothing is written."""

import pytest

from tenants.rest.shells import SHELLS
from tests.management_api.caller import Caller, error

NOT_ENABLED = (403, "feature_not_enabled", "This feature is not available on this server.")

# wire.md §3.4: "must be 200, may be empty".
READABLE = {
    "actions/triggers": {"triggers": []},
    "attack-protection/breached-password-detection": {},
    "attack-protection/brute-force-protection": {},
    "attack-protection/suspicious-ip-throttling": {},
    "branding/phone/providers": {"providers": []},
    "branding/phone/templates": {"templates": []},
    "custom-domains": [],
    "event-streams": {"eventStreams": []},
    "guardian/factors": [],
    "guardian/factors/phone/message-types": {"message_types": []},
    "guardian/policies": [],
    "log-streams": [],
    "prompts": {"universal_login_experience": "new"},
    "prompts/login/custom-text/en": {},
    "prompts/login/partials": {},
}
PAGED = {
    "flows": "flows",
    "flows/vault/connections": "connections",
    "forms": "forms",
    "organizations": "organizations",
    "self-service-profiles": "self_service_profiles",
}
SKIPPED = (
    "rules",
    "rules-configs",
    "hooks",
    "network-acls",
    "rate-limit-policies",
    "supplemental-signals",
    "token-exchange-profiles",
    "user-attribute-profiles",
    "connection-profiles",
    "actions/modules",
    "prompts/rendering",
    "connections-directory-provisionings",
)


def test_the_list_of_actions_that_the_deploy_tool_always_reads(api2):
    found = api2.get("actions/actions", page=0, per_page=100)
    assert found.status_code == 200
    assert found.headers["Content-Type"] == "application/json; charset=utf-8"
    assert found.json() == {"actions": [], "total": 0, "page": 0, "per_page": 100}
    assert api2.get("actions/actions", page=2, per_page=5, deployed="true").json() == {
        "actions": [],
        "total": 0,
        "page": 2,
        "per_page": 5,
    }


@pytest.mark.parametrize("path", READABLE)
def test_what_has_to_be_readable_reads_as_not_used(api2, path):
    assert (api2.get(path).status_code, api2.get(path).json()) == (200, READABLE[path])


@pytest.mark.parametrize("path", PAGED)
def test_an_empty_list_is_empty_in_every_style_of_paging(api2, path):
    assert api2.get(path).json() == []
    assert api2.get(path, page=1, per_page=10, include_totals="true").json() == {
        "start": 10,
        "limit": 10,
        "total": 0,
        PAGED[path]: [],
    }
    assert api2.get(path, take=50).json() == {PAGED[path]: []}
    assert error(api2.get(path, per_page=101))[:2] == (400, "invalid_query_string")


@pytest.mark.parametrize("path", SKIPPED)
def test_what_the_tools_skip_says_that_it_is_not_enabled(api2, path):
    assert error(api2.get(path)) == NOT_ENABLED


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("emails/provider", "inexistent_email_provider", "There is not a configured email provider"),
        ("email-templates/verify_email", "inexistent_email_template", "The template does not exist."),
        ("branding/themes/default", "theme_not_found", "There was an error retrieving the default theme."),
        ("risk-assessments/settings", "", "Not Found"),
        ("guardian/factors/sms/providers/twilio", "", "Not Found"),
        ("no-such-resource", "", "Not Found"),
    ],
)
def test_what_is_not_configured_does_not_exist(api2, path, code, message):
    assert error(api2.get(path)) == (404, code, message)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_of_it_can_be_written(api2, acme, method):
    before = len(acme.events("sapi"))
    for shell in SHELLS:
        assert error(api2.call(method, shell.path.replace("<str:", "").replace(">", ""), {})) == NOT_ENABLED
    assert len(acme.events("sapi")) == before
    assert len(acme.events("fapi")) == len(SHELLS)


def test_any_token_of_the_management_api_reads_it_and_nobody_without(acme, other2):
    reader = Caller(acme, ("read:roles",))
    for shell in SHELLS:
        path = shell.path.replace("<str:", "").replace(">", "")
        assert reader.get(path).status_code == (shell.refusal[0] if shell.refusal else 200)
        assert error(reader.call("get", path, token=""))[0] == 401
        assert error(reader.call("get", path, token=other2.token))[0] == 401


def test_the_document_does_not_promise_it(acme):
    promised = acme.http().get("/api/v2/openapi.json").json()["paths"]
    assert not [shell.path for shell in SHELLS if f"/{shell.path}" in promised]
