"""Each flow as a person and an application live it: login, consent, tokens that hold, an API call, refresh, logout."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.browser.orders_api import AUDIENCE
from tests.browser.person import Person
from tests.browser.relying_party import SCOPE
from tests.browser.single_page import verified

BOTH_WAYS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def walk(person: Person, server: Any, flow: str) -> None:
    """The whole way with an application that has a server of its own."""
    person.open(f"{server.origin}/")
    person.click(f"#{flow}")
    person.log_in()
    person.allow()
    assert person.title == "Welcome, Ada Lovelace"
    claims = server.issuer.verified(server.tokens["access_token"], AUDIENCE)
    assert (claims["azp"], claims["scope"]) == (server.client_id, SCOPE)
    for _ in range(2):
        person.click("#orders")
        assert person.title == "Orders: 200"
        person.click("#refresh")
        assert person.title == "Refreshed"
    assert server.issuer.verified(server.tokens["access_token"], AUDIENCE)["sub"] == claims["sub"]
    person.click("#logout")
    assert person.title == "Goodbye"
    person.open(f"{server.origin}/login?flow={flow}")
    assert person.path == "/u/login"


@BOTH_WAYS
def test_code_with_a_client_secret(person: Person, sites: dict[str, Any], scripts: bool) -> None:
    walk(person, sites["shop"], "code")


@BOTH_WAYS
def test_code_with_pkce_and_no_secret(person: Person, sites: dict[str, Any], scripts: bool) -> None:
    walk(person, sites["tracker"], "pkce")


def test_hybrid_by_form_post_to_another_site(person: Person, sites: dict[str, Any]) -> None:
    walk(person, sites["shop"], "hybrid")


@pytest.mark.parametrize("scripts", [False], ids=["no scripts"])
def test_hybrid_by_form_post_without_scripts_has_a_button(person: Person, sites: dict[str, Any], scripts: bool) -> None:
    person.open(f"{sites['shop'].origin}/login?flow=hybrid")
    person.log_in()
    person.allow()
    assert person.title == "One moment"
    person.click("text=Continue")
    assert person.title == "Welcome, Ada Lovelace"


def test_code_with_pkce_in_a_single_page_application(person: Person, sites: dict[str, Any]) -> None:
    person.open(f"{sites['spa'].origin}/spa")
    person.click("#login")
    person.page.wait_for_url("**/u/login*")
    person.log_in()
    person.allow()
    person.hears("logged in")
    app = person.page.evaluate("app")
    claims = verified(sites, app["tokens"], app["nonce"])
    assert claims["scope"] == SCOPE
    person.click("#orders")
    person.hears("orders 200 Brass padlock")
    person.click("#refresh")
    person.hears("refreshed")
    again = person.page.evaluate("app.tokens")
    assert again["refresh_token"] != app["tokens"]["refresh_token"]
    assert sites["spa"].issuer.verified(again["access_token"], AUDIENCE)["jti"] != claims["jti"]
    person.click("#logout")
    person.page.wait_for_url("**/spa")
    person.hears("ready")
    person.click("#silent")
    person.hears("error login_required")


def test_implicit_in_a_single_page_application(person: Person, sites: dict[str, Any]) -> None:
    person.open(f"{sites['spa'].origin}/spa")
    person.click("#implicit")
    person.page.wait_for_url("**/u/login*")
    person.log_in()
    person.allow()
    person.hears("logged in")
    app = person.page.evaluate("app")
    assert "refresh_token" not in app["tokens"]
    assert "offline_access" not in verified(sites, app["tokens"], app["nonce"])["scope"]
    person.click("#orders")
    person.hears("orders 200 Brass padlock")
    person.click("#logout")
    person.hears("ready")
    person.click("#silent")
    person.hears("error login_required")


@pytest.mark.parametrize("scripts", [False], ids=["no scripts"])
def test_implicit_asks_and_answers_without_scripts(person: Person, sites: dict[str, Any], scripts: bool) -> None:
    spa = sites["spa"]
    asked = {"client_id": spa.settings["clientId"], "redirect_uri": f"{spa.origin}/spa", "response_type": "id_token token"}
    asked |= {"scope": SCOPE, "audience": AUDIENCE, "state": "s", "nonce": "n"}
    person.open(f"{spa.issuer.issuer}authorize?{urlencode(asked)}")
    person.log_in()
    person.allow()
    answer = dict(parse_qsl(urlsplit(person.page.url).fragment))
    assert person.page.url.startswith(f"{spa.origin}/spa#")
    assert (answer["state"], answer["iss"]) == ("s", spa.issuer.issuer)
    verified(sites, answer, "n")
    header = {"Authorization": f"Bearer {answer['access_token']}"}
    assert spa.http.get(spa.settings["api"], headers=header).status_code == 200


@BOTH_WAYS
def test_who_refuses_comes_back_without_tokens(person: Person, sites: dict[str, Any], scripts: bool) -> None:
    person.open(f"{sites['shop'].origin}/login?flow=code")
    person.log_in("a wrong password")
    assert person.page.text_content("#error").strip() == "Wrong e-mail or password."
    person.log_in()
    person.click("#consent-deny")
    assert person.title == "Not logged in"
    assert sites["shop"].tokens is None
