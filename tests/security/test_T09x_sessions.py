"""T-090 to T-101 where they reach beyond one module: what ends a session ends all of it, and max_age means something.

Cookies, rotation and lifetimes: tests/test_sessions.py; addresses behind proxies: tests/test_login_lockout.py; logout:
tests/test_logout.py. There is no second factor yet (T-097), and no back-channel logout (T-102, T-103). Nobody changes
their own e-mail or password here, so T-095 has nothing to protect.
"""

from datetime import timedelta

import jwt
import pytest
from django.test import override_settings
from django.utils import timezone

from authserver import sessions
from authserver.models import Session
from tenants.models import User
from tenants.services import delete_user, set_password, update_user
from tests.console.browser import Console
from tests.factories import BY, make_operator
from tests.people import PASSWORD, answer, hidden, is_to_application

NEW = PASSWORD + "-the-new-one"


def is_signed_in(people, browser):
    sent = answer(people.authorize(browser, prompt="none"))
    assert sent.get("error", "login_required") == "login_required"
    return "code" in sent


def introspected(people, token):
    sent = {"token": token, "client_id": people.web.client_id, "client_secret": people.secret}
    return people.world.http().post("/oauth/introspect", sent, content_type="application/json")


ENDINGS = {
    "blocked": lambda user: update_user(user, by=BY, blocked=True),
    "new password": lambda user: set_password(user, NEW, by=BY),
    "deleted": lambda user: delete_user(user, by=BY),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_T094_what_ends_a_persons_access_ends_every_session_and_refresh_token_at_once(people, how):
    browsers = [people.signed_in(), people.signed_in()]
    tokens = people.tokens()
    assert all(is_signed_in(people, browser) for browser in browsers)
    ENDINGS[how](people.user)
    assert not any(is_signed_in(people, browser) for browser in browsers)
    assert people.refresh(tokens["refresh_token"]).status_code == 403
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert people.world.http().get("/userinfo", headers=bearer).status_code == 401
    assert browsers[0].get("/account").headers["Location"].startswith("/u/login")


def test_T094_after_a_new_password_the_old_one_is_worth_nothing_and_the_new_one_logs_in(people):
    browser = people.signed_in()
    set_password(people.user, NEW, by=BY)
    assert people.log_in(browser, people.authorize(browser)).status_code == 400
    assert is_to_application(people.log_in(browser, people.authorize(browser), password=NEW))


def test_T094_another_persons_new_password_ends_nothing(people, strangers):
    browser, theirs = people.signed_in(), strangers.signed_in()
    set_password(strangers.user, NEW, by=BY)
    assert is_signed_in(people, browser)
    assert not is_signed_in(strangers, theirs)


def test_T091_a_session_that_is_ended_from_outside_is_dead_at_the_next_request(people):
    browser, other = people.signed_in(), people.signed_in()
    first = Session.objects.earliest("created_at")
    assert sessions.end(Session.objects.of(people.world.tenant).filter(pk=first.pk)) == 1
    assert not is_signed_in(people, browser)
    assert is_signed_in(people, other)
    assert sessions.end(Session.objects.filter(pk=first.pk)) == 0, "ended once"


def test_T091_a_session_that_ends_while_its_person_reads_the_consent_page_allows_nothing(people):
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser))
    page = browser.get(response.headers["Location"])
    sessions.end(Session.objects.all())
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "allow"})
    assert browser.get(posted.headers["Location"]).headers["Location"].startswith("/u/login")
    assert not people.world.tenant.consents.exists()


def test_T090_a_session_that_was_ended_is_not_revived_by_a_new_login(people):
    browser = people.signed_in()
    ended = Session.objects.get()
    sessions.end(Session.objects.filter(pk=ended.pk))
    assert is_to_application(people.log_in(browser, people.authorize(browser)))
    assert sessions.live().get().pk != ended.pk


@pytest.mark.parametrize(("max_age", "asks"), [(60, True), (3_590, True), (3_700, False), (0, True)])
def test_T096_max_age_asks_again_when_the_last_login_is_longer_ago(people, max_age, asks):
    browser = people.signed_in()
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))
    response = people.authorize(browser, max_age=max_age)
    assert response.headers["Location"].startswith("/u/login") is asks
    silent = answer(people.authorize(browser, max_age=max_age, prompt="none"))
    assert (silent.get("error") == "login_required") is asks


def test_T096_after_the_login_that_max_age_asked_for_the_token_says_when_it_was(people):
    browser = people.signed_in()
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))
    response = people.log_in(browser, people.authorize(browser, max_age=0))
    claims = jwt.decode(people.redeem(answer(response)["code"]).json()["id_token"], options={"verify_signature": False})
    assert timezone.now().timestamp() - claims["auth_time"] < 60
    assert claims["acr"] == "1"


def test_T096_an_essential_acr_that_a_password_does_not_reach_is_an_error_and_a_wished_one_is_not(people):
    browser = people.signed_in()
    essential = '{"id_token":{"acr":{"essential":true,"values":["urn:mfa"]}}}'
    assert answer(people.authorize(browser, claims=essential))["error"] == "unmet_authentication_requirements"
    response = people.authorize(browser, acr_values="urn:mfa")
    claims = jwt.decode(people.redeem(answer(response)["code"]).json()["id_token"], options={"verify_signature": False})
    assert claims["acr"] == "1", "what happened, not what was wished"


def test_T098_no_cookie_of_ours_is_made_from_a_key(people):
    """The session's cookie is random: who knows every key of the server can forge none."""
    browser = people.signed_in()
    with override_settings(SECRET_KEY="another-key-" + "x" * 40, SECRET_KEY_FALLBACKS=[]):
        assert is_signed_in(people, browser)
    values = {people.signed_in().cookies["__Host-latchkey_session"].value for _ in range(3)}
    assert len(values) == 3


def test_T098_a_form_that_was_signed_with_another_key_is_refused(people):
    browser = people.browser()
    page = browser.get(people.authorize(browser).headers["Location"])
    fields = hidden(page) | {"username": people.user.email, "password": PASSWORD, "action": "login"}
    with override_settings(SECRET_KEY="another-key-" + "x" * 40, SECRET_KEY_FALLBACKS=[]):
        assert people.post(browser, "/u/login", fields).status_code == 403
    assert people.post(browser, "/u/login", fields).status_code == 303


def test_T127_an_operator_sets_a_password_and_sees_none(people):
    operator = make_operator(people.world.tenant)
    console = Console(operator)
    stored = User.objects.get(pk=people.user.pk).password
    page = console.get(f"/admin/tenants/user/{people.user.pk}/change/")
    assert page.status_code == 200
    assert stored not in page.content.decode()
    assert stored.rpartition("$")[2] not in page.content.decode()
    assert PASSWORD not in page.content.decode()
    set_password(people.user, NEW, by=BY)
    [event] = [event for event in people.world.events("sapi") if event.description == "Set a user's password"]
    told = str(event.__dict__)
    assert NEW not in told
    assert User.objects.get().password.rpartition("$")[2] not in told


def test_what_ended_a_session_first_stays_on_record(people):
    people.signed_in()
    update_user(people.user, by=BY, blocked=True)
    first = Session.objects.get().ended_at
    update_user(people.user, by=BY, blocked=True)
    assert Session.objects.get().ended_at == first
