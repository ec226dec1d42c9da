"""The page /demo/, walked as its visitor would: every button, over https and over the plain http of `make run`."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.looks import Album
from tests.browser.person import Person


@pytest.fixture(params=["https", "http"])
def demo(request: pytest.FixtureRequest, transactional_db: None, servers: dict[str, Any], settings: Any) -> dict[str, Any]:
    """What `make run` keeps in var/demo.json, for a server that runs now."""
    settings.DEVELOPMENT = True
    origin = servers["product"] if request.param == "https" else request.getfixturevalue("live_server").url
    output = StringIO()
    call_command("create_tenant", "demo", "--domain", origin, "--demo", "--json", stdout=output)
    return dict(json.loads(output.getvalue()))


def log_in(person: Person, demo: dict[str, Any]) -> None:
    person.click("#login")
    person.page.wait_for_url("**/u/login*")
    person.log_in(demo["users"][0]["password"], demo["users"][0]["email"])


def answer(person: Person, button: str, status: str) -> str:
    """What the demo API says after `button`."""
    person.click(button)
    shown = person.page.locator("#answer pre")
    expect(shown).to_contain_text(status)
    return str(shown.text_content())


def test_the_demo_page_logs_in_calls_its_api_refreshes_logs_in_silently_and_out(
    person: Person, demo: dict[str, Any]
) -> None:
    page = f"{demo['issuer']}demo/"
    person.open(demo["issuer"])
    person.click("a[href='/demo/']")
    expect(person.page.locator("#outside")).to_be_visible()
    expect(person.page).to_have_title(re.compile("^Order tracker · "))
    person.click("#silent-login")
    person.hears("login_required")
    person.hears("Nobody is logged in in this browser yet: use Log in.")
    log_in(person, demo)
    person.allow()
    person.hears("You are logged in.")
    assert person.page.url == page
    assert person.page.text_content("#who") == "Ada Example"
    assert "Whom it is for: the API" in person.page.text_content("#access-token")
    assert "read:orders" in person.page.text_content("#access-token")
    assert "ada@example.com" in person.page.text_content("#id-token")
    assert "Brass padlock" in answer(person, "#call", "200")
    assert "Bearer realm" in answer(person, "#call-without", "401")
    before = person.page.text_content("#access-token .raw")
    expect(person.page.locator("#refresh")).to_have_text("Refresh the tokens")
    expect(person.page.locator("#inside")).to_contain_text("a token that was taken back works here until it expires")
    person.click("#refresh")
    person.hears("New tokens, and a new refresh token")
    assert person.page.text_content("#access-token .raw") != before
    assert "Brass padlock" in answer(person, "#call", "200")
    person.click("#silent")
    person.hears("New tokens without a page")
    person.open(page)
    person.click("#silent-login")
    person.hears("Logged in without a page")
    person.click("#logout")
    person.page.wait_for_url("**/demo/")
    person.hears("You are logged out.")
    assert person.page.url == page
    person.click("#silent-login")
    person.hears("login_required")
    assert person.page.evaluate("sessionStorage.length + localStorage.length") == 0


@pytest.mark.parametrize("demo", ["https"], indirect=True)
def test_the_demo_page_looks_well_before_and_after_the_login(person: Person, demo: dict[str, Any], tmp_path: Path) -> None:
    album = Album(tmp_path)
    person.open(f"{demo['issuer']}demo/")
    expect(person.page.locator("#outside")).to_be_visible()
    album.look(person, "demo")
    log_in(person, demo)
    person.allow()
    person.hears("You are logged in.")
    answer(person, "#call", "200")
    album.look(person, "demo-logged-in")


@pytest.mark.parametrize("demo", ["https"], indirect=True)
def test_without_the_scope_the_demo_api_refuses_and_says_what_is_missing(person: Person, demo: dict[str, Any]) -> None:
    person.open(f"{demo['issuer']}demo/")
    person.page.uncheck("#ask-for-orders")
    log_in(person, demo)
    person.allow()
    person.hears("You are logged in.")
    assert 'scope="read:orders"' in answer(person, "#call", "403")


@pytest.mark.parametrize("demo", ["https"], indirect=True)
def test_who_refuses_comes_back_to_the_demo_page_with_the_reason(person: Person, demo: dict[str, Any]) -> None:
    person.open(f"{demo['issuer']}demo/")
    log_in(person, demo)
    person.click("#consent-deny")
    person.hears("access_denied")
    assert person.page.url == f"{demo['issuer']}demo/"


@pytest.mark.parametrize("demo", ["https"], indirect=True)
def test_an_answer_that_this_tab_did_not_ask_for_is_not_used(person: Person, demo: dict[str, Any]) -> None:
    person.open(f"{demo['issuer']}demo/?code=stolen&state=guessed&iss={demo['issuer']}")
    person.hears("belongs to no login that began in this tab")
    expect(person.page.locator("#outside")).to_be_visible()
