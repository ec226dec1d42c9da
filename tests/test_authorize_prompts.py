"""prompt, max_age and auth_time at work: when a person is asked again, and what the ID token says of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from authserver.models import Session
from tests import answers
from tests.people import answer, is_to_application


def logged_in_ago(people, seconds):
    """A browser in which Ada signed in `seconds` ago."""
    browser = people.signed_in()
    Session.objects.update(auth_time=timezone.now() - timedelta(seconds=seconds))
    return browser


def auth_time(people, response):
    """The auth_time of the ID token that an answer's code is worth."""
    return answers.claims(people.redeem(answer(response)["code"]).json()["id_token"])["auth_time"]


def page_of(response):
    """The page that a person is sent to, or "" when the application is answered."""
    return response.headers["Location"].partition("?")[0] if response.headers["Location"].startswith("/") else ""


@pytest.mark.spec("conformance", "oidcc-prompt-none-not-logged-in", "login_required")
def test_a_silent_request_of_a_stranger_is_answered_with_login_required(people):
    response = people.authorize(people.browser(), prompt="none")
    assert answer(response)["error"] == "login_required"
    event = people.world.events("fsa")[0]
    assert (event.client_id, event.details["remedy"]) == (people.web.client_id, "Nobody is signed in in this browser.")


@pytest.mark.spec("conformance", "oidcc-prompt-none-logged-in", "the same person and auth_time, without a page")
def test_a_silent_request_of_who_is_signed_in_is_answered_and_auth_time_stays(people):
    browser = logged_in_ago(people, 100)
    first, second = (auth_time(people, people.authorize(browser, prompt="none")) for _ in range(2))
    loud = auth_time(people, people.authorize(browser))
    assert first == second == loud == int(people.world.tenant.sessions.get().auth_time.timestamp())
    assert {event.user_id for event in people.world.events("ssa")} == {people.user.user_id}


def test_a_silent_request_never_asks_for_consent(people):
    browser = people.signed_in()
    response = people.authorize(browser, prompt="none", scope="openid create:orders")
    assert answer(response)["error"] == "consent_required"
    remedy = people.world.events("fsa")[0].details["remedy"]
    assert "asks for more" in remedy, "the admin reads which rule it was"


@pytest.mark.parametrize("prompt", ["none login", "login none", "none consent", "none select_account"])
def test_none_goes_with_no_other_prompt(people, prompt):
    assert answer(people.authorize(people.signed_in(), prompt=prompt))["error"] == "invalid_request"


@pytest.mark.parametrize("prompt", ["create", "LOGIN", "login,consent", "x"])
def test_a_prompt_that_does_not_exist_is_refused(people, prompt):
    assert answer(people.authorize(people.signed_in(), prompt=prompt))["error"] == "invalid_request"


@pytest.mark.spec("conformance", "oidcc-prompt-login", "asked again, and auth_time is later")
def test_prompt_login_asks_again_and_auth_time_is_later(people):
    browser = logged_in_ago(people, 100)
    before = auth_time(people, people.authorize(browser))
    sid = people.world.tenant.sessions.get().pk
    response = people.authorize(browser, prompt="login")
    assert page_of(response) == "/u/login"
    answered = people.log_in(browser, response)
    assert auth_time(people, answered) >= before + 99
    assert people.world.tenant.sessions.get(ended_at=None).pk == sid, "the same person keeps the session's id"


def test_prompt_login_is_not_satisfied_by_coming_back_without_a_login(people):
    browser = logged_in_ago(people, 100)
    state = people.authorize(browser, prompt="login").headers["Location"].partition("state=")[2]
    for _ in range(2):
        assert page_of(browser.get("/authorize/resume", {"state": state})) == "/u/login"


def test_prompt_consent_asks_again_and_remembers_the_answer(people):
    browser = people.signed_in()
    response = people.authorize(browser, prompt="consent")
    assert page_of(response) == "/u/consent"
    assert b"wants you to decide again" in browser.get(response.headers["Location"]).content
    assert "code" in answer(people.decide(browser, response))
    again = people.authorize(browser, prompt="consent")
    assert answer(people.decide(browser, again, "deny"))["error"] == "access_denied"
    assert is_to_application(people.authorize(browser)), "to refuse once more takes back nothing"


def test_prompt_consent_is_not_satisfied_by_coming_back_without_an_answer(people):
    browser = people.signed_in()
    state = people.authorize(browser, prompt="consent").headers["Location"].partition("state=")[2]
    assert page_of(browser.get("/authorize/resume", {"state": state})) == "/u/consent"


def test_login_and_consent_may_both_be_asked_for(people):
    browser = people.signed_in()
    response = people.authorize(browser, prompt="login consent")
    assert page_of(response) == "/u/login"
    response = people.log_in(browser, response)
    assert page_of(response) == "/u/consent"
    assert "code" in answer(people.decide(browser, response))


def test_select_account_goes_on_as_who_is_signed_in_or_as_somebody_else(people):
    browser = people.signed_in()
    response = people.authorize(browser, prompt="select_account")
    assert page_of(response) == "/u/account"
    page = browser.get(response.headers["Location"])
    assert people.user.email in page.content.decode()
    fields = answers.parsed(page).fields
    state = fields["state"]
    assert page_of(browser.get("/authorize/resume", {"state": state})) == "/u/account", "coming back is no choice"
    other = people.post(browser, "/u/account", fields | {"action": "other"})
    assert page_of(other) == "/u/login"
    chosen = people.post(browser, "/u/account", fields | {"action": "continue"})
    assert "code" in answer(browser.get(chosen.headers["Location"]))


def test_select_account_of_a_stranger_is_a_login(people):
    browser = people.browser()
    response = people.authorize(browser, prompt="select_account")
    assert page_of(response) == "/u/login"
    assert page_of(people.log_in(browser, response)) == "/u/consent", "who just typed their name has chosen"


@pytest.mark.spec("conformance", "oidcc-max-age-1", "a login that is too old is asked for again")
@pytest.mark.parametrize("max_age", ["0", "1", "99"])
def test_a_login_that_is_older_than_max_age_is_asked_for_again_once(people, max_age):
    browser = logged_in_ago(people, 100)
    assert answer(people.authorize(browser, max_age=max_age, prompt="none"))["error"] == "login_required"
    before = int(people.world.tenant.sessions.get().auth_time.timestamp())
    response = people.authorize(browser, max_age=max_age)
    assert page_of(response) == "/u/login"
    assert auth_time(people, people.log_in(browser, response)) >= before + 99


@pytest.mark.spec("conformance", "oidcc-max-age-10000", "a young login counts, and auth_time is in the token")
@pytest.mark.parametrize("max_age", ["101", "10000", "9999999999"])
def test_a_login_that_is_young_enough_counts(people, max_age):
    browser = logged_in_ago(people, 100)
    for changes in ({}, {"prompt": "none"}):
        response = people.authorize(browser, max_age=max_age, **changes)
        assert auth_time(people, response) == int(people.world.tenant.sessions.get().auth_time.timestamp())


def test_max_age_zero_asks_even_who_signed_in_a_moment_ago(people):
    browser = people.signed_in()
    response = people.authorize(browser, max_age="0")
    assert page_of(response) == "/u/login"
    assert "code" in answer(people.log_in(browser, response)), "and is content with the answer"


@pytest.mark.parametrize("max_age", ["-1", "1.5", "x", "1e3", " 1", "0x10", "\u0661", "9" * 11])
def test_a_max_age_that_is_no_number_of_seconds_is_refused(people, max_age):
    assert answer(people.authorize(people.signed_in(), max_age=max_age))["error"] == "invalid_request"


def test_a_session_of_another_tenant_is_no_session_here(people, strangers):
    cookie = strangers.signed_in().cookies["__Host-latchkey_session"].value
    browser = people.browser()
    browser.cookies["__Host-latchkey_session"] = cookie
    assert answer(people.authorize(browser, prompt="none"))["error"] == "login_required"
    assert page_of(people.authorize(browser)) == "/u/login"


def test_one_login_serves_every_application_of_the_tenant(people):
    browser = people.browser()
    people.through(browser)
    response = people.authorize(browser, people.of_spa())
    assert page_of(response) == "/u/consent", "known, but the second application asks for itself"
    assert "code" in answer(people.decide(browser, response))
