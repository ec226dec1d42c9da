"""What a client learns of an issuer before it asks for a token."""

import jwt
import pytest

from tenants.keys import rotation
from tenants.services import add_domain, remove_domain, update_tenant
from tests import factories
from tests.conftest import SecureClient
from tests.factories import BY
from tests.verification import verified

METADATA = [
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/",
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/",
]


@pytest.mark.parametrize("path", METADATA)
@pytest.mark.spec("RFC 8414", "3", "metadata at every address that an issuer without a path has")
def test_metadata_says_only_what_is_true_today(acme, path):
    response = acme.http().get(path)
    assert response.status_code == 200
    assert response.json() == {
        "issuer": "https://acme.example.com/",
        "token_endpoint": "https://acme.example.com/oauth/token",
        "jwks_uri": "https://acme.example.com/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def test_everything_that_metadata_names_answers(acme):
    metadata = acme.http().get(METADATA[0]).json()
    assert metadata["token_endpoint"] == f"{acme.issuer}oauth/token"
    assert acme.http().post("/oauth/token").json()["error"] == "invalid_request"
    assert acme.http().get("/.well-known/jwks.json").status_code == 200
    assert acme.http().get("/authorize").status_code == 404, "not promised, so not there"


def test_the_key_set_has_the_current_the_next_and_the_previous_key(acme):
    rotation.rotate(acme.tenant, by=BY)
    keys = acme.http().get("/.well-known/jwks.json").json()["keys"]
    states = {key.kid: key.state for key in acme.tenant.signing_keys.all()}
    assert [states[key["kid"]] for key in keys] == ["current", "next", "previous"]
    for key in keys:
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e", "x5t", "x5c"}
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")


def test_a_flag_leaves_alg_out_of_the_key_set_and_tokens_still_verify(acme):
    update_tenant(acme.tenant, flags={"remove_alg_from_jwks": True}, by=BY)
    assert all("alg" not in key for key in acme.http().get("/.well-known/jwks.json").json()["keys"])
    assert verified(acme, acme.ask().json()["access_token"])


def test_an_unchanged_key_set_is_not_sent_twice(acme):
    first = acme.http().get("/.well-known/jwks.json")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = acme.http(if_none_match=first.headers["ETag"]).get("/.well-known/jwks.json")
    assert (again.status_code, again.content) == (304, b"")
    assert acme.http(if_none_match=f'W/{first.headers["ETag"]}, "x"').get("/.well-known/jwks.json").status_code == 304
    rotation.rotate(acme.tenant, by=BY)
    assert acme.http(if_none_match=first.headers["ETag"]).get("/.well-known/jwks.json").status_code == 200


def test_a_tenant_whose_keys_are_gone_publishes_none_and_issues_none(acme):
    acme.tenant.signing_keys.all().delete()
    assert acme.http().get("/.well-known/jwks.json").json() == {"keys": []}
    response = acme.ask()
    assert response.status_code == 503
    assert "rotate_keys" in acme.events("feccft")[0].details["remedy"]


def test_each_domain_of_a_tenant_is_an_issuer_of_its_own(acme):
    add_domain(acme.tenant, "login.acme.example", by=BY)
    other = SecureClient(headers={"host": "login.acme.example"})
    assert other.get(METADATA[0]).json()["issuer"] == "https://login.acme.example/"
    token = other.post("/oauth/token", acme.good_request(), content_type="application/json").json()["access_token"]
    remove_domain(acme.tenant.domains.last(), by=BY)
    with pytest.raises(jwt.InvalidIssuerError):
        verified(acme, token)


def test_T089_metadata_is_for_scripts_of_every_origin(acme):
    for path in [*METADATA, "/.well-known/jwks.json"]:
        response = acme.http(origin="https://anyone.example").get(path)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers


def test_T089_the_token_endpoint_is_for_scripts_of_registered_origins_only(acme):
    factories.make_application(acme.tenant, "Tracker", app_type="spa", allowed_origins="https://tracker.example")
    for origin, allowed in [("https://tracker.example", True), ("https://evil.example", False), ("null", False)]:
        preflight = acme.http(origin=origin, access_control_request_method="POST").options("/oauth/token")
        assert preflight.status_code == 204
        assert preflight.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
        assert ("auth0-client" in preflight.headers.get("Access-Control-Allow-Headers", "")) == allowed
        answer = acme.http(origin=origin).post("/oauth/token", {}, content_type="application/json")
        assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_T089_an_origin_of_another_tenant_is_not_registered_here(acme, globex):
    factories.make_application(globex.tenant, "Tracker", app_type="spa", allowed_origins="https://tracker.example")
    assert "Access-Control-Allow-Origin" not in acme.http(origin="https://tracker.example").options("/oauth/token").headers
