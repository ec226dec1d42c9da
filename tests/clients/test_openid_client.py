"""openid-client (npm) and what it is built on, oauth4webapi, unmodified, in Node: their own checks of our answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients import node
from tests.clients.browser import Browser
from tests.clients.provision import CALLBACK, GOODBYE, STRICT_API
from tests.clients.server import RealServer

SCOPE = "openid profile email offline_access read:orders"
METHODS = ("client_secret_basic", "client_secret_post", "none")
INVALID_GRANT = {"code": "OAUTH_RESPONSE_BODY_ERROR", "error": "invalid_grant"}
WRONG_CLAIM = "OAUTH_JWT_CLAIM_COMPARISON_FAILED"

Play = Callable[..., dict[str, Any]]


def is_refusal(told: dict[str, Any] | None, **expected: str) -> bool:
    """Whether the library refused, for the reason that `expected` describes."""
    return told is not None and expected.items() <= told.items()


@pytest.fixture
def play(server: RealServer, browser: Browser, tmp_path: Path) -> Play:
    """Plays a story of openid_client.mjs as the application that authenticates by `method`."""

    def played(story: str, method: str = "client_secret_basic", **settings: Any) -> dict[str, Any]:
        known = {"issuer": server.issuer, "audience": server.audience, "scope": SCOPE, "method": method}
        known |= {"callback": CALLBACK, "goodbye": GOODBYE, "backend": server.applications["backend"]}
        known |= {"application": server.applications[method]} | settings
        return node.play(story, server, browser, tmp_path / "errors", **known)

    return played


@pytest.mark.parametrize("method", METHODS)
def test_a_person_signs_in_and_the_library_accepts_every_answer(play: Play, server: RealServer, method: str) -> None:
    told = play("signIn", method)
    assert told["promisesIss"] is True
    assert told["claims"]["nonce"] == told["expectedNonce"]
    assert told["claims"]["aud"] == told["access"]["azp"] == server.applications[method]["client_id"]
    assert told["claims"]["sub"] == told["access"]["sub"] == told["userinfo"]["sub"]
    assert told["userinfo"]["email"] == server.person["email"]
    assert told["scope"] == told["access"]["scope"] == SCOPE
    assert is_refusal(told["somebodyElse"], code="OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED")


def test_forged_answers_are_noticed_by_the_library_and_a_foreign_verifier_by_the_server(play: Play) -> None:
    told = play("forgedAnswers")
    for forged, named in {"anotherIssuer": '"iss"', "noIssuer": '"iss"', "anotherState": '"state"'}.items():
        assert is_refusal(told[forged], code="OAUTH_INVALID_RESPONSE"), forged
        assert named in told[forged]["why"]
    assert is_refusal(told["anotherVerifier"], **INVALID_GRANT)


def test_an_id_token_for_another_nonce_is_refused(play: Play) -> None:
    assert is_refusal(play("anotherNonce")["refused"], code=WRONG_CLAIM, claim="nonce")


@pytest.mark.parametrize("method", METHODS)
def test_a_refresh_token_rotates_and_its_replay_ends_the_family(play: Play, method: str) -> None:
    told = play("refresh", method)
    assert told["rotated"] == 3
    assert told["sameSubject"] is True
    assert told["scopes"] == [SCOPE, SCOPE, "openid"]
    assert is_refusal(told["replayed"], **INVALID_GRANT)
    assert is_refusal(told["successor"], **INVALID_GRANT)


@pytest.mark.parametrize("method", METHODS)
def test_the_backend_of_the_api_sees_a_token_live_and_die(play: Play, server: RealServer, method: str) -> None:
    told = play("revoke", method)
    assert told["before"]["active"] is True
    assert told["before"]["client_id"] == server.applications[method]["client_id"]
    assert told["before"]["username"] == server.person["email"]
    # Whoever can ask without a secret could try tokens out (RFC 7662 §2.1).
    assert (told["own"] is None) == (method != "none")
    assert told["after"] == {"active": False}
    assert is_refusal(told["refreshed"], **INVALID_GRANT)
    assert is_refusal(told["userinfo"], code="OAUTH_WWW_AUTHENTICATE_CHALLENGE")


def test_who_signs_out_is_signed_out_of_the_server(play: Play) -> None:
    told = play("signOut")
    assert told["before"] is None
    assert told["ended"] == f"{GOODBYE}?state=bye"
    assert is_refusal(told["after"], code="OAUTH_AUTHORIZATION_RESPONSE_ERROR", error="login_required")


@pytest.mark.parametrize("mode", ["fragment", "form_post"])
def test_the_hybrid_flow(play: Play, mode: str) -> None:
    told = play("hybrid", mode=mode)
    assert told["by"] == mode
    assert told["scope"] == SCOPE
    assert told["claims"]["sub"]


def test_the_hybrid_flow_with_a_code_of_another_answer_is_refused(play: Play) -> None:
    assert is_refusal(play("hybridWithAnotherCode")["refused"], code=WRONG_CLAIM, claim="c_hash")


@pytest.mark.parametrize("mode", [None, "form_post"])
def test_the_implicit_flow_for_an_id_token(play: Play, server: RealServer, mode: str | None) -> None:
    told = play("implicit", mode=mode)
    assert told["claims"]["iss"] == server.issuer
    assert is_refusal(told["replayed"], code=WRONG_CLAIM, claim="nonce")


@pytest.mark.spec("RFC 9068", "4", "validating JWT access tokens")
def test_an_api_that_wants_rfc_9068_accepts_our_token_and_no_other_api_does(play: Play, server: RealServer) -> None:
    told = play("strictAPI", audience=STRICT_API, scope="openid read:stock")
    assert told["claims"]["client_id"] == server.applications["client_secret_basic"]["client_id"]
    assert told["claims"]["scope"] == "openid read:stock"
    assert is_refusal(told["elsewhere"], code=WRONG_CLAIM, claim="aud")


def test_a_story_that_breaks_off_fails_with_nodes_own_words(play: Play) -> None:
    with pytest.raises(AssertionError, match="TypeError"):
        play("noSuchStory")


@pytest.mark.parametrize("method", METHODS)
def test_an_application_registers_itself_signs_a_person_in_and_leaves(play: Play, browser: Browser, method: str) -> None:
    told = play("register", method)
    assert told["registered"] == {"method": method, "confidential": method != "none"}
    assert browser.shown == ["/u/login", "/u/consent"]
    assert told["audience"] == told["known"]
    assert (told["name"], told["left"]) == ("Newcomer", 204)
    # The other worker may know the application for a second more; its tokens are gone for every worker.
    assert told["refreshed"]["error"] in ("access_denied", "invalid_grant")
