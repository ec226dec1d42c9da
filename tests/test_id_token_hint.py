"""id_token_hint: who the answer must be about. Genuine and for this client counts, however old; nothing else is a hint."""

import base64
import json

import jwt
import pytest

from apis.services.applications import add_secret, update_application
from authserver import id_tokens
from tenants.services import create_user
from tests import answers
from tests.factories import BY
from tests.people import PASSWORD, answer, is_to_application


def hint_of(people, **changes):
    """An ID token that the web application was given."""
    return people.tokens(**changes)["id_token"]


def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def bob(people):
    return create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)


def refused(response):
    assert is_to_application(response)
    return answer(response)["error"]


@pytest.mark.spec("conformance", "oidcc-id-token-hint", "prompt=none with the hint of who is signed in")
def test_the_hint_of_who_is_signed_in_changes_nothing(people):
    browser, hint = people.signed_in(), hint_of(people)
    for changes in ({}, {"prompt": "none"}):
        assert "code" in answer(people.authorize(browser, id_token_hint=hint, **changes))


def test_an_expired_hint_still_tells_who(people, monkeypatch):
    with monkeypatch.context() as past:
        past.setattr(id_tokens.time, "time", lambda: 1_600_000_000.0)
        hint = hint_of(people)
    assert answers.claims(hint)["exp"] < 1_700_000_000
    assert "code" in answer(people.authorize(people.signed_in(), id_token_hint=hint, prompt="none"))


def test_with_the_hint_of_somebody_else_a_silent_request_needs_a_login(people):
    hint = hint_of(people)
    bob(people)
    browser = people.browser()
    people.decide(browser, people.log_in(browser, people.authorize(browser), username="bob@example.com"))
    assert refused(people.authorize(browser, id_token_hint=hint, prompt="none")) == "login_required"
    assert people.world.events("fsa")[0].details["remedy"] == "Somebody else is signed in than the request is about."


def test_who_signs_in_as_somebody_else_than_hinted_is_not_passed_off_as_them(people):
    hint = hint_of(people)
    bob(people)
    browser = people.browser()
    waiting = people.authorize(browser, id_token_hint=hint)
    assert waiting.headers["Location"].startswith("/u/login")
    assert refused(people.log_in(browser, waiting, username="bob@example.com")) == "login_required"
    assert "code" in answer(people.through(people.browser(), id_token_hint=hint)), "Ada herself may"


def test_a_hint_of_another_client_is_no_hint(people):
    tokens = people.spa_tokens()
    assert refused(people.authorize(people.signed_in(), id_token_hint=tokens["id_token"])) == "invalid_request"


def test_a_hint_of_another_tenant_is_no_hint(people, strangers):
    hint = hint_of(strangers)
    assert refused(people.authorize(people.signed_in(), id_token_hint=hint)) == "invalid_request"
    assert "code" in answer(strangers.authorize(strangers.signed_in(), id_token_hint=hint))


def test_an_access_token_is_no_hint(people):
    tokens = people.tokens()
    assert refused(people.authorize(people.signed_in(), id_token_hint=tokens["access_token"])) == "invalid_request"


def test_T110_an_unsigned_or_forged_hint_is_no_hint(people):
    genuine = hint_of(people)
    header, body, signature = genuine.split(".")
    known = jwt.get_unverified_header(genuine)
    forged = [
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        f"{part({'alg': 'none', 'kid': known['kid']})}.{body}.",
        f"{part({'alg': 'none', 'kid': known['kid']})}.{body}.{signature}",
        f"{header}.{part(answers.claims(genuine) | {'sub': 'auth0|other'})}.{signature}",
        f"{header}.{body}.{signature[:-4]}AAAA",
        f"{header}.{body}",
        jwt.encode(answers.claims(genuine), "k" * 32, algorithm="HS256", headers={"kid": known["kid"]}),
        "x" * 20_000,
        "a.b.c",
        "é",
    ]
    browser = people.signed_in()
    for hint in forged:
        for changes in ({}, {"prompt": "none"}):
            assert refused(people.authorize(browser, id_token_hint=hint, **changes)) == "invalid_request"


def test_a_hint_signed_with_the_client_secret_counts_where_the_client_uses_hs256(people):
    people.web.secrets.all().delete()
    update_application(people.web, by=BY, id_token_alg="HS256")
    people.secret = add_secret(people.web, by=BY).value
    hint = hint_of(people)
    assert jwt.get_unverified_header(hint)["alg"] == "HS256"
    browser = people.signed_in()
    assert "code" in answer(people.authorize(browser, id_token_hint=hint, prompt="none"))
    forged = jwt.encode(answers.claims(hint), "another secret of more than 32 bytes", algorithm="HS256")
    assert refused(people.authorize(browser, id_token_hint=forged, prompt="none")) == "invalid_request"


def test_a_wrong_hint_is_refused_before_anybody_is_asked_to_log_in(people):
    assert refused(people.authorize(people.browser(), id_token_hint="a.b.c")) == "invalid_request"
