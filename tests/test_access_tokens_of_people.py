"""Access tokens on a person's behalf: audience, lifetime and claims in each dialect, or opaque where no API is meant."""

import re
import time

import jwt
import pytest
from django.utils import timezone

from apis.models import TokenDialect
from apis.services import apis
from authserver.models import AccessToken, TokenFamily
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.people import answer
from tests.standing import claims, introspect, userinfo
from tests.verification import verified


def dialect(people, name):
    apis.update_api(people.world.api, token_dialect=name, by=BY)
    return people.tokens()["access_token"]


def implicit(people, response_type="token", **changes):
    return answer(people.through(people.browser(), response_type=response_type, **changes))


# --- JWT -----------------------------------------------------------------------------------------------------------------
def test_auth0s_claims_stand_in_auth0s_order(people):
    stated = verified(people.world, dialect(people, TokenDialect.ACCESS_TOKEN))
    assert list(stated) == ["iss", "sub", "aud", "iat", "exp", "scope", "azp", "jti"]
    assert stated["sub"] == people.user.user_id
    assert stated["azp"] == people.web.client_id
    assert abs(stated["iat"] - time.time()) < 5


@pytest.mark.spec("RFC 9068", "2.2.1", "auth_time, acr and amr of the person's authentication")
def test_the_rfc_9068_dialect_says_how_and_when_the_person_signed_in(people):
    token = dialect(people, TokenDialect.RFC9068)
    stated = verified(people.world, token)
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert stated["client_id"] == people.web.client_id
    assert stated["auth_time"] == int(TokenFamily.objects.get().auth_time.timestamp())
    assert (stated["acr"], stated["amr"]) == ("1", ["pwd"])
    assert {"azp", "gty", "permissions"}.isdisjoint(stated)


@pytest.mark.parametrize("name", [TokenDialect.ACCESS_TOKEN_AUTHZ, TokenDialect.RFC9068_AUTHZ])
def test_without_rbac_a_person_has_no_permissions_to_show(people, name):
    assert verified(people.world, dialect(people, name))["permissions"] == []


@pytest.mark.parametrize(
    ("scope", "userinfo_too"), [("openid read:orders", True), ("read:orders", False), ("profile email", False)]
)
def test_the_audience_is_the_api_and_userinfo_only_with_openid(people, scope, userinfo_too):
    stated = claims(people.tokens(scope=scope)["access_token"])
    api = people.world.api.identifier
    assert stated["aud"] == ([api, f"{people.world.issuer}userinfo"] if userinfo_too else api)


def test_an_api_with_hs256_could_make_the_token_itself_so_it_opens_nothing_of_ours(people):
    apis.update_api(people.world.api, signing_alg="HS256", by=BY)
    secret = apis.rotate_signing_secret(people.world.api, by=BY)
    token = people.tokens()["access_token"]
    stated = jwt.decode(token, secret, algorithms=["HS256"], audience=people.world.api.identifier)
    assert stated["aud"] == people.world.api.identifier
    assert userinfo(people.world, token).status_code == 401
    assert introspect(people, token).json() == {"active": False}


def test_a_token_without_a_scope_has_no_scope_claim(people):
    body = people.tokens(scope="fly:orders")
    assert "scope" not in body
    assert "scope" not in claims(body["access_token"])


def test_the_jti_names_the_family_so_that_one_row_ends_all(people):
    tokens = people.tokens()
    first, second = claims(tokens["access_token"]), claims(people.refresh(tokens["refresh_token"]).json()["access_token"])
    assert first["jti"].split(".")[0] == second["jti"].split(".")[0] == TokenFamily.objects.get().pk
    assert first["jti"] != second["jti"]


def test_a_machines_jti_never_looks_like_a_familys(people):
    token = people.world.ask().json()["access_token"]
    assert "." not in claims(token)["jti"]


# --- Lifetimes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", list(TokenDialect))
def test_what_a_browser_is_handed_lives_shorter_in_every_dialect(people, name):
    apis.update_api(people.world.api, token_dialect=name, token_lifetime=900, token_lifetime_for_web=300, by=BY)
    by_code, by_browser = people.tokens(), implicit(people)
    for body, seconds in ((by_code, 900), (by_browser, 300)):
        stated = claims(body["access_token"])
        assert stated["exp"] - stated["iat"] == int(body["expires_in"]) == seconds


def test_a_hybrid_answer_has_the_short_token_and_its_code_gives_the_long_one(people):
    sent = implicit(people, "code token")
    assert sent["expires_in"] == "7200"
    assert people.redeem(sent["code"]).json()["expires_in"] == 86_400


def test_a_token_from_the_browser_comes_without_offline_access(people):
    sent = implicit(people, scope="openid offline_access read:orders")
    assert sent["scope"] == "openid read:orders"
    assert "refresh_token" not in sent


# --- Opaque --------------------------------------------------------------------------------------------------------------
def test_without_an_api_the_token_is_opaque_and_never_looks_like_a_jwt(people):
    for _ in range(5):
        token = people.tokens(audience=None)["access_token"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{43,}", token)
    assert token not in str(AccessToken.objects.values())


@pytest.mark.parametrize(("response_type", "seconds"), [("code", 86_400), ("token", 7_200)])
def test_an_opaque_token_lives_a_day_or_two_hours_in_a_browser(people, response_type, seconds):
    by_code = response_type == "code"
    body = people.tokens(audience=None, scope="openid") if by_code else implicit(people, audience=None, scope="openid")
    assert int(body["expires_in"]) == seconds
    row = AccessToken.objects.get()
    assert abs((row.expires - timezone.now()).total_seconds() - seconds) < 10


def test_an_opaque_token_opens_the_profile_and_carries_no_scope_of_an_api(people):
    body = people.tokens(audience=None)
    assert body["scope"] == "openid profile email"
    assert userinfo(people.world, body["access_token"]).json()["sub"] == people.user.user_id
    assert "refresh_token" not in body


def test_the_tenants_default_audience_makes_it_a_jwt_for_that_api(people):
    update_tenant(people.world.tenant, default_audience=people.world.api.identifier, by=BY)
    assert claims(people.tokens(audience=None)["access_token"])["aud"][0] == people.world.api.identifier


def test_resource_names_the_api_as_audience_does(people):
    factories.make_api(people.world.tenant, "urn:acme:billing")
    token = people.tokens(audience=None, resource="urn:acme:billing", scope="openid")["access_token"]
    assert claims(token)["aud"][0] == "urn:acme:billing"


# --- Each algorithm ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("alg", ["RS256", "RS512", "PS256", "ES256", "EdDSA"])
def test_a_token_of_each_algorithm_opens_userinfo_and_verifies_from_the_key_set(people, alg):
    update_tenant(people.world.tenant, flags={"enable_ec_keys": True, "enable_okp_keys": True}, by=BY)
    apis.update_api(people.world.api, signing_alg=alg, by=BY)
    token = people.tokens()["access_token"]
    key_set = jwt.PyJWKSet.from_dict(people.world.http().get("/.well-known/jwks.json").json())
    header = jwt.get_unverified_header(token)
    assert header["alg"] == alg
    key = key_set[header["kid"]]
    stated = jwt.decode(token, key, algorithms=[alg], audience=people.world.api.identifier, issuer=people.world.issuer)
    assert stated["sub"] == people.user.user_id
    assert userinfo(people.world, token).status_code == 200
    assert introspect(people, token).json()["active"] is True
