"""What the security profile of a tenant changes at /authorize: Auth0's manners, or OpenID Connect's to the letter."""

import pytest

from apis.services.applications import update_application
from tenants.services import update_tenant
from tests import answers
from tests.factories import BY
from tests.people import CALLBACK, answer, is_to_application


@pytest.fixture
def certified(strangers):
    """The people of a second tenant, which has the profile `oidc`."""
    update_tenant(strangers.world.tenant, security_profile="oidc", by=BY)
    return strangers


@pytest.mark.spec("conformance", "oidcc-ensure-redirect-uri-in-authorization-request", "redirect_uri is mandatory")
def test_redirect_uri_may_be_left_out_with_auth0_and_not_with_openid_connect(people, certified):
    assert is_to_application(people.authorize(people.signed_in(), redirect_uri=None))
    for browser in (certified.browser(), certified.signed_in()):
        for changes in ({}, {"prompt": "none"}):
            response = certified.authorize(browser, redirect_uri=None, **changes)
            assert (response.status_code, "Location" in response.headers) == (400, False)
            assert b"redirect_uri" in response.content
    assert is_to_application(certified.authorize(certified.signed_in()))


def test_a_code_of_a_request_without_redirect_uri_is_redeemed_without_it(people):
    code = answer(people.authorize(people.signed_in(), redirect_uri=None))["code"]
    assert people.redeem(code, redirect_uri=None).status_code == 200


@pytest.mark.parametrize(
    ("changes", "auth0", "oidc"),
    [
        (
            {"audience": "urn:unknown"},
            ("access_denied", "Service not found: urn:unknown"),
            ("invalid_target", "No API has the audience urn:unknown"),
        ),
        ({"audience": "a", "resource": "b"}, ("invalid_request", ""), ("invalid_target", "")),
        ({"max_age": "x"}, ("invalid_request", ""), ("invalid_request", "")),
        ({"connection": "x"}, ("unauthorized_client", ""), ("unauthorized_client", "")),
        ({"prompt": "none"}, ("login_required", "Login required"), ("login_required", "Login required")),
        (
            {"response_type": "x"},
            ("unsupported_response_type", "Unsupported response type: x"),
            ("unsupported_response_type", ""),
        ),
    ],
)
def test_errors_speak_the_dialect_of_the_profile(people, certified, changes, auth0, oidc):
    for who, (code, text) in ((people, auth0), (certified, oidc)):
        said = answer(who.authorize(who.browser(), **changes))
        assert said["error"] == code
        assert text in said["error_description"]


def test_a_grant_type_that_is_off_is_said_in_both_dialects(people, certified):
    for who, text in (
        (people, "Grant type 'implicit' not allowed for the client."),
        (certified, "may not use the grant_type implicit"),
    ):
        update_application(who.web, by=BY, grant_types=["authorization_code"])
        said = answer(who.authorize(who.browser(), response_type="token"))
        assert said["error"] == "unauthorized_client"
        assert text in said["error_description"]


@pytest.mark.spec(
    "conformance", "§7 claim minimisation", "profile claims only where no access token comes along (OIDC Core §5.4)"
)
def test_the_id_token_holds_the_profile_always_or_only_when_it_comes_alone(people, certified):
    for who, always in ((people, True), (certified, False)):
        browser = who.signed_in()
        said = answers.claims(who.redeem(who.code(browser)).json()["id_token"])
        beside = answers.claims(answer(who.authorize(browser, response_type="id_token token"))["id_token"])
        alone = answers.claims(answer(who.authorize(browser, response_type="id_token"))["id_token"])
        assert ["email" in claims for claims in (said, beside, alone)] == [always, always, True]


@pytest.mark.spec("OIDC Core", "5.1", "updated_at is a number")
def test_updated_at_is_text_or_a_number(people, certified):
    for who, kind in ((people, str), (certified, int)):
        browser = who.signed_in()
        token = answer(who.authorize(browser, response_type="id_token"))["id_token"]
        assert isinstance(answers.claims(token)["updated_at"], kind)


def test_everything_else_is_the_same(people, certified):
    for who in (people, certified):
        browser = who.signed_in()
        for response_type in ("code", "id_token token", "code id_token token"):
            for mode in ("fragment", "form_post", "web_message"):
                response = who.authorize(browser, response_type=response_type, response_mode=mode)
                assert set(response_type.split()) <= {
                    name.removeprefix("access_") if name == "access_token" else name for name in answers.by(mode, response)
                }
        assert who.authorize(who.browser(), redirect_uri=f"{CALLBACK}/").status_code == 400
        assert (
            answer(who.authorize(browser, who.of_spa(code_challenge=None, code_challenge_method=None)))["error"]
            == "invalid_request"
        )
