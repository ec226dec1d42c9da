"""Logging in: whom the page lets in, what it says to the others, and what the log event adds."""

import re
from urllib.parse import urlencode

import pytest
from django.test import override_settings

from apis.models import AppType
from apis.services import connections as connection_services
from apis.services.applications import update_application
from tenants import passwords
from tenants.models import User
from tenants.services import create_connection, create_user, delete_connection, update_tenant, update_user
from tests import factories
from tests.factories import BY
from tests.hashers import CheapArgon2PasswordHasher
from tests.people import CALLBACK, FORM, PASSWORD, answer, hidden, is_to_application

WRONG = "Wrong e-mail or password."


def login_page(people, browser, **changes):
    return browser.get(people.authorize(browser, **changes).headers["Location"])


def tried(people, username="", password="wrong", **changes):
    """The answer to one attempt in a fresh browser."""
    browser = people.browser()
    return people.log_in(browser, people.authorize(browser), username=username, password=password, **changes)


@pytest.fixture
def staff(people):
    """A second directory for the web application, where another Ada has the same e-mail."""
    connection = create_connection(people.world.tenant, "Staff", by=BY)
    connection_services.enable_connection(people.web, connection, by=BY)
    create_user(connection, email="ada@example.com", password=PASSWORD + "-of-staff", by=BY)
    return connection


@pytest.fixture
def hashes(monkeypatch):
    """How often a password was hashed, to be made or to be compared."""
    counted = []
    for name in ("encode", "verify"):
        plain = getattr(CheapArgon2PasswordHasher, name)

        def counting(self, *args, _plain=plain, **kwargs):
            counted.append(1)
            return _plain(self, *args, **kwargs)

        monkeypatch.setattr(CheapArgon2PasswordHasher, name, counting)
    return counted


def test_the_login_page_names_the_application_and_lets_password_managers_help(people):
    page = login_page(people, people.browser()).content.decode()
    for part in ("to continue to", "Shop", 'autocomplete="username"', 'autocomplete="current-password"', "login-cancel"):
        assert part in page
    assert "onpaste" not in page


def test_the_right_password_signs_in_and_counts_the_login(people):
    browser = people.browser()
    assert is_to_application(people.through(browser))
    ada = User.objects.get(pk=people.user.pk)
    assert (ada.logins_count, ada.last_ip) == (1, "127.0.0.1")
    assert ada.last_login is not None


def test_the_e_mail_is_found_however_it_is_spelled(people):
    for spelled in ("ADA@example.com", "  ada@EXAMPLE.com "):
        assert tried(people, spelled, PASSWORD).headers["Location"].startswith("/u/consent")


def test_an_e_mail_that_only_looks_like_it_is_another_one(people):
    update_user(people.user, by=BY, email="silvia@example.com")
    for look_alike in ("\u017filvia@example.com", "s\u0131lvia@example.com", "silvia@example.com%", "silvi_@example.com"):
        assert tried(people, look_alike, PASSWORD).status_code == 400
    assert tried(people, "silvia@example.com", PASSWORD).status_code == 302


@pytest.mark.parametrize("brute_force_protection", [True, False])
def test_T123_a_known_and_an_unknown_e_mail_are_answered_alike_with_as_many_hashes(people, hashes, brute_force_protection):
    people.connection.brute_force_protection = brute_force_protection
    people.connection.save()

    def seen(username, password):
        before = len(hashes)
        browser = people.browser()
        response = people.log_in(browser, people.authorize(browser), username=username, password=password)
        text = response.content.decode().replace(username, "NAME")
        for value in hidden(response).values():
            text = text.replace(value, "HIDDEN")
        return response.status_code, text, sorted(response.headers), len(hashes) - before

    for password in ("wrong", "v" * passwords.MAX_LENGTH, "v" * 1_001, "v" * 30_000, "пароль", "🐙" * 20, " "):
        known, unknown = seen("ada@example.com", password), seen("eve@example.com", password)
        assert known == unknown
        assert known[0] == 400
        assert WRONG in known[1]
    assert seen("ada@example.com", "wrong")[-1] == 1, "one hash for an ordinary guess"


def test_T123_only_the_log_event_knows_which_it_was(people):
    tried(people, "eve@example.com")
    tried(people)
    [wrong], [unknown] = people.world.events("fp"), people.world.events("fu")
    assert (wrong.user_name, wrong.details["remedy"]) == ("ada@example.com", "The password is wrong.")
    assert (unknown.user_name, unknown.details["remedy"]) == (
        "eve@example.com",
        "The directory Users has no user with this e-mail. If another one has, switch that one on for the application.",
    )
    for event in (wrong, unknown):
        assert (event.client_id, event.client_name) == (people.web.client_id, "Shop")
        assert event.details["reason"] == "WrongPassword"
        assert event.details["connection"] == "Users"
        assert event.ip == "127.0.0.1"


def test_a_user_without_a_password_is_told_apart_in_the_event_only(people):
    User.objects.update(password="")
    assert WRONG in tried(people, password=PASSWORD).content.decode()
    assert "no password" in people.world.events("fp")[0].details["remedy"]


def test_what_may_be_a_password_in_the_wrong_field_is_not_recorded(people):
    tried(people, PASSWORD, "ada@example.com")
    [event] = people.world.events("fu")
    assert event.user_name == ""
    assert PASSWORD not in str(event.__dict__)


def test_a_success_is_recorded_with_the_person_the_application_and_what_it_got(people):
    people.through(people.browser())
    [event] = people.world.events("s")
    assert (event.user_id, event.user_name) == (people.user.user_id, "ada@example.com")
    assert (event.client_id, event.audience) == (people.web.client_id, people.world.api.identifier)
    assert "read:orders" in event.scope
    assert not people.world.events("f", "fp", "fu")


def test_a_blocked_user_who_knows_the_password_is_told_and_so_is_the_application(people):
    update_user(people.user, by=BY, blocked=True)
    browser = people.browser()
    fields = hidden(login_page(people, browser)) | {"username": people.user.email, "password": PASSWORD}
    response = people.post(browser, "/u/login", fields)
    assert is_to_application(response)
    assert (answer(response)["error"], answer(response)["error_description"]) == ("access_denied", "user is blocked")
    assert not people.world.tenant.sessions.exists()
    [event] = people.world.events("f")
    assert event.details["reason"] == "BlockedUserLogin"
    assert "unblock" in event.details["remedy"]


def test_T123_who_does_not_know_the_password_does_not_hear_that_the_user_is_blocked(people, hashes):
    before = tried(people)
    update_user(people.user, by=BY, blocked=True)
    after = tried(people)
    assert (after.status_code, WRONG in after.content.decode()) == (before.status_code, True)
    assert "blocked" not in after.content.decode()
    assert "Location" not in after.headers


def test_a_blocked_user_is_told_on_the_page_when_no_application_waits(people):
    update_user(people.user, by=BY, blocked=True)
    browser = people.browser()
    response = people.log_in(browser, browser.get("/account"))
    assert response.status_code == 400
    assert "This account is blocked." in response.content.decode()
    update_user(people.user, by=BY, blocked=False)
    assert people.log_in(browser, browser.get("/account")).headers["Location"] == "/account"


def test_with_several_directories_the_person_chooses_and_the_choice_stays(people, staff):
    page = login_page(people, people.browser()).content.decode()
    assert '<option value="Staff"' in page
    assert '<option value="Users"' in page
    wrong = tried(people, connection="Users", password=PASSWORD + "-of-staff").content.decode()
    assert WRONG in wrong
    assert 'value="Users"\n                        selected' in wrong
    assert 'value="ada@example.com"' in wrong, "the e-mail need not be typed again"
    assert tried(people, connection="Users", password=PASSWORD).headers["Location"].startswith("/u/consent")
    assert people.world.tenant.sessions.get().user == people.user


def test_with_one_directory_there_is_nothing_to_choose(people):
    assert "<select" not in login_page(people, people.browser()).content.decode()


def test_the_request_may_name_the_directory(people, staff):
    assert "<select" not in login_page(people, people.browser(), connection="Staff").content.decode()
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser, connection="Staff"), password=PASSWORD)
    assert WRONG in response.content.decode(), "this password is of the other directory"
    response = people.log_in(browser, people.authorize(browser, connection="Staff"), password=PASSWORD + "-of-staff")
    assert response.status_code == 302


def test_T043_a_directory_that_the_application_may_not_use_cannot_be_smuggled_into_the_form(people, hashes):
    partners = create_connection(people.world.tenant, "Partners", by=BY)
    create_user(partners, email="pat@example.com", password=PASSWORD, by=BY)
    before = len(hashes)
    response = tried(people, "pat@example.com", PASSWORD, connection="Partners")
    assert response.status_code == 403
    assert len(hashes) == before
    assert not people.world.tenant.sessions.exists()
    connection_services.enable_connection(people.web, partners, by=BY)
    assert tried(people, "pat@example.com", PASSWORD, connection="Partners").status_code == 302


def test_T043_a_directory_that_the_request_does_not_name_cannot_be_smuggled_into_the_form(people, staff):
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser, connection="Staff"), connection="Users")
    assert response.status_code == 403


def offered(page):
    """The directories to choose from, in their order: the browser takes the first unless one is marked."""
    return re.findall(r'<option value="([^"]*)"', page.content.decode())


def test_the_default_directory_is_offered_first_and_the_others_by_name(people, strangers, staff):
    annex = create_connection(people.world.tenant, "Annex", by=BY)
    connection_services.enable_connection(people.web, annex, by=BY)
    update_tenant(strangers.world.tenant, by=BY, default_directory="Users")
    assert offered(login_page(people, people.browser())) == ["Annex", "Staff", "Users"]
    assert tried(people, password=PASSWORD).status_code == 400
    update_tenant(people.world.tenant, by=BY, default_directory="Users")
    browser = people.browser()
    assert offered(login_page(people, browser)) == ["Users", "Annex", "Staff"]
    assert offered(browser.get(browser.get("/account").headers["Location"])) == ["Users", "Annex", "Staff"]
    assert tried(people, password=PASSWORD).headers["Location"].startswith("/u/consent")
    assert tried(people, password=PASSWORD, connection="Staff").status_code == 400, "another choice is kept"


def test_a_default_directory_that_is_not_switched_on_is_not_offered(people, staff):
    update_tenant(people.world.tenant, by=BY, default_directory="Users")
    annex = create_connection(people.world.tenant, "Annex", by=BY)
    connection_services.set_connections(people.web, [staff, annex], by=BY)
    assert offered(login_page(people, people.browser())) == ["Annex", "Staff"]
    assert tried(people, password=PASSWORD).status_code == 400
    assert tried(people, password=PASSWORD, connection="Users").status_code == 403


def test_a_tenant_without_a_directory_says_so_at_the_account_page(people):
    delete_connection(people.connection, by=BY)
    browser = people.browser()
    page = browser.get(browser.get("/account").headers["Location"])
    assert page.status_code == 403
    assert "There is no user directory here yet." in page.content.decode()
    assert "this application" not in page.content.decode()
    assert "No user directory is switched on for this application." in login_page(people, people.browser()).content.decode()


def test_a_third_party_application_reaches_domain_level_directories_only(people, staff):
    update_application(people.web, by=BY, is_first_party=False)
    assert login_page(people, people.browser()).status_code == 403
    people.connection.is_domain_connection = True
    people.connection.save()
    update_application(people.web, by=BY, is_first_party=False)
    assert tried(people, password=PASSWORD).status_code == 302


def test_T139_a_user_of_another_tenant_is_unknown_here(people, strangers):
    eve = create_user(strangers.connection, email="eve@example.com", password=PASSWORD, by=BY)
    assert WRONG in tried(people, eve.email, PASSWORD).content.decode()
    assert people.world.events("fu")
    assert tried(strangers, eve.email, PASSWORD).status_code == 302


def test_an_application_without_a_directory_says_so_and_the_event_says_what_to_do(people):
    connection_services.set_connections(people.web, [], by=BY)
    browser = people.browser()
    page = login_page(people, browser)
    assert page.status_code == 403
    assert "Nobody can log in here yet" in page.content.decode()
    assert 'href="https://shop.example/"' in page.content.decode()
    [event] = people.world.events("f")
    assert "switch a connection on" in event.details["remedy"]
    assert event.client_id == people.web.client_id
    assert event.details["request_id"] in page.content.decode(), "the reference on the page is the event's"
    connection_services.set_connections(people.web, [people.connection], by=BY)
    assert login_page(people, browser).status_code == 200


def test_a_directory_that_is_switched_off_while_the_form_is_open_lets_nobody_in(people):
    browser = people.browser()
    page = login_page(people, browser)
    connection_services.set_connections(people.web, [], by=BY)
    fields = hidden(page) | {"username": people.user.email, "password": PASSWORD, "action": "login"}
    assert people.post(browser, "/u/login", fields).status_code == 403
    assert not people.world.tenant.sessions.exists()


def test_the_login_hint_is_filled_in(people):
    page = login_page(people, people.browser(), login_hint='eve"><b>@example.com').content.decode()
    assert 'value="eve&quot;&gt;&lt;b&gt;@example.com"' in page
    assert 'value=""' in login_page(people, people.browser()).content.decode()


def test_who_only_has_to_prove_it_again_need_not_type_the_e_mail(people, staff):
    browser = people.signed_in()
    page = login_page(people, browser, prompt="login").content.decode()
    assert 'value="ada@example.com"' in page
    assert re.search(r'<option value="Users"\s+selected', page)
    assert "ada@example.com" not in login_page(people, browser, prompt="login", connection="Staff").content.decode()
    assert (
        'value="eve@example.com"'
        in login_page(people, browser, prompt="login", login_hint="eve@example.com").content.decode()
    )
    choice = browser.get(people.authorize(browser, prompt="select_account").headers["Location"])
    other = people.post(browser, "/u/account", hidden(choice) | {"action": "other"})
    assert "ada@example.com" not in browser.get(other.headers["Location"]).content.decode(), "somebody else types their own"


def test_cancel_goes_back_to_the_application_without_a_password(people):
    browser = people.browser()
    page = login_page(people, browser)
    response = people.post(browser, "/u/login", hidden(page) | {"username": "", "password": "", "action": "cancel"})
    assert response.status_code == 303
    assert answer(response) == {
        "error": "access_denied",
        "error_description": "User cancelled the login",
        "state": "state-1",
        "iss": people.world.issuer,
    }
    assert people.world.events("f")[0].details["reason"] == "LoginCancelled"
    assert not people.world.events("fp", "fu")


def test_the_account_page_has_no_application_to_cancel_to(people):
    browser = people.browser()
    page = browser.get(browser.get("/account").headers["Location"])
    assert "login-cancel" not in page.content.decode()
    response = people.post(browser, "/u/login", hidden(page) | {"action": "cancel"})
    assert response.status_code == 400


def test_T017_after_the_password_comes_a_303_which_forgets_it(people):
    browser = people.browser()
    page = login_page(people, browser)
    fields = hidden(page) | {"username": people.user.email, "password": PASSWORD, "action": "login"}
    response = people.post(browser, "/u/login", fields)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/authorize/resume?state={fields['state']}"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("field", ["username", "password", "connection", "state"])
def test_T013_a_NUL_in_any_field_is_refused_and_breaks_nothing(people, field):
    browser = people.browser()
    page = login_page(people, browser)
    fields = hidden(page) | {"username": people.user.email, "password": PASSWORD, field: "a\x00b"}
    response = people.post(browser, "/u/login", fields)
    assert response.status_code == 400
    assert not people.world.tenant.sessions.exists()


def test_T013_a_NUL_in_the_address_is_no_request(people):
    browser = people.browser()
    login_page(people, browser)
    assert browser.get("/u/login?state=a%00b").status_code == 400
    assert browser.get("/authorize/resume?state=%00").status_code == 400


def test_T120_a_megabyte_of_password_is_refused_unread_and_sixty_kilobytes_are_wrong(people, hashes):
    browser = people.browser()
    page = login_page(people, browser)
    fields = hidden(page) | {"username": people.user.email, "action": "login"}
    before = len(hashes)
    assert people.post(browser, "/u/login", fields | {"password": "v" * 1_000_000}).status_code == 413
    assert people.post(browser, "/u/login", fields | {"password": "v" * 60_000}).status_code == 400
    assert len(hashes) == before
    assert "longer" in people.world.events("fp")[0].details["remedy"]


def test_T120_a_password_of_many_scripts_is_compared_whole_and_in_one_form(people):
    create_user(people.connection, email="zoe@example.com", password="Zoë 🐙 пароль " + "x" * 80, by=BY)
    assert tried(people, "zoe@example.com", "Zoe\u0308 🐙 пароль " + "x" * 80).status_code == 302
    assert tried(people, "zoe@example.com", "Zoë 🐙 пароль " + "x" * 79).status_code == 400
    assert tried(people, "zoe@example.com", "zoë 🐙 пароль " + "x" * 80).status_code == 400


def test_T122_a_login_hashes_an_outdated_hash_anew(people):
    hashers = ["tests.hashers.CheapArgon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers[::-1]):
        people.user.set_password(PASSWORD)
        people.user.save()
    with override_settings(PASSWORD_HASHERS=hashers):
        tried(people)
        assert User.objects.get().password.startswith("pbkdf2"), "a wrong password changes nothing"
        assert tried(people, password=PASSWORD).status_code == 302
        assert User.objects.get().password.startswith("argon2")
        assert tried(people, password=PASSWORD).status_code == 302


def test_T127_the_password_is_on_no_page_in_no_address_and_in_no_event(people):
    browser = people.browser()
    wrong = PASSWORD + "-mistyped"
    response = people.log_in(browser, people.authorize(browser), password=wrong)
    assert wrong not in response.content.decode() + str(response.headers)
    people.through(browser)
    assert PASSWORD not in str([event.__dict__ for event in people.world.events("s", "fp", "fu", "sapi")])


def test_only_a_form_of_this_type_is_read(people):
    browser = people.browser()
    page = login_page(people, browser)
    fields = hidden(page) | {"username": people.user.email, "password": PASSWORD}
    assert browser.post("/u/login", fields, content_type="application/json").status_code == 400
    assert browser.post("/u/login", urlencode(fields), content_type="text/plain").status_code == 400
    assert browser.post("/u/login", urlencode(fields), content_type=FORM).status_code == 303


def test_a_native_application_with_a_scheme_of_its_own_is_answered_there(people):
    native, _ = factories.make_application(
        people.world.tenant, "Phone", app_type=AppType.NATIVE, redirect_uris="com.example.phone:/cb"
    )
    connection_services.set_connections(native, [people.connection], by=BY)
    browser = people.browser()
    asked = people.of_spa(client_id=native.client_id, redirect_uri="com.example.phone:/cb")
    page = browser.get(people.authorize(browser, asked).headers["Location"])
    response = people.post(browser, "/u/login", hidden(page) | {"action": "cancel"})
    assert response.headers["Location"].startswith("com.example.phone:/cb?error=access_denied")


def test_who_is_asked_to_log_in_again_may_do_so_as_the_same_person(people):
    browser = people.signed_in()
    response = people.authorize(browser, prompt="login")
    assert response.headers["Location"].startswith("/u/login")
    assert is_to_application(people.log_in(browser, response))
    assert CALLBACK in people.authorize(browser).headers["Location"]
