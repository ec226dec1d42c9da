"""T-013, T-038, T-039: what is echoed is echoed to the byte and as data; every answer names its issuer; nothing leaks on."""

import re
from urllib.parse import quote

import pytest

from tenants.services import add_domain
from tests import answers
from tests.conftest import SecureClient
from tests.factories import BY
from tests.people import answer, is_to_application

STATES = {
    "markup": "<script>alert(1)</script>",
    "attribute": "\"'><img src=x onerror=alert(1)>",
    "entities": "&amp;&lt;&#60;",
    "line breaks": "a\r\nLocation: https://evil.example\r\n\r\n<html>",
    "tabs and spaces": " a\tb  c ",
    "plus and percent": "a+b%2Bc%%20d%0d%0a",
    "separators": "a&code=stolen&iss=https://evil.example#code=x?y=z;",
    "unicode": "größe-日本語-\U0001f511-\u202e-\u2028-\u00a0",
    "combining, not normalised": "e\u0301\u00e9\u212b",
    "JSON": '{"a":"b\\u0041"}',
    "128 characters": "s" * 128,
    "long": "s" * 4_000,
    "one": "0",
}


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post", "web_message"])
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_T013_state_comes_back_to_the_byte_in_success_and_in_error(people, state, mode):
    browser = people.signed_in()
    for changes in ({}, {"prompt": "none"}, {"max_age": "never"}):
        response = people.authorize(browser, state=state, response_mode=mode, **changes)
        assert answers.by(mode, response)["state"] == state
        assert set(response.headers) <= ANSWER_HEADERS
        assert "evil.example" not in response.headers.get("Location", "").partition("/callback")[0]


ANSWER_HEADERS = {
    "Cache-Control",
    "Content-Language",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Location",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Vary",
    "X-Auth0-RequestId",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


def test_T013_without_a_state_none_comes_back(people):
    browser = people.signed_in()
    for state in (None, ""):
        assert "state" not in answer(people.authorize(browser, state=state))
        assert "state" not in answer(people.authorize(browser, state=state, max_age="never"))


@pytest.mark.parametrize("name", ["state", "scope", "client_id", "redirect_uri", "nonce", "login_hint", "claims", "a\x00b"])
def test_T013_nul_is_a_bad_request_and_no_crash(people, name):
    sent = people.asked() | {name: "a\x00b"}
    for response in (people.authorize(people.browser(), sent), people.post(people.browser(), "/authorize", sent)):
        assert response.status_code == 400
        assert "Location" not in response.headers
        assert b"NUL" in response.content


@pytest.mark.parametrize("query", ["client_id=%ff%fe", "state=%c3%28", "state=%ed%a0%80", "%ff=1", "state=\xff"])
def test_T013_what_is_not_utf8_is_a_bad_request(people, query):
    response = people.browser().get(f"/authorize?{query}")
    assert response.status_code == 400
    assert "Location" not in response.headers


NASTY = '<b>"\\\r\n\tX: 1 é'


@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": NASTY},
        {"response_mode": NASTY},
        {"prompt": NASTY},
        {"max_age": NASTY},
        {"display": NASTY},
        {"audience": NASTY},
        {"audience": "x" * 5_000},
        {"connection": NASTY},
        {"claims": NASTY},
        {"claims": '{"id_token": {"acr": {"essential": true, "value": "\\" \\r\\n é"}}}'},
        {"code_challenge": NASTY},
        {"id_token_hint": NASTY},
        {"organization": NASTY},
    ],
)
@pytest.mark.spec("RFC 6749", "4.1.2.1", "error_description is printable ASCII without quotes and backslashes")
def test_T013_an_error_description_is_plain_text_whatever_was_sent(people, changes):
    response = people.authorize(people.signed_in(), **changes)
    assert is_to_application(response)
    said = answer(response)
    assert re.fullmatch(r"[a-z_]+", said["error"])
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,500}", said["error_description"])
    assert said["state"] == "state-1"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_T013_on_our_page_what_was_sent_is_text(people, name):
    response = people.authorize(people.browser(), **{name: "<script>alert(1)</script>\"'"})
    assert response.status_code == 400
    assert b"<script" not in response.content
    assert b"&lt;script&gt;" in response.content


def test_T038_every_answer_names_the_issuer_that_metadata_names(people, strangers):
    for world_people in (people, strangers):
        browser = world_people.signed_in()
        issuer = browser.get("/.well-known/openid-configuration").json()["issuer"]
        for changes in (
            {},
            {"prompt": "none"},
            {"max_age": "never"},
            {"response_type": "id_token"},
            {"response_type": "no"},
        ):
            assert answer(world_people.authorize(browser, **changes))["iss"] == issuer
    assert people.world.issuer != strangers.world.issuer


@pytest.mark.spec("RFC 9207", "2", "iss in authorization responses, errors included")
def test_T038_the_issuer_is_the_domain_that_was_asked(people):
    add_domain(people.world.tenant, "login.acme.example", by=BY)
    browser = SecureClient(headers={"host": "login.acme.example", "accept": "text/html"})
    response = people.authorize(browser, prompt="none")
    assert answer(response)["iss"] == "https://login.acme.example/"
    assert answer(people.through(browser))["iss"] == "https://login.acme.example/"


def test_T039_no_page_and_no_answer_on_the_way_gives_its_address_on(people):
    browser = people.browser()
    seen = [people.authorize(browser)]
    seen.append(browser.get(seen[0].headers["Location"]))
    response = people.log_in(browser, seen[0])
    seen += [response, browser.get(response.headers["Location"]), people.decide(browser, response)]
    seen += [people.authorize(browser, response_mode=mode) for mode in ("fragment", "form_post", "web_message")]
    seen.append(people.authorize(browser, redirect_uri="https://evil.example/"))
    for response in seen:
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response.headers["Cache-Control"]
        html = response.content.decode()
        assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']https?:""", html), (
            "nothing of a third party"
        )


def test_T039_a_code_is_in_no_event_and_works_once(people):
    code = people.code()
    assert people.redeem(code).status_code == 200
    assert people.redeem(code).status_code in (400, 403)
    events = people.world.events("s", "ssa", "f", "fsa", "seacft", "feacft")
    assert events
    assert all(code not in f"{event.description} {event.details}" for event in events)
    assert all(quote(code) not in f"{event.details}" for event in events)
