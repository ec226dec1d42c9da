"""Signing up: an account of one's own where a directory allows it, and nothing learned about the accounts of others."""

import re

import pytest
from django.db import IntegrityError

from apis.services import connections as connection_services
from authserver.pages import signup
from tenants import passwords, throttle
from tenants.models import Attempts, Tenant, User
from tenants.services import (
    create_connection,
    create_user,
    delete_user,
    set_password,
    update_connection,
    update_tenant,
    update_user,
)
from tests.factories import BY
from tests.people import PASSWORD, answer, hidden, is_to_application

NEUTRAL = "This account could not be made. If you have one already, log in instead."
KNOWN = "This e-mail has an account already: log in instead."


def signup_page(people, browser, **changes):
    response = people.authorize(browser, screen_hint="signup", **changes)
    assert response.headers["Location"].startswith("/u/signup?state=")
    return browser.get(response.headers["Location"])


def sign_up(people, browser=None, page=None, **typed):
    """The answer to the form, filled in as Bob unless told otherwise."""
    browser = browser or people.browser()
    page = page or signup_page(people, browser)
    fields = {"email": "bob@example.com", "name": "Bob", "password": PASSWORD, "action": "signup"}
    return people.post(browser, "/u/signup", hidden(page) | fields | typed)


def test_who_signs_up_is_signed_in_and_goes_on_to_the_application(people):
    browser = people.browser()
    response = sign_up(people, browser)
    assert (response.status_code, response.headers["Cache-Control"]) == (303, "no-store")
    response = browser.get(response.headers["Location"])
    assert response.headers["Location"].startswith("/u/consent")
    response = people.decide(browser, response)
    assert is_to_application(response)
    assert "access_token" in people.redeem(answer(response)["code"]).json()
    bob = User.objects.get(email="bob@example.com")
    assert (bob.connection, bob.name, bob.email_verified, bob.logins_count) == (people.connection, "Bob", False, 1)
    assert bob.last_login is not None


def test_the_new_password_logs_in(people):
    sign_up(people, email="  bob@example.com ", name="")
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser), username="bob@example.com")
    assert response.headers["Location"].startswith("/u/consent")


def test_a_sign_up_is_an_event_and_so_is_a_refused_one(people):
    sign_up(people)
    [event] = people.world.events("ss")
    bob = User.objects.get(email="bob@example.com")
    assert (event.user_id, event.user_name, event.client_id) == (bob.user_id, "bob@example.com", people.web.client_id)
    sign_up(people)
    [event] = people.world.events("fs")
    assert (event.user_name, event.details["reason"]) == ("bob@example.com", "InvalidRequest")
    assert "already has a user" in event.details["remedy"]
    assert len(people.world.events("ss")) == 1


def test_T127_no_event_of_a_sign_up_has_the_password_or_what_may_be_one(people):
    sign_up(people)
    sign_up(people, password="password")
    sign_up(people, email="my password, typed a field too early", password="iloveyou")
    told = str([event.__dict__ for event in people.world.events("ss", "fs", "sapi", "s")])
    assert PASSWORD not in told
    assert "iloveyou" not in told
    assert "a field too early" not in told
    assert [event.user_name for event in people.world.events("fs")] == ["", "bob@example.com"]


def test_where_no_directory_takes_new_people_there_is_no_sign_up(people):
    update_connection(people.connection, by=BY, disable_signup=True)
    browser = people.browser()
    response = people.authorize(browser, screen_hint="signup")
    response = browser.get(response.headers["Location"])
    assert (response.status_code, response.headers["Location"][:9]) == (303, "/u/login?")
    assert "signup-link" not in browser.get(response.headers["Location"]).content.decode()
    update_connection(people.connection, by=BY, disable_signup=False)
    assert "signup-link" in browser.get(response.headers["Location"]).content.decode()


def test_a_form_that_was_open_when_sign_up_was_switched_off_makes_no_account(people):
    browser = people.browser()
    page = signup_page(people, browser)
    update_connection(people.connection, by=BY, disable_signup=True)
    response = sign_up(people, browser, page)
    assert response.headers["Location"].startswith("/authorize/resume")
    assert not User.objects.filter(email="bob@example.com").exists()


def test_T043_a_closed_directory_cannot_be_smuggled_into_the_form(people):
    closed = create_connection(people.world.tenant, "Staff", by=BY, disable_signup=True)
    connection_services.enable_connection(people.web, closed, by=BY)
    foreign = create_connection(people.world.tenant, "Partners", by=BY)
    for name in (closed.name, foreign.name):
        sign_up(people, connection=name)
    assert not User.objects.filter(email="bob@example.com").exists()
    sign_up(people, connection="Users")
    assert User.objects.get(email="bob@example.com").connection == people.connection


def test_with_several_open_directories_the_person_chooses_and_the_choice_stays(people):
    other = create_connection(people.world.tenant, "Customers", by=BY)
    connection_services.enable_connection(people.web, other, by=BY)
    response = sign_up(people, connection="Users", password="short")
    page = response.content.decode()
    assert 'value="Users"\n                        selected' in page
    assert 'value="bob@example.com"' in page
    assert 'value="Bob"' in page
    assert "short" not in page.replace("short for", "")
    sign_up(people, connection="Users")
    assert User.objects.get(email="bob@example.com").connection == people.connection


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", f"at least {passwords.MIN_LENGTH} characters"),
        ("password", "Many people use this password"),
        ("bob@example.com", "the e-mail address"),
        ("", "at least"),
        ("v" * 1_001, "at most 1000"),
    ],
)
def test_T121_a_weak_or_common_password_is_refused_with_the_reason_beside_the_field(people, password, said):
    response = sign_up(people, password=password)
    assert response.status_code == 400
    page = response.content.decode()
    assert said in page
    assert 'id="password-problem"' in page
    assert not User.objects.filter(email="bob@example.com").exists()


def test_what_is_no_e_mail_is_refused_beside_its_field(people):
    response = sign_up(people, email="bob")
    assert response.status_code == 400
    assert 'id="email-problem"' in response.content.decode()


def test_T123_that_an_e_mail_has_an_account_is_told_only_where_the_tenant_wants_it(people):
    for spelled in ("ada@example.com", "ADA@example.com"):
        response = sign_up(people, email=spelled)
        assert response.status_code == 400
        assert NEUTRAL in response.content.decode()
        assert KNOWN not in response.content.decode()
    update_tenant(people.world.tenant, by=BY, flags={"enable_public_signup_user_exists_error": True})
    assert KNOWN in sign_up(people, email="ada@example.com").content.decode()
    assert User.objects.get(email="ada@example.com") == people.user


def test_T123_the_page_leads_to_the_login_whether_or_not_the_e_mail_is_known_to_it(people):
    for tells in (False, True):
        update_tenant(people.world.tenant, by=BY, flags={"enable_public_signup_user_exists_error": tells})
        browser = people.browser()
        response = sign_up(people, browser, email="ada@example.com")
        [address] = re.findall(r'href="([^"]*)" id="login-instead">[^<]*log in instead', response.content.decode())
        assert browser.get(address.replace("&amp;", "&")).status_code == 200
    assert "autofocus" in response.content.decode()


def test_a_problem_of_a_field_leads_to_the_field_and_not_to_the_login(people):
    page = sign_up(people, email="bob").content.decode()
    assert 'href="#email"' in page
    assert "login-instead" not in page


def test_T123_a_weak_password_is_refused_alike_for_a_known_and_an_unknown_e_mail(people):
    known, unknown = (sign_up(people, email=email, password="password") for email in ("ada@example.com", "eve@example.com"))
    assert known.status_code == unknown.status_code == 400
    assert NEUTRAL not in known.content.decode() + unknown.content.decode()


def test_T123_who_signs_up_with_the_known_e_mail_and_its_password_is_not_signed_in(people):
    sign_up(people, email="ada@example.com", password=PASSWORD)
    assert not people.world.tenant.sessions.exists()


def test_two_sign_ups_at_once_make_one_account(people, monkeypatch):
    def late(*_, **__):
        raise IntegrityError("email_per_connection")

    monkeypatch.setattr(signup.services, "create_user", late)
    response = sign_up(people)
    assert response.status_code == 400
    assert NEUTRAL in response.content.decode()


def test_T124_one_address_makes_only_so_many_accounts(people, monkeypatch):
    monkeypatch.setattr(signup, "PER_IP", throttle.Limit(signup.PER_IP.name, tries=3, seconds=900))
    statuses = [sign_up(people, email=f"user{number}@example.com").status_code for number in range(4)]
    assert statuses == [303, 303, 303, 429]
    response = sign_up(people)
    assert response.status_code == 429
    assert 800 < int(response.headers["Retry-After"]) <= 900
    assert "Try again in 15 minutes." in response.content.decode()
    [event, _] = people.world.events("fs")
    assert event.details["reason"] == "TooManyAttempts"
    assert not User.objects.filter(email="bob@example.com").exists()


def test_T124_the_limit_is_each_addresss_own_and_counts_refused_ones(people, strangers, monkeypatch):
    monkeypatch.setattr(signup, "PER_IP", throttle.Limit(signup.PER_IP.name, tries=2, seconds=900))
    assert [sign_up(people, email="ada@example.com").status_code for _ in range(3)] == [400, 400, 429]
    elsewhere = people.browser()
    elsewhere.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert sign_up(people, elsewhere).status_code == 303
    assert sign_up(strangers).status_code == 303
    assert Attempts.objects.count() == 3


def test_T041_a_form_of_another_page_makes_no_account(people):
    assert sign_up(people, csrf_token="0" * 64).status_code == 403
    assert not User.objects.filter(email="bob@example.com").exists()


def test_T139_the_account_is_made_at_the_tenant_of_the_page(people, strangers):
    sign_up(people)
    assert User.objects.get(email="bob@example.com").tenant == people.world.tenant
    browser = strangers.browser()
    response = strangers.log_in(browser, strangers.authorize(browser), username="bob@example.com")
    assert response.status_code == 400


def test_people_may_sign_up_for_their_account_page_alone(people):
    browser = people.browser()
    login = browser.get(browser.get("/account").headers["Location"])
    state = hidden(login)["state"]
    response = sign_up(people, browser, browser.get(f"/u/signup?state={state}"))
    assert browser.get(response.headers["Location"]).headers["Location"] == "/account"
    assert "bob@example.com" in browser.get("/account").content.decode()


def version(people):
    return Tenant.objects.get(pk=people.world.tenant.pk).config_version


def test_a_sign_up_does_not_make_every_process_read_the_tenant_anew(people):
    before = version(people)
    sign_up(people)
    assert User.objects.filter(email="bob@example.com").exists()
    assert version(people) == before


def test_no_write_to_a_person_changes_the_configuration_and_each_is_told(people):
    before = version(people)
    user = create_user(people.connection, email="eve@example.com", password=PASSWORD, by=BY)
    update_user(user, by=BY, name="Eve", blocked=True)
    set_password(user, PASSWORD + "-new", by=BY)
    delete_user(user, by=BY)
    assert version(people) == before
    told = [event.description for event in people.world.events("sapi")]
    assert {"Create a user", "Update a user", "Set a user's password", "Delete a user"} <= set(told)
    create_connection(people.world.tenant, "Staff", by=BY)
    assert version(people) > before, "a directory is configuration"
