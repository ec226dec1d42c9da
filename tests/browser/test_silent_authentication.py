"""Silent authentication: prompt=none in a hidden frame, answered by web_message, between two sites as on the internet."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.browser.person import Person
from tests.browser.single_page import verified


@pytest.fixture
def person_with_frame_cookies(driver: Any, in_browser: Callable[..., Any], tmp_path: Path) -> Iterator[Person]:
    context = in_browser(chromium.with_frame_cookies, driver, tmp_path)
    yield Person(in_browser(context.new_page))
    in_browser(context.close)


def log_in_and_reload(person: Person, spa: str) -> None:
    """A reload forgets everything but the session at the server."""
    person.open(spa)
    person.click("#silent")
    person.hears("error login_required")
    person.click("#login")
    person.page.wait_for_url("**/u/login*")
    person.log_in()
    person.allow()
    person.hears("logged in")
    person.open(spa)
    person.hears("ready")
    person.click("#silent")


def test_silent_authentication_in_a_hidden_frame_of_another_site(
    person_with_frame_cookies: Person, sites: dict[str, Any]
) -> None:
    person = person_with_frame_cookies
    log_in_and_reload(person, f"{sites['spa'].origin}/spa")
    person.hears("logged in")
    app = person.page.evaluate("app")
    assert verified(sites, app["tokens"], app["nonce"])["azp"] == sites["spa"].settings["clientId"]
    person.click("#orders")
    person.hears("orders 200 Brass padlock")
    person.click("#refresh")
    person.hears("refreshed")
    person.click("#logout")
    person.page.wait_for_url("**/spa")
    person.hears("ready")
    person.click("#silent")
    person.hears("error login_required")


def test_a_browser_that_keeps_no_cookies_of_frames_is_told_that_a_login_is_needed(
    person: Person, sites: dict[str, Any]
) -> None:
    log_in_and_reload(person, f"{sites['spa'].origin}/spa")
    person.hears("error login_required")
