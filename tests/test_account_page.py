"""The account page: what a person sees of themselves there, and takes back; nobody else's."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from authserver.models import Consent, Session, TokenFamily
from tenants.services import create_user, update_tenant
from tests.factories import BY
from tests.people import PASSWORD, answer, hidden, is_to_application

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
)


def text(page):
    return " ".join(page.content.decode().split())


def page_of(browser):
    page = browser.get("/account")
    assert page.status_code == 200, page.headers
    return page


def press(people, browser, action, row_id="", page=None):
    """The button `action` of the row `row_id`."""
    fields = {"csrf_token": hidden(page or page_of(browser))["csrf_token"], "action": action, "id": row_id}
    return people.post(browser, "/account", fields)


def section(page, name):
    return text(page).partition(f'<section id="{name}"')[2].partition("</section>")[0]


@pytest.fixture
def bob(people):
    """Another person of the same directory, signed in, with a consent and a refresh token of their own."""
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    browser = people.browser()
    response = people.decide(browser, people.log_in(browser, people.authorize(browser), username="bob@example.com"))
    people.redeem(answer(response)["code"])
    return browser


def test_the_account_page_needs_a_login_and_comes_after_it(people):
    browser = people.browser()
    response = browser.get("/account")
    assert (response.status_code, response.headers["Location"][:9]) == (303, "/u/login?")
    assert response.headers["Cache-Control"] == "no-store"
    assert people.log_in(browser, response).headers["Location"] == "/account"
    page = page_of(browser)
    assert "ada@example.com" in text(page)
    assert "Ada Lovelace" in text(page)
    [event] = people.world.events("s")
    assert event.description == "Successful login to the account page"


def test_a_form_without_a_login_does_nothing(people):
    people.tokens()
    response = people.post(people.browser(), "/account", {"action": "revoke_consent", "id": Consent.objects.get().pk})
    assert response.headers["Location"].startswith("/u/login")
    assert Consent.objects.exists()


def test_it_lists_sessions_approvals_and_applications_that_stay_signed_in(people):
    browser = people.browser(**{"user-agent": FIREFOX})
    people.redeem(people.code(browser))
    people.through(people.browser(**{"user-agent": IPHONE}))
    page = page_of(browser)
    assert "Firefox on Linux" in section(page, "sessions")
    assert "Safari on iPhone" in section(page, "sessions")
    assert section(page, "sessions").count("This device") == 1
    assert "127.0.0.1" in section(page, "sessions")
    assert "Shop" in section(page, "approvals")
    assert "May read:orders" in section(page, "approvals")
    assert "Keep access when you are away" in section(page, "approvals")
    assert "Shop" in section(page, "devices")
    assert people.world.api.identifier in section(page, "devices") or str(people.world.api) in section(page, "devices")


def test_an_application_that_stays_logged_in_on_two_devices_is_told_apart(people):
    for user_agent in (FIREFOX, IPHONE):
        people.redeem(people.code(people.browser(**{"user-agent": user_agent})))
    devices = section(page_of(people.signed_in()), "devices")
    assert devices.count("Firefox on Linux") == devices.count("Safari on iPhone") == 1
    assert devices.count("Device") == 2


def test_an_application_that_brought_the_password_itself_has_no_device(people):
    update_tenant(people.world.tenant, by=BY, default_directory="Users")
    asked = {"grant_type": "password", "username": people.user.email, "password": PASSWORD}
    assert people.token(**asked, audience=people.world.api.identifier, scope="offline_access").status_code == 200
    browser = people.browser()
    people.log_in(browser, browser.get("/account"))
    devices = section(page_of(browser), "devices")
    assert "Shop" in devices
    assert "Device" not in devices


def test_the_page_says_that_what_was_issued_can_outlive_an_approval(people):
    browser = people.signed_in()
    assert "What it already holds can work until it expires." in section(page_of(browser), "approvals")


def test_somebody_who_allowed_nothing_reads_so(people):
    browser = people.browser()
    people.log_in(browser, browser.get("/account"))
    page = page_of(browser)
    assert "You have approved no application." in text(page)
    assert "No application stays logged in for you." in text(page)
    assert "Log out everywhere else" not in text(page)


def test_T058_an_approval_that_is_taken_back_ends_the_refresh_token_and_is_asked_again(people):
    browser = people.browser()
    tokens = people.redeem(people.code(browser)).json()
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    response = press(people, browser, "revoke_consent", Consent.objects.get().pk)
    assert (response.status_code, response.headers["Location"]) == (303, "/account?done=revoke_consent")
    assert "The application has to ask you again." in text(browser.get(response.headers["Location"]))
    assert people.refresh(tokens["refresh_token"]).status_code == 403
    assert (
        people.world.http().get("/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}).status_code
        == 401
    )
    assert people.authorize(browser).headers["Location"].startswith("/u/consent")
    assert answer(people.authorize(browser, prompt="none"))["error"] == "consent_required"
    told = people.world.events("consent")
    assert (told[0].user_name, told[0].ip, told[0].hostname) == (people.user.email, "127.0.0.1", "acme.example.com")
    assert told[0].request_id == response.headers["X-Auth0-RequestId"]
    assert [event.description for event in told] == [
        "Took back the consent to an application",
        "Allowed an application",
    ]


def test_T058_the_other_applications_approval_and_tokens_stay(people):
    browser = people.browser()
    web = people.redeem(people.code(browser)).json()
    spa = people.redeem_spa(people.code(browser, people.of_spa())).json()
    press(people, browser, "revoke_consent", Consent.objects.get(application=people.spa).pk)
    assert people.refresh_spa(spa["refresh_token"]).status_code == 403
    assert people.refresh(web["refresh_token"]).status_code == 200
    assert Consent.objects.get().application == people.web


def test_T058_an_application_that_stays_signed_in_is_signed_out_and_the_approval_stays(people):
    browser = people.browser()
    tokens = people.redeem(people.code(browser)).json()
    family = TokenFamily.objects.get()
    response = press(people, browser, "revoke_device", family.pk)
    assert "The application is no longer logged in." in text(browser.get(response.headers["Location"]))
    assert people.refresh(tokens["refresh_token"]).status_code == 403
    assert is_to_application(people.authorize(browser))
    [event] = people.world.events("srrt")
    assert (event.user_id, event.client_id) == (people.user.user_id, people.web.client_id)


def test_T091_another_session_is_ended_at_once_and_this_one_stays(people):
    browser, other = people.browser(), people.signed_in()
    people.through(browser)
    theirs = Session.objects.earliest("created_at")
    response = press(people, browser, "end_session", theirs.pk)
    assert "The session has ended." in text(browser.get(response.headers["Location"]))
    assert answer(people.authorize(other, prompt="none"))["error"] == "login_required"
    assert "code" in answer(people.authorize(browser, prompt="none"))
    assert people.world.events("slo")[0].description == "Ended 1 other session"


def test_T091_all_other_sessions_are_ended_at_once(people):
    others = [people.signed_in(), people.signed_in()]
    browser = people.browser()
    people.through(browser)
    assert "Log out everywhere else" in text(page_of(browser))
    press(people, browser, "end_others")
    assert [answer(people.authorize(other, prompt="none"))["error"] for other in others] == ["login_required"] * 2
    assert "code" in answer(people.authorize(browser, prompt="none"))
    assert people.world.events("slo")[0].description == "Ended 2 other sessions"


def test_T091_logging_out_on_the_page_ends_this_session(people):
    browser = people.signed_in()
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    response = press(people, browser, "logout")
    assert response.headers["Location"] == "/logged-out"
    assert browser.cookies["__Host-latchkey_session"].value == ""
    stale = people.browser()
    for name, value in cookies.items():
        stale.cookies[name] = value
    assert answer(people.authorize(stale, prompt="none"))["error"] == "login_required"
    assert people.world.events("slo")[0].user_id == people.user.user_id


ROWS = {
    "end_session": lambda user: Session.objects.get(user=user),
    "revoke_consent": lambda user: Consent.objects.get(user=user),
    "revoke_device": lambda user: TokenFamily.objects.get(user=user),
}


def is_untouched(row):
    """Whether a session, a consent or a token family is as it was."""
    stored = type(row).objects.filter(pk=row.pk).first()
    return stored is not None and getattr(stored, "ended_at", None) is None and getattr(stored, "revoked_at", None) is None


@pytest.mark.parametrize("action", ROWS)
def test_T139_nothing_of_another_person_can_be_taken_back(people, bob, action):
    browser = people.browser()
    people.redeem(people.code(browser))
    other = people.connection.users.get(email="bob@example.com")
    theirs, own = ROWS[action](other), ROWS[action](people.user)
    assert press(people, browser, action, theirs.pk).status_code == 303
    assert is_untouched(theirs)
    page = page_of(browser)
    press(people, browser, action, own.pk, page)
    assert not is_untouched(own)
    assert theirs.pk not in text(page)
    assert own.pk in text(page) or action == "end_session"


@pytest.mark.parametrize("action", ROWS)
def test_T139_nothing_of_another_tenant_can_be_taken_back(people, strangers, action):
    browser = people.browser()
    people.redeem(people.code(browser))
    strangers.tokens()
    theirs = ROWS[action](strangers.user)
    press(people, browser, action, theirs.pk)
    assert is_untouched(theirs)


def test_T139_ending_all_other_sessions_ends_nobody_elses(people, bob, strangers):
    theirs = strangers.signed_in()
    browser = people.browser()
    people.through(browser)
    press(people, browser, "end_others")
    assert bob.get("/account").status_code == 200
    assert theirs.get("/account").status_code == 200


@pytest.mark.parametrize("row_id", ["", "no-such-id", "a\u202eb", "x" * 5_000, "%00", "'; --"])
def test_an_id_that_nobody_has_changes_nothing(people, row_id):
    browser = people.browser()
    people.redeem(people.code(browser))
    for action in (*ROWS, "no such action", ""):
        assert press(people, browser, action, row_id).status_code == 303
    assert all(is_untouched(find(people.user)) for find in ROWS.values())


@pytest.mark.parametrize("action", [*ROWS, "end_others", "logout"])
def test_T041_without_the_token_of_this_very_session_nothing_is_done(people, bob, action):
    browser = people.browser()
    people.redeem(people.code(browser))
    bobs = hidden(page_of(bob))["csrf_token"]
    for token in ("", "0" * 64, bobs):
        fields = {"csrf_token": token, "action": action, "id": ROWS.get(action, ROWS["end_session"])(people.user).pk}
        assert people.post(browser, "/account", fields).status_code == 403
    assert all(is_untouched(find(people.user)) for find in ROWS.values())


def test_T041_a_form_from_another_site_is_refused_even_with_the_token(people):
    browser = people.browser()
    people.through(browser)
    fields = hidden(page_of(browser)) | {"action": "logout"}
    browser.defaults["HTTP_ORIGIN"] = "https://evil.example"
    assert people.post(browser, "/account", fields).status_code == 403
    browser.defaults["HTTP_ORIGIN"] = people.world.issuer.rstrip("/")
    assert people.post(browser, "/account", fields).status_code == 303


def test_what_has_expired_is_not_listed(people):
    browser = people.browser()
    people.redeem(people.code(browser))
    people.through(people.browser(**{"user-agent": IPHONE}))
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(user_agent=IPHONE).update(idle_expires_at=past)
    TokenFamily.objects.get(refresh_tokens__isnull=False).refresh_tokens.update(expires_at=past)
    page = page_of(browser)
    assert "iPhone" not in section(page, "sessions")
    assert "No application stays logged in for you." in section(page, "devices")


def test_T045_names_are_shown_as_text_and_cannot_turn_the_page(people):
    browser = people.browser()
    people.redeem(people.code(browser))
    type(people.web).objects.filter(pk=people.web.pk).update(name="<b>\u202eevil\u2066" + "x" * 240)
    page = page_of(browser).content.decode()
    assert "<b>" not in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert "x" * 101 not in page


def test_the_message_is_one_of_ours_whatever_the_address_says(people):
    browser = people.signed_in()
    page = browser.get("/account?done=<script>alert(1)</script>")
    assert page.status_code == 200
    assert "alert" not in page.content.decode()


def test_the_page_names_what_it_does_not_know_an_unknown_device(people):
    browser = people.browser(**{"user-agent": "curl/8"})
    people.through(browser)
    assert "Unknown device" in section(page_of(browser), "sessions")
