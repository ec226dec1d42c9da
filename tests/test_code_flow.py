"""A person signs in and an application gets tokens on their behalf, by code. One story per test; each allow has its deny."""

import jwt
import pytest

from tests.people import CALLBACK, answer, hidden, is_to_application
from tests.verification import verified


@pytest.mark.spec("RFC 6749", "4.1", "authorization code grant")
def test_a_person_signs_in_allows_it_and_the_application_gets_tokens_for_the_api(people):
    browser = people.browser()
    response = people.authorize(browser)
    assert response.headers["Location"].startswith("/u/login?state=")
    response = people.log_in(browser, response)
    assert response.headers["Location"].startswith("/u/consent?state=")
    response = people.decide(browser, response)
    assert is_to_application(response)
    sent = answer(response)
    assert set(sent) == {"code", "state", "iss"}
    assert (sent["state"], sent["iss"]) == ("state-1", people.world.issuer)
    tokens = people.redeem(sent["code"]).json()
    assert set(tokens) == {"access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type"}
    claims = verified(people.world, tokens["access_token"])
    assert claims["sub"] == people.user.user_id
    assert claims["azp"] == people.web.client_id
    assert claims["aud"] == [people.world.api.identifier, f"{people.world.issuer}userinfo"]
    assert claims["scope"] == "openid profile email offline_access read:orders"
    assert "gty" not in claims


def test_what_was_allowed_once_is_not_asked_again(people):
    browser = people.signed_in()
    assert is_to_application(people.authorize(browser))


def test_who_refuses_sends_the_application_away_with_access_denied(people):
    browser = people.browser()
    response = people.decide(browser, people.log_in(browser, people.authorize(browser)), "deny")
    assert response.headers["Location"].startswith(CALLBACK)
    assert answer(response)["error"] == "access_denied"
    assert answer(response)["error_description"] == "User did not authorize the request"


def test_a_wrong_password_shows_the_form_again_and_no_session_begins(people):
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser), password="wrong")
    assert response.status_code == 400
    assert b"Wrong e-mail or password." in response.content
    assert not people.world.tenant.sessions.exists()


def test_the_id_token_says_who_signed_in_when_and_for_which_request(people):
    tokens = people.tokens()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["aud"] == people.web.client_id
    assert claims["nonce"] == "nonce-1"
    assert claims["amr"] == ["pwd"]
    assert claims["sid"] == people.world.tenant.sessions.get().pk


def test_a_form_of_another_page_signs_nobody_in(people):
    browser = people.browser()
    page = browser.get(people.authorize(browser).headers["Location"])
    forged = hidden(page) | {"csrf_token": "0" * 64, "username": people.user.email, "password": "x", "action": "login"}
    assert people.post(browser, "/u/login", forged).status_code == 403
