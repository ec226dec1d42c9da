"""What a client learns of an issuer before it asks for a token."""

from urllib.parse import urlsplit

import jwt
import pytest

from apis.services.applications import add_secret, update_application
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


SAID = {
    "issuer": "https://acme.example.com/",
    "authorization_endpoint": "https://acme.example.com/authorize",
    "token_endpoint": "https://acme.example.com/oauth/token",
    "userinfo_endpoint": "https://acme.example.com/userinfo",
    "revocation_endpoint": "https://acme.example.com/oauth/revoke",
    "introspection_endpoint": "https://acme.example.com/oauth/introspect",
    "end_session_endpoint": "https://acme.example.com/oidc/logout",
    "jwks_uri": "https://acme.example.com/.well-known/jwks.json",
    "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
    "response_types_supported": [
        "code",
        "token",
        "id_token",
        "id_token token",
        "code token",
        "code id_token",
        "code id_token token",
    ],
    "response_modes_supported": ["query", "fragment", "form_post", "web_message"],
    "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "password",
        "http://auth0.com/oauth/grant-type/password-realm",
        "implicit",
    ],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "PS256"],
    "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    "revocation_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "PS256"],
    "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    "introspection_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "PS256"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256", "HS256", "PS256"],
    "acr_values_supported": ["1"],
    "claims_supported": [
        "sub",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
        "email",
        "email_verified",
        "address",
        "phone_number",
        "phone_number_verified",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "sid",
        "nonce",
        "at_hash",
        "c_hash",
        "s_hash",
    ],
    "claims_parameter_supported": True,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "authorization_response_iss_parameter_supported": True,
    "prompt_values_supported": ["none", "login", "consent", "select_account"],
    "display_values_supported": ["page", "popup", "touch", "wap"],
    "ui_locales_supported": ["en", "de", "fr", "es", "ja", "ar"],
}


@pytest.mark.parametrize("path", METADATA)
@pytest.mark.spec("conformance", "oidcc-discovery-endpoint-verification", "issuer to the byte, algorithms, scopes, types")
@pytest.mark.spec("RFC 8414", "3", "metadata at every address that an issuer without a path has")
def test_metadata_says_only_what_is_true_today(acme, path):
    response = acme.http().get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == SAID


@pytest.mark.parametrize(
    ("member", "method", "status"),
    [
        ("authorization_endpoint", "get", 400),
        ("authorization_endpoint", "post", 400),
        ("token_endpoint", "post", 400),
        ("userinfo_endpoint", "get", 401),
        ("userinfo_endpoint", "post", 401),
        ("revocation_endpoint", "post", 400),
        ("introspection_endpoint", "post", 400),
        ("end_session_endpoint", "get", 302),
        ("end_session_endpoint", "post", 303),
        ("jwks_uri", "get", 200),
    ],
)
def test_every_endpoint_that_metadata_names_answers_and_says_what_is_missing(acme, member, method, status):
    path = acme.http().get(METADATA[0]).json()[member].removeprefix(acme.issuer.rstrip("/"))
    body = {"data": "x=1", "content_type": "application/x-www-form-urlencoded"} if method == "post" else {}
    assert getattr(acme.http(accept="text/html"), method)(path, **body).status_code == status


def test_metadata_names_every_endpoint_there_is_and_no_other():
    named = {urlsplit(value).path for name, value in SAID.items() if name.endswith(("_endpoint", "_uri"))}
    assert named == {
        "/authorize",
        "/oauth/token",
        "/userinfo",
        "/oauth/revoke",
        "/oauth/introspect",
        "/oidc/logout",
        "/.well-known/jwks.json",
    }


def test_every_grant_type_that_metadata_names_is_known_and_no_other(acme):
    for grant_type in SAID["grant_types_supported"]:
        error = acme.ask(grant_type=grant_type, client_secret="wrong").json()["error"]
        # RFC 6749 has no grant type for implicit at the token endpoint: it names a right of the authorization endpoint.
        assert error == ("unsupported_grant_type" if grant_type == "implicit" else "access_denied")
    assert acme.ask(grant_type="urn:ietf:params:oauth:grant-type:device_code").json()["error"] == "unsupported_grant_type"


def test_every_response_type_mode_prompt_and_display_that_metadata_names_is_accepted(people):
    browser = people.signed_in()
    for response_type in SAID["response_types_supported"]:
        response = people.authorize(browser, response_type=response_type)
        assert "error=" not in response.headers["Location"]
    asked = {
        "response_mode": "response_modes_supported",
        "prompt": "prompt_values_supported",
        "display": "display_values_supported",
    }
    for parameter, member in asked.items():
        for value in SAID[member]:
            response = people.authorize(browser, **{parameter: value})
            assert response.status_code in (200, 302)
            assert "error=" not in response.headers.get("Location", "")


def test_every_signing_algorithm_that_metadata_names_signs_id_tokens(people):
    for alg in SAID["id_token_signing_alg_values_supported"]:
        people.web.secrets.all().delete()
        update_application(people.web, by=BY, id_token_alg=alg)
        people.secret = add_secret(people.web, by=BY).value
        assert jwt.get_unverified_header(people.tokens()["id_token"])["alg"] == alg


def test_every_claim_and_scope_that_metadata_names_can_be_asked_for(people):
    tokens = people.tokens(scope=" ".join(SAID["scopes_supported"]))
    assert set(tokens["scope"].split()) == set(SAID["scopes_supported"])
    assert set(jwt.decode(tokens["id_token"], options={"verify_signature": False})) <= set(SAID["claims_supported"])


def test_a_tenant_that_switched_an_algorithm_on_says_so_and_the_other_does_not(acme, globex):
    for world, flags in ((acme, {"enable_ec_keys": True, "enable_okp_keys": True}), (globex, {})):
        update_tenant(world.tenant, flags=flags, by=BY)
        algs = world.http().get(METADATA[0]).json()["id_token_signing_alg_values_supported"]
        assert algs == ["RS256", "HS256", "PS256", *(["ES256", "EdDSA"] if flags else [])]


def test_metadata_has_no_empty_member_and_every_address_is_https_of_the_issuer(acme):
    for name, value in acme.http().get(METADATA[0]).json().items():
        assert value not in ("", [], None), name
        if name.endswith(("_endpoint", "_uri")):
            assert value.startswith(acme.issuer)


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
