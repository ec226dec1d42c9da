"""/userinfo: what an application may know of the person, for the access token and nothing else."""

import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from apis.services import apis
from authserver.models import AccessToken
from tenants import config_cache
from tenants.keys.keyring import keyring
from tenants.services import update_tenant
from tests import factories
from tests.conftest import SecureClient
from tests.factories import BY
from tests.people import FORM
from tests.standing import claims, userinfo

ORIGIN = "https://shop.example"


@pytest.fixture
def token(people):
    return people.tokens()["access_token"]


def refused(response, error="invalid_token", status=401):
    """The challenge, nothing about anybody, and nothing to store."""
    assert response.status_code == status, response.content
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="')
    assert f'error="{error}"' in challenge
    assert response.headers["Cache-Control"] == "no-store"
    assert b"ada" not in response.content.lower()
    return True


@pytest.mark.spec("OIDC Core", "5.3.1", "GET and POST, the token in the header or the form")
def test_the_token_may_come_by_get_and_by_post_in_the_header_or_the_form(people, token):
    http = people.world.http
    answers = [
        userinfo(people.world, token),
        http(authorization=f"Bearer {token}").post("/userinfo"),
        http(authorization=f"bearer {token}").post("/userinfo", b"", content_type=FORM),
        http().post("/userinfo", urlencode({"access_token": token}), content_type=FORM),
    ]
    for response in answers:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.json()["sub"] == people.user.user_id
        assert response.json()["email"] == "ada@example.com"


def test_it_tells_what_the_scopes_say_and_no_more(people):
    assert set(userinfo(people.world, people.tokens(scope="openid")["access_token"]).json()) == {"sub"}
    asked = userinfo(people.world, people.tokens(scope="openid email")["access_token"]).json()
    assert set(asked) == {"sub", "email", "email_verified"}


@pytest.mark.spec("RFC 6750", "2.3", "no token in the address")
def test_T074_a_token_in_the_address_is_refused(people, token):
    for response in (
        people.world.http().get(f"/userinfo?access_token={token}"),
        people.world.http(authorization=f"Bearer {token}").get(f"/userinfo?access_token={token}"),
        people.world.http().post(f"/userinfo?access_token={token}"),
    ):
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
        assert response.headers["Cache-Control"] == "no-store"
        assert "sub" not in response.json()


def test_T074_a_token_that_is_sent_twice_is_refused(people, token):
    response = people.world.http(authorization=f"Bearer {token}").post(
        "/userinfo", urlencode({"access_token": token}), content_type=FORM
    )
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    twice = urlencode([("access_token", token), ("access_token", token)])
    assert people.world.http().post("/userinfo", twice, content_type=FORM).status_code == 400


@pytest.mark.spec("RFC 6750", "3.1", "no error code where no authentication was tried")
def test_without_a_token_the_challenge_names_the_method_and_no_error(people):
    for response in (people.world.http().get("/userinfo"), people.world.http().post("/userinfo", b"", content_type=FORM)):
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="acme"'


@pytest.mark.parametrize("header", ["Bearer x", "Bearer a.b.c", "Bearer " + "x" * 20_000, "Bearer ä", "Bearer a b"])
def test_what_is_no_token_of_ours_is_refused(people, header):
    assert refused(people.world.http(authorization=header).get("/userinfo"))


@pytest.mark.parametrize("header", ["Basic abc", "DPoP abc", "Bearer"])
def test_another_scheme_is_a_bad_request_and_none_at_all_is_no_token(people, header):
    response = people.world.http(authorization=header).get("/userinfo")
    assert response.status_code == (401 if header == "Bearer" else 400)


def test_auth0s_body_says_unauthorized_and_the_rfcs_says_why(people):
    assert userinfo(people.world, "x").content == b"Unauthorized"
    update_tenant(people.world.tenant, security_profile="oidc", by=BY)
    response = userinfo(people.world, "x")
    assert refused(response)
    assert response.json()["error"] == "invalid_token"


# --- Tokens that are not for this ---------------------------------------------------------------------------------------
def test_T070_an_id_token_a_refresh_token_and_a_code_are_no_access_tokens(people):
    tokens = people.tokens() | {"code": people.code()}
    for kind in ("id_token", "refresh_token", "code"):
        assert refused(userinfo(people.world, tokens[kind]))
    assert userinfo(people.world, tokens["access_token"]).status_code == 200


def test_T070_an_access_token_is_no_id_token(people):
    """Its audience is an API, so an application that checks `aud` takes it for nothing else."""
    stated = claims(people.tokens()["access_token"])
    assert people.web.client_id not in stated["aud"]


def test_T071_another_tenants_token_is_refused_even_for_the_same_person(people, strangers):
    assert refused(userinfo(strangers.world, people.tokens()["access_token"]))
    assert refused(userinfo(strangers.world, people.tokens(audience=None)["access_token"]))


def test_T072_a_token_for_an_api_alone_is_refused(people):
    assert refused(userinfo(people.world, people.tokens(scope="read:orders")["access_token"]))


def test_T072_a_machines_token_is_refused(people):
    assert refused(userinfo(people.world, people.world.ask().json()["access_token"]))


def test_an_opaque_token_without_openid_needs_that_scope(people):
    token = people.tokens(audience=None, scope="email")["access_token"]
    assert refused(userinfo(people.world, token), "insufficient_scope", 403)


def test_T073_an_expired_token_is_refused(people):
    opaque = people.tokens(audience=None, scope="openid")["access_token"]
    assert userinfo(people.world, opaque).status_code == 200
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert refused(userinfo(people.world, opaque))


@pytest.mark.parametrize(("exp", "works"), [(-1, False), (5, True)])
def test_T073_an_expired_jwt_is_refused_a_second_late(people, token, exp, works):
    ring = keyring(config_cache.resolve(people.world.domain.host))
    moved = ring.sign(claims(token) | {"exp": int(time.time()) + exp})
    assert userinfo(people.world, moved).status_code == 200 if works else refused(userinfo(people.world, moved))


@pytest.mark.parametrize(
    "change", [{"iss": "https://evil.example/"}, {"aud": "x"}, {"jti": None}, {"azp": None}, {"sub": None}]
)
def test_T070_a_token_of_our_key_that_lacks_something_is_refused(people, token, change):
    ring = keyring(config_cache.resolve(people.world.domain.host))
    stated = {name: value for name, value in (claims(token) | change).items() if value is not None}
    assert refused(userinfo(people.world, ring.sign(stated)))


def test_T058_a_token_of_a_family_that_is_gone_is_refused(people, token):
    apis.delete_api(people.world.api, by=BY)
    assert refused(userinfo(people.world, token))


def test_the_person_is_told_of_as_they_are_now(people, token):
    people.user.name = "Augusta King"
    people.user.save()
    assert userinfo(people.world, token).json()["name"] == "Augusta King"


# --- From a browser ------------------------------------------------------------------------------------------------------
def test_T089_a_script_of_a_registered_origin_may_read_the_answer(people, token):
    response = userinfo(people.world, token, origin=ORIGIN)
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert userinfo(people.world, "x", origin=ORIGIN).headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Origin" not in userinfo(people.world, token, origin="https://evil.example").headers


def test_T089_a_preflight_names_the_methods_of_the_endpoint(people):
    http = people.world.http(origin=ORIGIN, **{"access-control-request-method": "GET"})
    for path, methods in (("/userinfo", "GET, POST"), ("/oauth/token", "POST"), ("/oauth/revoke", "POST")):
        response = http.options(path)
        assert response.status_code == 204
        assert response.headers["Access-Control-Allow-Methods"] == methods
        assert "authorization" in response.headers["Access-Control-Allow-Headers"]
    foreign = people.world.http(origin="https://evil.example").options("/userinfo")
    assert "Access-Control-Allow-Methods" not in foreign.headers


@pytest.mark.parametrize(("path", "allow"), [("/userinfo", "GET, POST, OPTIONS"), ("/oauth/introspect", "POST, OPTIONS")])
def test_another_method_is_told_which_ones_there_are(people, path, allow):
    response = people.world.http().put(path, secure=True)
    assert response.status_code == 405
    assert response.headers["Allow"] == allow


def test_a_second_domain_of_the_tenant_is_an_issuer_of_its_own(people, token):
    factories.add_domain(people.world.tenant, "login.acme.example", by=BY)
    people.world.tenant.refresh_from_db()
    other = SecureClient(headers={"host": "login.acme.example", "authorization": f"Bearer {token}"})
    assert other.get("/userinfo").status_code == 401
