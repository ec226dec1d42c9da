"""Every response type by every response mode, for success and for error: where the answer stands, and who can read it."""

import pytest

from apis.services.applications import update_application
from tests import answers
from tests.factories import BY
from tests.people import CALLBACK
from tests.verification import verified

# response type → what the answer holds, besides state and iss, and its usual mode.
TOKEN = {"access_token", "token_type", "expires_in", "scope"}
TYPES = {
    "code": ({"code"}, "query"),
    "token": (TOKEN, "fragment"),
    "id_token": ({"id_token"}, "fragment"),
    "id_token token": ({"id_token"} | TOKEN, "fragment"),
    "code token": ({"code"} | TOKEN, "fragment"),
    "code id_token": ({"code", "id_token"}, "fragment"),
    "code id_token token": ({"code", "id_token"} | TOKEN, "fragment"),
}
MODES = [None, "query", "fragment", "form_post", "web_message"]
ORIGIN = "https://shop.example"


def allowed(response_type, mode):
    return mode != "query" or response_type == "code"


PAIRS = [(kind, mode) for kind in TYPES for mode in MODES if allowed(kind, mode)]


def where(response_type, mode):
    return mode or TYPES[response_type][1]


@pytest.mark.parametrize(("response_type", "mode"), PAIRS)
@pytest.mark.spec("OAuth 2.0 Multiple Response Types", "2.1", "each type holds what it names and travels by its mode")
def test_an_answer_holds_what_its_type_names_and_travels_by_its_mode(people, response_type, mode):
    browser = people.signed_in()
    response = people.authorize(browser, response_type=response_type, response_mode=mode)
    answer = answers.by(where(response_type, mode), response)
    assert set(answer) == TYPES[response_type][0] | {"state", "iss"}
    assert (answer["state"], answer["iss"]) == ("state-1", people.world.issuer)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    if "access_token" in answer:
        assert verified(people.world, answer["access_token"])["sub"] == people.user.user_id
    if "id_token" in answer:
        said = answers.claims(answer["id_token"])
        assert (said["nonce"], said["aud"]) == ("nonce-1", people.web.client_id)
        assert ("c_hash" in said, "at_hash" in said) == ("code" in answer, "access_token" in answer)
    if "code" in answer:
        assert people.redeem(answer["code"]).status_code == 200


@pytest.mark.parametrize(("response_type", "mode"), PAIRS)
@pytest.mark.spec("OIDC Core", "3.2.2.6", "an error goes where the success would have gone")
def test_an_error_travels_as_the_success_would_have(people, response_type, mode):
    response = people.authorize(people.browser(), response_type=response_type, response_mode=mode, prompt="none")
    answer = answers.by(where(response_type, mode), response)
    assert answer == {
        "error": "login_required",
        "error_description": "Login required",
        "state": "state-1",
        "iss": people.world.issuer,
    }


@pytest.mark.parametrize("response_type", [kind for kind in TYPES if kind != "code"])
def test_T033_tokens_are_refused_a_place_in_the_query_and_the_refusal_comes_in_the_fragment(people, response_type):
    response = people.authorize(people.signed_in(), response_type=response_type, response_mode="query")
    address, answer = answers.by_redirect(response, "fragment")
    assert address == CALLBACK, "nothing stands in the query"
    assert (answer["error"], answer["state"]) == ("invalid_request", "state-1")
    assert "response mode" in answer["error_description"]


@pytest.mark.parametrize("mode", ["jwt", "query.jwt", "Query", "okay", "form post"])
def test_T033_a_response_mode_that_does_not_exist_is_refused(people, mode):
    address, answer = answers.by_redirect(people.authorize(people.signed_in(), response_mode=mode), "query")
    assert (address, answer["error"]) == (CALLBACK, "invalid_request")


def test_a_callback_with_a_query_of_its_own_keeps_it(people):
    update_application(people.web, by=BY, redirect_uris=f"{CALLBACK}?shop=1&next=%2Fhome")
    browser = people.browser()
    asked = people.asked(redirect_uri=f"{CALLBACK}?shop=1&next=%2Fhome")
    by_query = people.through(browser, asked).headers["Location"]
    assert by_query.startswith(f"{CALLBACK}?shop=1&next=%2Fhome&code=")
    by_fragment = people.authorize(browser, asked | {"response_type": "id_token"}).headers["Location"]
    assert by_fragment.startswith(f"{CALLBACK}?shop=1&next=%2Fhome#id_token=")


def test_the_form_post_page_runs_its_one_script_and_nobody_else_frames_or_extends_it(people):
    response = people.authorize(people.signed_in(), response_mode="form_post")
    action, fields = answers.by_form(response)
    assert action == CALLBACK
    assert set(fields) == {"code", "state", "iss"}
    policy = answers.policy(response)
    (nonce,) = answers.script_nonces(response)
    assert policy["script-src"] == [f"'nonce-{nonce}'"]
    assert len(nonce) >= 22
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["default-src"] in (["'self'"], ["'none'"])
    assert "form-action" not in policy, "the callback may redirect further on, and browsers judge all of that way"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert people.web.name in response.content.decode(), "without scripts a person sees where the button leads"


def test_a_script_nonce_is_never_used_twice(people):
    browser = people.signed_in()
    nonces = [answers.script_nonces(people.authorize(browser, response_mode="form_post")) for _ in range(3)]
    assert len(set.union(*nonces)) == 3


def test_the_web_message_page_tells_the_registered_origin_alone(people):
    response = people.authorize(people.signed_in(), response_mode="web_message", prompt="none")
    target, message = answers.by_message(response)
    assert target == ORIGIN
    assert set(message) == {"code", "state", "iss"}
    policy = answers.policy(response)
    (nonce,) = answers.script_nonces(response)
    assert policy["script-src"] == [f"'nonce-{nonce}'"]
    assert policy["frame-ancestors"] == [ORIGIN]
    assert "X-Frame-Options" not in response.headers, "it knows no origins and would forbid the frame"
    assert "Cross-Origin-Opener-Policy" not in response.headers, "a popup must find its opener"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    page = response.content.decode()
    assert 'type: "authorization_response"' in page
    assert '"*"' not in page


@pytest.mark.parametrize(
    "changes", [{}, {"prompt": "none"}, {"prompt": "none", "response_type": "token"}, {"scope": "x", "max_age": "y"}]
)
def test_a_web_origin_that_nobody_registered_gets_no_message(people, changes):
    update_application(people.web, by=BY, web_origins="https://other.example")
    for browser in (people.browser(), people.signed_in()):
        response = people.authorize(browser, response_mode="web_message", **changes)
        assert response.status_code == 400
        assert answers.title(response) == "Web origin not allowed"
        assert b"authorization_response" not in response.content
        assert response.headers["X-Frame-Options"] == "DENY"
    event = people.world.events("f", "fsa")[0]
    assert event.details["reason"] == "WebOriginNotAllowed"
    assert ORIGIN in event.details["remedy"]


def test_the_web_origin_of_another_application_counts_for_nothing(people, strangers):
    update_application(people.web, by=BY, web_origins="")
    assert ORIGIN in people.spa.web_origins, "of another application of this tenant, and of another tenant's"
    assert people.authorize(people.browser(), response_mode="web_message", prompt="none").status_code == 400
    assert strangers.authorize(strangers.browser(), response_mode="web_message", prompt="none").status_code == 200


def test_values_that_look_like_markup_end_no_script_and_no_attribute(people):
    nasty = "</script><script>alert(1)</script>'\"><img src=x>&amp;"
    browser = people.signed_in()
    for mode in ("form_post", "web_message"):
        response = people.authorize(browser, response_mode=mode, state=nasty)
        assert answers.by(mode, response)["state"] == nasty
        assert b"<script>alert" not in response.content
        assert b"<img" not in response.content
