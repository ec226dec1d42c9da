"""Sessions: the cookie and what it may do, how long it lives, and what ends it. Single sign-on has its own module."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from authserver import sessions
from authserver.models import Session
from authserver.random_secrets import digest
from tenants.services import create_user, update_tenant, update_user
from tests import factories
from tests.conftest import World
from tests.factories import BY
from tests.people import PASSWORD, answer, is_to_application, make_people

COOKIE, BROWSER = "__Host-latchkey_session", "__Host-latchkey_browser"


def session_of(people):
    return people.world.tenant.sessions.get()


def is_signed_in(people, browser):
    """Whether an application hears, without a page, that somebody is signed in."""
    sent = answer(people.authorize(browser, prompt="none"))
    assert sent.get("error", "login_required") == "login_required"
    return "code" in sent


@pytest.fixture
def plain(db):
    """People at a tenant on this very machine, over plain http."""
    tenant = factories.make_tenant("local", "http://localhost:8000")
    application, secret = factories.make_application(tenant)
    return make_people(World(tenant, factories.make_api(tenant), application, secret))


def test_T093_over_https_the_cookies_are_for_this_host_https_and_no_script(people):
    browser = people.browser()
    response = people.authorize(browser)
    people.log_in(browser, response)
    for name in (COOKIE, BROWSER):
        cookie = browser.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "None"), name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name
    assert not [name for name in browser.cookies if not name.startswith("__Host-latchkey_")]


def test_T093_over_plain_http_on_this_machine_they_are_lax_and_without_the_prefix(plain):
    browser = Client(headers={"host": "localhost:8000", "accept": "text/html"})
    assert is_to_application(plain.through(browser))
    for name in ("latchkey_session", "latchkey_browser"):
        cookie = browser.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax"), name
    response = browser.get("/v2/logout?client_id=" + plain.web.client_id)
    assert response.status_code == 200
    assert not [name for name in browser.cookies if name.startswith("__Host-")]


@pytest.mark.parametrize(("mode", "age"), [("persistent", 168 * 3_600), ("non-persistent", "")])
def test_the_tenant_says_whether_the_cookie_outlives_the_browser(people, mode, age):
    update_tenant(people.world.tenant, by=BY, session_cookie_mode=mode)
    browser = people.browser()
    people.through(browser)
    assert browser.cookies[COOKIE]["max-age"] == age
    assert browser.cookies[BROWSER]["max-age"] == "", "the other one is for the forms of this visit"


def test_the_cookies_secret_is_stored_hashed_only(people):
    browser = people.browser()
    people.through(browser)
    secret = browser.cookies[COOKIE].value
    assert len(secret) >= 43
    row = session_of(people)
    assert row.secret_sha256 == digest(secret)
    assert secret not in str(row.__dict__)
    assert browser.cookies[BROWSER].value not in str(list(people.world.tenant.sessions.values()))


def test_T090_a_login_brings_a_new_secret_and_the_same_person_keeps_the_session(people):
    browser = people.browser()
    people.through(browser)
    before, old = session_of(people), browser.cookies[COOKIE].value
    people.log_in(browser, people.authorize(browser, prompt="login"))
    after, new = session_of(people), browser.cookies[COOKIE].value
    assert after.pk == before.pk
    assert after.auth_time > before.auth_time
    assert old != new
    stale = people.browser()
    stale.cookies[COOKIE] = old
    assert not is_signed_in(people, stale), "the secret from before the login is worth nothing"
    assert is_signed_in(people, browser)


def test_T090_a_session_that_somebody_left_in_the_browser_ends_when_another_person_logs_in(people):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    browser = people.browser()
    people.through(browser)
    adas, old = session_of(people), browser.cookies[COOKIE].value
    people.log_in(browser, people.authorize(browser, prompt="login"), username="bob@example.com")
    adas.refresh_from_db()
    assert adas.ended_at is not None
    assert sessions.live().get().user.email == "bob@example.com"
    stale = people.browser()
    stale.cookies[COOKIE] = old
    assert not is_signed_in(people, stale)


def test_T090_a_secret_of_somebody_elses_choice_becomes_no_session(people):
    browser = people.browser()
    browser.cookies[COOKIE] = "chosen-by-somebody-else-0123456789-0123456789"
    people.through(browser)
    assert browser.cookies[COOKIE].value != "chosen-by-somebody-else-0123456789-0123456789"
    assert digest("chosen-by-somebody-else-0123456789-0123456789") != session_of(people).secret_sha256


@pytest.mark.parametrize(
    "value", ["short", "x" * 500, 'a"; path=/evil', "ä" * 50], ids=["short", "long", "quote", "umlauts"]
)
def test_T090_a_browser_cookie_that_we_never_set_is_replaced(people, value):
    browser = people.browser()
    browser.cookies[BROWSER] = value
    people.authorize(browser)
    assert browser.cookies[BROWSER].value != value
    assert len(browser.cookies[BROWSER].value) >= 43


def test_T092_a_session_ends_without_visits_and_a_visit_keeps_it(people):
    update_tenant(people.world.tenant, by=BY, idle_session_lifetime=2)
    browser = people.signed_in()
    now = timezone.now()
    Session.objects.update(last_seen_at=now - timedelta(hours=1), idle_expires_at=now + timedelta(hours=1))
    assert is_signed_in(people, browser)
    assert session_of(people).idle_expires_at > now + timedelta(hours=1, minutes=59)
    Session.objects.update(last_seen_at=now - timedelta(hours=3), idle_expires_at=now - timedelta(seconds=1))
    assert not is_signed_in(people, browser)


def test_T092_a_session_ends_after_its_lifetime_however_busy_it_is(people):
    update_tenant(people.world.tenant, by=BY, session_lifetime=3)
    browser = people.signed_in()
    row = session_of(people)
    assert timedelta(hours=2, minutes=59) < row.expires_at - timezone.now() <= timedelta(hours=3)
    assert is_signed_in(people, browser)
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(people, browser)
    assert people.authorize(browser).headers["Location"].startswith("/u/login")


def test_T092_visits_do_not_prolong_the_lifetime_and_a_new_login_does(people):
    browser = people.signed_in()
    soon = timezone.now() + timedelta(minutes=5)
    Session.objects.update(expires_at=soon, last_seen_at=timezone.now() - timedelta(hours=1))
    assert is_signed_in(people, browser)
    assert session_of(people).expires_at == soon
    people.log_in(browser, people.authorize(browser, prompt="login"))
    assert session_of(people).expires_at > soon + timedelta(days=6)


def test_a_visit_is_noted_once_a_minute_and_not_with_each_request(people, django_assert_num_queries):
    browser = people.signed_in()
    before = session_of(people).last_seen_at
    assert is_signed_in(people, browser)
    assert session_of(people).last_seen_at == before
    Session.objects.update(last_seen_at=before - timedelta(seconds=61))
    assert is_signed_in(people, browser)
    assert session_of(people).last_seen_at > before


def test_T091_a_blocked_user_is_signed_out_at_once_and_stays_so(people):
    browser = people.signed_in()
    assert is_signed_in(people, browser)
    update_user(people.user, by=BY, blocked=True)
    assert not is_signed_in(people, browser)
    update_user(people.user, by=BY, blocked=False)
    assert not is_signed_in(people, browser), "the session has ended, not only paused"


def test_T091_a_user_who_is_blocked_behind_the_services_back_is_not_signed_in(people):
    browser = people.signed_in()
    type(people.user).objects.filter(pk=people.user.pk).update(blocked=True)
    assert not is_signed_in(people, browser)
    assert browser.get("/account").status_code == 303


def test_T139_a_session_of_one_tenant_is_nothing_at_another(people, strangers):
    browser = people.signed_in()
    foreign = strangers.browser()
    for name in (COOKIE, BROWSER):
        foreign.cookies[name] = browser.cookies[name].value
    assert not is_signed_in(strangers, foreign)
    assert is_signed_in(people, browser)
