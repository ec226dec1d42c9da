"""A request that waits for its person is judged again, when they come back, by what the settings say by then."""

import pytest

from apis.services.applications import update_application
from apis.services.connections import set_connections
from authserver.models import AuthorizationCode
from tests import answers
from tests.factories import BY
from tests.people import answer, hidden, is_to_application


def at_consent(people, **changes):
    """Ada in front of the consent page, and the request's state."""
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser, **changes))
    assert response.headers["Location"].startswith("/u/consent")
    return browser, response


def resumed(browser, response):
    return browser.get("/authorize/resume", {"state": response.headers["Location"].partition("state=")[2]})


def test_an_address_that_was_taken_back_meanwhile_gets_nothing(people):
    browser, waiting = at_consent(people)
    update_application(people.web, by=BY, redirect_uris="https://shop.example/other")
    for response in (resumed(browser, waiting), people.decide(browser, waiting)):
        assert (response.status_code, "Location" in response.headers) == (400, False)
        assert answers.title(response) == "Callback URL mismatch"
        assert people.world.events("f")[0].details["reason"] == "CallbackMismatch", "the page's reference is in the log"
    assert not AuthorizationCode.objects.exists()


def test_neither_gets_it_the_refusal(people):
    browser, waiting = at_consent(people)
    page = browser.get(waiting.headers["Location"])
    update_application(people.web, by=BY, redirect_uris="https://shop.example/other")
    response = people.post(browser, "/u/consent", hidden(page) | {"action": "deny"})
    assert (response.status_code, "Location" in response.headers) == (400, False)


def test_an_application_that_was_switched_off_meanwhile_gets_nothing(people):
    browser, waiting = at_consent(people)
    update_application(people.web, by=BY, enabled=False)
    response = resumed(browser, waiting)
    assert (response.status_code, "Location" in response.headers) == (400, False)
    assert not AuthorizationCode.objects.exists()


def test_a_grant_type_that_was_switched_off_meanwhile_is_refused(people):
    browser, waiting = at_consent(people, response_type="code id_token")
    update_application(people.web, by=BY, grant_types=["authorization_code"])
    response = resumed(browser, waiting)
    assert is_to_application(response)
    assert answer(response)["error"] == "unauthorized_client"


def test_a_directory_that_was_switched_off_meanwhile_lets_nobody_in(people):
    browser, waiting = at_consent(people)
    set_connections(people.web, [], by=BY)
    assert resumed(browser, waiting).headers["Location"].startswith("/u/login")
    browser, waiting = people.browser(), None
    set_connections(people.web, [people.connection], by=BY)
    browser, waiting = at_consent(people, connection="Users")
    set_connections(people.web, [], by=BY)
    assert answer(resumed(browser, waiting))["error"] == "unauthorized_client"


def test_what_did_not_change_is_answered_once(people):
    browser, waiting = at_consent(people)
    assert "code" in answer(people.decide(browser, waiting))
    assert resumed(browser, waiting).status_code == 400, "one request has one answer"


@pytest.mark.parametrize("state", ["", "x", "a\x00b", "é", "x" * 5_000])
def test_a_state_that_nobody_waits_under_is_a_page(people, state):
    response = people.signed_in().get("/authorize/resume", {"state": state})
    assert (response.status_code, answers.title(response)) == (400, "This page has expired")
    assert '<a class="primary button" href="/"' in " ".join(response.content.decode().split())


def test_T042_another_browser_and_another_tenant_cannot_finish_it(people, strangers):
    browser, waiting = at_consent(people)
    state = waiting.headers["Location"].partition("state=")[2]
    for other in (people.browser(), people.signed_in(), strangers.signed_in()):
        assert other.get("/authorize/resume", {"state": state}).status_code == 400
    assert is_to_application(resumed(browser, waiting)), "Ada's own may: she allowed it in the second browser"
