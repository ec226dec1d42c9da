"""T-040 to T-043: the forms of the pages, and the requests that wait behind them. Consent has tests/test_consent.py."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from apis.services.applications import update_application
from authserver.management.commands.cleanup import Command
from authserver.models import AuthorizationRequest, Consent
from tests.factories import BY
from tests.people import CALLBACK, PASSWORD, hidden, is_to_application

BROWSER = "__Host-latchkey_browser"


def at_login(people, browser, **changes):
    return browser.get(people.authorize(browser, **changes).headers["Location"])


def at_consent(people, browser, **changes):
    response = people.log_in(browser, people.authorize(browser, **changes))
    assert response.headers["Location"].startswith("/u/consent")
    return browser.get(response.headers["Location"])


def credentials(people):
    return {"username": people.user.email, "password": PASSWORD, "action": "login"}


def text(response):
    return " ".join(response.content.decode().split())


def test_T040_an_attackers_own_form_does_not_log_the_victim_in_as_the_attacker(people):
    attacker, victim = people.browser(), people.browser()
    bait = hidden(at_login(people, attacker)) | credentials(people)
    at_login(people, victim)
    response = people.post(victim, "/u/login", bait)
    assert response.status_code == 400
    assert "__Host-latchkey_session" not in victim.cookies
    assert people.post(attacker, "/u/login", bait).status_code == 303, "in the browser that it was shown to it works"


def test_T040_the_victims_request_with_the_attackers_token_is_refused(people):
    attacker, victim = people.browser(), people.browser()
    theirs, own = hidden(at_login(people, attacker)), hidden(at_login(people, victim))
    mixed = own | {"csrf_token": theirs["csrf_token"]} | credentials(people)
    assert people.post(victim, "/u/login", mixed).status_code == 403
    assert not people.world.tenant.sessions.exists()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("https://acme.example.com.evil.example", 403),
        ("http://acme.example.com", 403),
        ("https://acme.example.com", 303),
        ("null", 303),
    ],
)
def test_T040_a_form_that_another_site_sends_is_refused_whatever_it_carries(people, origin, status):
    browser = people.browser()
    fields = hidden(at_login(people, browser)) | credentials(people)
    browser.defaults["HTTP_ORIGIN"] = origin
    assert people.post(browser, "/u/login", fields).status_code == status


@pytest.mark.parametrize("path", ["/u/login", "/u/signup", "/u/consent", "/u/account"])
@pytest.mark.parametrize("token", ["", "0" * 64, "ü", None])
def test_T041_a_form_without_our_token_is_refused_on_every_page(people, path, token):
    browser = people.browser()
    state = hidden(at_consent(people, browser))["state"]
    fields = {"state": state, "action": "allow", **credentials(people)} | ({} if token is None else {"csrf_token": token})
    assert people.post(browser, path, fields).status_code == 403
    assert not Consent.objects.exists()


def test_T041_the_token_of_one_page_is_none_for_another(people):
    browser = people.browser()
    login = hidden(at_login(people, browser))
    posted = people.post(browser, "/u/login", login | credentials(people))
    consent = browser.get(browser.get(posted.headers["Location"]).headers["Location"])
    fields = hidden(consent) | {"action": "allow"}
    for stolen in (login["csrf_token"], fields["shown"]):
        assert people.post(browser, "/u/consent", fields | {"csrf_token": stolen}).status_code == 403
    assert not Consent.objects.exists()
    assert people.post(browser, "/u/consent", fields).status_code == 303


def test_T041_the_token_of_one_request_is_none_for_another_in_the_same_browser(people):
    browser = people.browser()
    one, two = hidden(at_login(people, browser)), hidden(at_login(people, browser))
    assert one["state"] != two["state"]
    mixed = one | {"csrf_token": two["csrf_token"]} | credentials(people)
    assert people.post(browser, "/u/login", mixed).status_code == 403


def test_T041_without_its_cookie_a_browser_can_send_no_form(people):
    browser = people.browser()
    fields = hidden(at_login(people, browser)) | credentials(people)
    del browser.cookies[BROWSER]
    assert people.post(browser, "/u/login", fields).status_code == 400
    assert not people.world.tenant.sessions.exists()


PAGES = ("/u/login", "/u/signup", "/u/consent", "/u/account", "/authorize/resume")


@pytest.mark.parametrize("path", PAGES)
def test_T042_a_request_that_began_in_one_browser_is_not_shown_or_finished_in_another(people, path):
    browser, other = people.browser(), people.browser()
    assert is_to_application(people.through(other, audience=None, scope="openid"))
    page = at_consent(people, browser)
    state = hidden(page)["state"]
    response = other.get(f"{path}?state={state}")
    assert response.status_code == 400
    assert "Shop" not in response.content.decode(), "nor does the page say whose it was"
    if path != "/authorize/resume":
        assert people.post(other, path, hidden(page) | {"action": "allow"}).status_code == 400
    assert browser.get(f"{path}?state={state}").status_code in (200, 302)
    assert AuthorizationRequest.objects.get(pk=state).finished_at is None


def test_T042_the_other_browser_does_not_get_in_with_a_cookie_of_its_own_choice(people):
    browser, other = people.browser(), people.browser()
    state = hidden(at_login(people, browser))["state"]
    for value in ("", "x" * 43, AuthorizationRequest.objects.get().browser_sha256):
        other.cookies[BROWSER] = value
        assert other.get(f"/u/login?state={state}").status_code == 400


def test_T042_a_code_goes_to_the_browser_that_asked_and_only_when_it_is_signed_in_itself(people):
    """Who has the address of a waiting request, and even the browser's cookie, still has nobody's session."""
    browser, thief = people.browser(), people.browser()
    page = at_consent(people, browser)
    thief.cookies[BROWSER] = browser.cookies[BROWSER].value
    people.post(browser, "/u/consent", hidden(page) | {"action": "allow"})
    response = thief.get(f"/authorize/resume?state={hidden(page)['state']}")
    assert response.headers["Location"].startswith("/u/login")
    assert is_to_application(browser.get(f"/authorize/resume?state={hidden(page)['state']}"))


def test_T139_a_waiting_request_of_one_tenant_is_none_at_another(people, strangers):
    browser = people.browser()
    state = hidden(at_login(people, browser))["state"]
    foreign = strangers.browser()
    foreign.cookies = browser.cookies
    for path in PAGES:
        assert foreign.get(f"{path}?state={state}").status_code == 400
    assert browser.get(f"/u/login?state={state}").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_request_that_is_finished_says_so_and_leads_back_to_the_application(people, path):
    browser = people.browser()
    page = at_consent(people, browser)
    fields = hidden(page)
    assert is_to_application(
        browser.get(people.post(browser, "/u/consent", fields | {"action": "allow"}).headers["Location"])
    )
    response = browser.get(f"{path}?state={fields['state']}")
    assert response.status_code == 400
    assert "This is done already" in text(response)
    assert 'href="https://shop.example/"' in text(response)
    assert "Back to <bdi>Shop</bdi>" in text(response)
    if path != "/authorize/resume":
        again = people.post(browser, path, fields | {"action": "allow"})
        assert again.status_code == 400
        assert "This is done already" in text(again)
    assert people.world.tenant.token_families.count() == 1, "one request has one answer"


def test_a_request_that_waited_too_long_says_so_and_leads_back(people):
    browser = people.browser()
    fields = hidden(at_login(people, browser))
    AuthorizationRequest.objects.update(expires_at=timezone.now())
    response = people.post(browser, "/u/login", fields | credentials(people))
    assert response.status_code == 400
    assert "waited too long" in text(response)
    assert 'href="https://shop.example/"' in text(response)
    assert not people.world.tenant.sessions.exists()


def test_a_finished_visit_to_the_account_page_leads_there(people):
    browser = people.browser()
    response = browser.get("/account")
    people.log_in(browser, response)
    again = browser.get(response.headers["Location"])
    assert 'href="/account"' in text(again)
    assert "This is done already" in text(again)


def test_a_private_scheme_is_never_linked(people):
    browser = people.browser()
    fields = hidden(at_login(people, browser))
    row = AuthorizationRequest.objects.get()
    row.params["redirect_uri"] = "com.example.app:/cb"
    row.finished_at = timezone.now()
    row.save()
    response = browser.get(f"/u/login?state={fields['state']}")
    assert response.status_code == 400
    assert "com.example.app" not in text(response)


def test_an_application_that_is_switched_off_while_its_person_types_gets_no_answer(people):
    browser = people.browser()
    fields = hidden(at_login(people, browser))
    update_application(people.web, by=BY, enabled=False)
    assert people.post(browser, "/u/login", fields | credentials(people)).status_code == 400
    update_application(people.web, by=BY, enabled=True)
    assert people.post(browser, "/u/login", fields | credentials(people)).status_code == 303


def test_a_login_that_is_sent_twice_is_harmless(people):
    browser = people.browser()
    fields = hidden(at_login(people, browser)) | credentials(people)
    first, second = people.post(browser, "/u/login", fields), people.post(browser, "/u/login", fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert browser.get(second.headers["Location"]).headers["Location"].startswith("/u/consent")
    assert people.world.tenant.sessions.filter(ended_at=None).count() == 1


def test_requests_that_nobody_finished_are_cleaned_up(people, capsys):
    browser = people.browser()
    at_login(people, browser)
    at_login(people, browser)
    old = AuthorizationRequest.objects.order_by("created_at").first()
    AuthorizationRequest.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    Command().handle(dry_run=False)
    assert not AuthorizationRequest.objects.filter(pk=old.pk).exists()
    assert AuthorizationRequest.objects.count() == 1


@pytest.mark.parametrize("state", ["", "x", "x" * 43, "x" * 5_000, "../../admin", "ü"])
def test_T043_a_state_that_nobody_was_given_opens_nothing(people, state):
    browser = people.browser()
    fields = hidden(at_login(people, browser)) | credentials(people) | {"state": state}
    assert people.post(browser, "/u/login", fields).status_code == 400
    assert not people.world.tenant.sessions.exists()


def test_T043_fields_beside_the_decision_change_nothing_of_the_request(people):
    browser = people.browser()
    smuggled = {
        "client_id": people.spa.client_id,
        "redirect_uri": "https://evil.example/",
        "scope": "create:orders",
        "response_mode": "fragment",
        "prompt": "none",
        "max_age": "0",
    }
    fields = hidden(at_login(people, browser, scope="openid", audience=None)) | credentials(people) | smuggled
    posted = people.post(browser, "/u/login", fields)
    query = urlencode(smuggled)
    response = browser.get(f"{posted.headers['Location']}&{query}")
    assert response.headers["Location"].startswith(f"{CALLBACK}?code=")


def test_T043_a_field_that_stands_twice_is_no_form_of_ours(people):
    browser = people.browser()
    fields = urlencode(hidden(at_login(people, browser)) | credentials(people))
    form = "application/x-www-form-urlencoded"
    response = browser.post("/u/login", f"{fields}&username=bob@example.com", content_type=form)
    assert response.status_code == 400
    assert not people.world.tenant.sessions.exists()
