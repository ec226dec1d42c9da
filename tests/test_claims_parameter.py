"""The `claims` parameter (OIDC Core §5.5): claims by name, whom the answer may be about, and an acr that must be met."""

import json

import pytest

from tests import answers
from tests.people import answer, is_to_application


def asking(**members):
    return json.dumps(members)


def refusal(response):
    assert is_to_application(response)
    said = answer(response)
    return said["error"], said["error_description"]


@pytest.mark.spec("conformance", "oidcc-claims-essential", "name as an essential claim of userinfo")
def test_a_claim_asked_for_by_name_comes_from_userinfo_without_its_scope(people):
    tokens = people.tokens(scope="openid", claims=asking(userinfo={"name": {"essential": True}, "unheard_of": None}))
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    userinfo = people.world.http(**headers).get("/userinfo").json()
    assert userinfo == {"sub": people.user.user_id, "name": "Ada Lovelace"}
    plain = people.tokens(scope="openid")
    headers = {"authorization": f"Bearer {plain['access_token']}"}
    assert people.world.http(**headers).get("/userinfo").json() == {"sub": people.user.user_id}


@pytest.mark.spec("conformance", "oidcc-claims-essential", "name as an essential claim of the ID token")
def test_a_claim_asked_for_in_the_id_token_stands_there(people):
    asked = {"scope": "openid", "claims": asking(id_token={"name": {"essential": True}})}
    by_browser = answer(people.through(people.browser(), response_type="id_token", **asked))["id_token"]
    assert answers.claims(by_browser)["name"] == "Ada Lovelace"
    assert "email" not in answers.claims(by_browser)
    assert answers.claims(people.tokens(**asked)["id_token"])["name"] == "Ada Lovelace"
    assert "name" not in answers.claims(people.tokens(scope="openid")["id_token"])


@pytest.mark.parametrize("member", ["id_token", "userinfo"])
def test_a_sub_that_is_asked_for_must_be_who_is_signed_in(people, member):
    browser, sub = people.signed_in(), people.user.user_id
    for wish in (
        {"value": sub},
        {"values": [sub, "auth0|other"]},
        {"values": ["auth0|other", sub]},
        {"essential": True},
        None,
    ):
        response = people.authorize(browser, prompt="none", claims=asking(**{member: {"sub": wish}}))
        assert "code" in answer(response)
    for wish in ({"value": "auth0|other"}, {"values": ["auth0|other"]}, {"value": 7}, {"value": ""}):
        response = people.authorize(browser, prompt="none", claims=asking(**{member: {"sub": wish}}))
        assert refusal(response)[0] == "login_required"
        loud = people.authorize(browser, claims=asking(**{member: {"sub": wish}}))
        assert loud.headers["Location"].startswith("/u/login")


def test_two_members_or_a_hint_that_contradict_each_other_leave_nobody(people):
    browser, sub, other = people.signed_in(), {"value": people.user.user_id}, {"value": "auth0|other"}
    hint = people.tokens()["id_token"]
    asked = [
        {"claims": asking(id_token={"sub": sub}, userinfo={"sub": other})},
        {"claims": asking(id_token={"sub": other}), "id_token_hint": hint},
    ]
    for changes in asked:
        assert refusal(people.authorize(browser, prompt="none", **changes))[0] == "login_required"
    agreed = {"claims": asking(id_token={"sub": sub}), "id_token_hint": hint}
    assert "code" in answer(people.authorize(browser, prompt="none", **agreed))


@pytest.mark.parametrize("wish", [{"essential": True, "value": "2"}, {"essential": True, "values": ["urn:mfa", "3"]}])
@pytest.mark.spec("OIDC Unmet Authentication Requirements", "2", "an essential acr that cannot be reached")
def test_an_essential_acr_that_cannot_be_reached_is_refused_before_a_login(people, wish):
    error, description = refusal(people.authorize(people.browser(), claims=asking(id_token={"acr": wish})))
    assert error == "unmet_authentication_requirements"
    assert str(wish.get("value", "urn:mfa")) in description


@pytest.mark.parametrize(
    "wish", [{"value": "2"}, {"essential": True, "value": "1"}, {"essential": True}, {"values": ["2", "3"]}, None]
)
def test_a_voluntary_acr_or_one_that_is_met_is_no_obstacle_and_the_token_says_what_was_reached(people, wish):
    token = people.tokens(claims=asking(id_token={"acr": wish}))["id_token"]
    assert answers.claims(token)["acr"] == "1"


@pytest.mark.spec("conformance", "oidcc-ensure-request-with-acr-values-succeeds", "acr_values is a wish")
def test_acr_values_are_a_wish(people):
    token = people.tokens(acr_values="urn:mace:incommon:iap:silver 2 1")["id_token"]
    assert answers.claims(token)["acr"] == "1"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"text"',
        "1",
        "null",
        "NaN",
        '{"id_token": []}'.replace("[]", '["name"]'),
        '{"userinfo": "name"}',
        '{"userinfo": {"name": true}}',
        '{"userinfo": {"name": "x"}}',
        '{"userinfo": {"name": ["x"]}}',
        '{"userinfo": {"name": {"value": {"a": 1}}}}',
        '{"userinfo": {"name": {"values": [["a"]]}}}',
        '{"userinfo": {"a\\u0000b": null}}',
        '{"userinfo": {"name": {"value": "\\u0000"}}}',
        '{"userinfo": {"\\ud800": null}}',
        '{"userinfo": {"name": {"value": ' + "[" * 900 + "]" * 900 + "}}}",
        "[" * 4_000,
        '{"userinfo": {"' + "x" * 5_000 + '": null}}',
    ],
)
def test_T142_what_is_no_claims_object_is_refused_and_breaks_nothing(people, text):
    for browser in (people.browser(), people.signed_in()):
        assert refusal(people.authorize(browser, claims=text))[0] == "invalid_request"


def test_members_and_wishes_that_nobody_knows_are_ignored(people):
    text = asking(userinfo={"name": {"unheard_of": "x"}}, vp_token={"x": [1]}, id_token={})
    assert "code" in answer(people.authorize(people.signed_in(), claims=text, claims_locales="de en"))


def test_what_is_asked_for_by_name_is_still_the_persons_own_of_this_tenant_only(people, strangers):
    asked = {"scope": "openid", "claims": asking(userinfo={"email": None}, id_token={"sub": {"value": people.user.user_id}})}
    assert "code" in answer(people.through(people.browser(), **asked))
    response = strangers.authorize(strangers.signed_in(), prompt="none", **asked)
    assert refusal(response)[0] == "login_required"
