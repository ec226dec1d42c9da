"""T-014 to T-017: nobody is carried on to a stranger's page unasked, and no redirect forwards what was posted."""

import pytest

from apis.services.applications import update_application
from tests import answers
from tests.factories import BY
from tests.people import CALLBACK, PASSWORD, answer, hidden, is_to_application

EVIL = ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]


def third_party(people):
    """The shop, now of somebody else, with Ada's directory open to strangers' applications."""
    people.connection.is_domain_connection = True
    people.connection.save()
    update_application(people.web, by=BY, is_first_party=False)
    return people


BROKEN = [
    {"response_type": "nonsense"},
    {"response_type": None},
    {"scope": "openid", "max_age": "x"},
    {"audience": "urn:unknown"},
    {"response_mode": "query", "response_type": "token"},
    {"request": "x"},
    {"connection": "unknown"},
]


@pytest.mark.parametrize("changes", BROKEN, ids=str)
@pytest.mark.spec("RFC 9700", "4.11.2", "no automatic redirect to a client that nobody chose to trust")
def test_T016_a_broken_link_of_a_third_party_leads_a_stranger_to_a_page_with_a_way_back(people, changes):
    response = people.authorize(third_party(people).browser(), **changes)
    assert response.status_code in (400, 403)
    assert "Location" not in response.headers
    html = response.content.decode()
    assert f'href="{CALLBACK}"' in html
    assert 'rel="noreferrer"' in html
    assert "Shop" in html
    assert answers.parsed(response).scripts == [], "nobody is sent on without a click"
    assert people.world.events("f")[0].details["reason"]


@pytest.mark.parametrize("changes", BROKEN, ids=str)
def test_T016_who_is_signed_in_and_who_comes_from_a_first_party_goes_back_by_redirect(people, changes):
    assert is_to_application(people.authorize(people.browser(), **changes)), "first party"
    browser = people.signed_in()
    third_party(people)
    assert is_to_application(people.authorize(browser, **changes)), "signed in"


@pytest.mark.parametrize("prompt", ["none", "none ", "none none"])
def test_T016_silent_authentication_is_answered_without_a_page(people, prompt):
    response = people.authorize(third_party(people).browser(), prompt=prompt)
    assert answer(response)["error"] == "login_required"


def test_T016_a_session_of_another_tenant_or_an_ended_one_is_no_session(people, strangers):
    third_party(people)
    elsewhere = strangers.signed_in()
    cookie = elsewhere.cookies["__Host-latchkey_session"].value
    browser = people.browser()
    browser.cookies["__Host-latchkey_session"] = cookie
    assert "Location" not in people.authorize(browser, response_type="nonsense").headers
    browser = people.signed_in()
    people.world.tenant.sessions.update(expires_at="2020-01-01T00:00:00Z")
    assert "Location" not in people.authorize(browser, response_type="nonsense").headers


def test_T016_a_third_party_that_asks_rightly_is_served(people):
    browser = third_party(people).browser()
    response = people.log_in(browser, people.authorize(browser))
    assert response.headers["Location"].startswith("/u/consent")
    assert "code" in answer(people.decide(browser, response))


@pytest.mark.parametrize("url", [*EVIL, f"{CALLBACK}?added=1"])
def test_T014_a_logout_leads_to_registered_addresses_only(people, url):
    browser = people.signed_in()
    for path in ("/oidc/logout", "/v2/logout"):
        for name in ("post_logout_redirect_uri", "returnTo"):
            response = browser.get(path, {name: url, "client_id": people.web.client_id})
            assert response.headers.get("Location", "/").startswith("/")
            assert not response.headers.get("Location", "/").startswith(("//", "/\\"))


@pytest.mark.parametrize("name", ["next", "return_to", "returnTo", "redirect", "url", "target_link_uri", "goto"])
@pytest.mark.parametrize("url", EVIL)
def test_T014_no_parameter_but_redirect_uri_says_where_to_go(people, name, url):
    browser = people.browser()
    response = people.authorize(browser, **{name: url})
    page = browser.get(response.headers["Location"])
    typed = {"username": people.user.email, "password": PASSWORD, "action": "login", name: url}
    posted = people.post(browser, "/u/login", hidden(page) | typed)
    resumed = browser.get(f"{posted.headers['Location']}&{name}={url}")
    for answered in (response, posted, resumed):
        assert answered.headers["Location"].startswith(("/u/", "/authorize/resume"))


def test_T015_a_code_is_worth_nothing_with_another_redirect_uri(people):
    code = people.code()
    refused = people.redeem(code, redirect_uri="https://shop.example/other")
    assert refused.status_code in (400, 403)
    assert "access_token" not in refused.json()
    left_out = people.redeem(people.code(), redirect_uri=None)
    assert "access_token" not in left_out.json()
    assert people.redeem(people.code()).status_code == 200


def test_T017_every_redirect_behind_a_posted_form_is_a_303(people):
    browser = people.browser()
    asked = people.post(browser, "/authorize", people.asked())
    page = browser.get(asked.headers["Location"])
    typed = {"username": people.user.email, "password": PASSWORD, "action": "login"}
    logged_in = people.post(browser, "/u/login", hidden(page) | typed)
    resumed = browser.get(logged_in.headers["Location"])
    consented = people.post(browser, "/u/consent", hidden(browser.get(resumed.headers["Location"])) | {"action": "allow"})
    answered = people.post(browser, "/authorize", people.asked())
    refused = people.post(browser, "/authorize", people.asked(max_age="x"))
    again = people.post(browser, "/authorize", people.asked(prompt="login"))
    cancelled = people.post(browser, "/u/login", hidden(browser.get(again.headers["Location"])) | {"action": "cancel"})
    posts = [asked, logged_in, consented, answered, refused, again, cancelled]
    assert [response.status_code for response in posts] == [303] * 7
    assert is_to_application(answered)
    assert is_to_application(refused)
    assert answer(cancelled)["error"] == "access_denied"
