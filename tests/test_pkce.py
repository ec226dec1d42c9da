"""PKCE at the authorization endpoint: S256 or nothing (RFC 7636), always for clients without a secret. T-024 to T-028."""

import base64
import hashlib

import pytest

from authserver.models import AuthorizationCode
from tests.people import VERIFIER, answer, challenge, is_to_application


def refused(response):
    """The error that the application gets; no code was issued for it."""
    assert is_to_application(response)
    assert "code" not in answer(response)
    assert not AuthorizationCode.objects.exists()
    return answer(response)["error"]


@pytest.mark.spec("conformance", "oidcc-ensure-request-with-valid-pkce-succeeds", "a confidential client may use PKCE")
def test_a_challenge_is_accepted_from_every_client_and_binds_the_code(people):
    proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    assert people.redeem(people.code(**proof), code_verifier=VERIFIER).status_code == 200
    assert "access_token" not in people.redeem(people.code(**proof), code_verifier="w" * 50).json()
    assert people.redeem_spa(people.code(asked=people.of_spa())).status_code == 200


@pytest.mark.spec("conformance", "oidcc-server", "PKCE is not demanded of a confidential client")
def test_a_confidential_client_needs_none(people):
    assert people.redeem(people.code()).status_code == 200


def test_T025_a_verifier_for_a_request_without_a_challenge_is_refused(people):
    assert "access_token" not in people.redeem(people.code(), code_verifier=VERIFIER).json()


def test_T024_a_challenge_makes_the_verifier_mandatory(people):
    proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    assert "access_token" not in people.redeem(people.code(**proof)).json()


@pytest.mark.parametrize("method", ["plain", None, "", "s256", "S512", "S256 plain", "none"])
@pytest.mark.parametrize("client", ["web", "spa"])
def test_T026_any_method_but_s256_is_refused_and_none_means_plain(people, client, method):
    asked = (
        people.of_spa(code_challenge_method=method)
        if client == "spa"
        else people.asked(code_challenge=challenge(), code_challenge_method=method)
    )
    assert refused(people.authorize(people.browser(), asked)) == "invalid_request"


@pytest.mark.parametrize(
    "wrong",
    {
        "empty hash": "",
        "42 characters": challenge()[:-1],
        "44 characters": challenge() + "A",
        "padded": challenge() + "=",
        "the verifier itself": VERIFIER,
        "128 characters": "a" * 128,
        "129 characters": "a" * 129,
        "not base64url": base64.b64encode(hashlib.sha256(b"\xff" * 9).digest()).decode().rstrip("=")[:42] + "+",
        "hexadecimal": hashlib.sha256(VERIFIER.encode()).hexdigest(),
        "space": challenge()[:-1] + " ",
        "line break": challenge() + "\n",
        "unicode": challenge()[:-1] + "é",
        "unicode digit": challenge()[:-1] + "\u0661",
    }.values(),
)
def test_T027_a_challenge_that_is_no_sha256_is_refused(people, wrong):
    assert refused(people.authorize(people.browser(), people.of_spa(code_challenge=wrong))) == "invalid_request"


@pytest.mark.parametrize("verifier", ["", "v" * 42, "v" * 129, "v" * 49 + "!", "v" * 49 + "é", "v" * 49 + "\x00"])
def test_T027_a_verifier_of_the_wrong_form_is_refused_even_if_its_hash_were_right(people, verifier):
    code = people.code(asked=people.of_spa(code_challenge=challenge(verifier)))
    assert "access_token" not in people.redeem_spa(code, code_verifier=verifier).json()


@pytest.mark.parametrize("verifier", ["v" * 43, "v" * 128, "-._~" * 11])
def test_T027_a_verifier_at_the_limits_is_accepted(people, verifier):
    code = people.code(asked=people.of_spa(code_challenge=challenge(verifier)))
    assert people.redeem_spa(code, code_verifier=verifier).status_code == 200


@pytest.mark.parametrize("response_type", ["code", "code token", "code id_token", "code id_token token"])
def test_T028_a_public_client_gets_no_code_without_a_challenge(people, response_type):
    without = people.of_spa(code_challenge=None, code_challenge_method=None, response_type=response_type)
    assert refused(people.authorize(people.browser(), without)) == "invalid_request"
    assert people.world.events("f")[0].details["reason"] == "PKCERequired"
    assert "code" in answer(people.through(people.browser(), people.of_spa(response_type=response_type)))


def test_T028_a_method_without_a_challenge_is_refused_to_everybody(people):
    half = people.asked(code_challenge_method="S256")
    assert refused(people.authorize(people.browser(), half)) == "invalid_request"


def test_T028_where_no_code_is_asked_for_no_challenge_is_needed(people):
    without = people.of_spa(code_challenge=None, code_challenge_method=None, response_type="id_token")
    assert "id_token" in answer(people.through(people.browser(), without))
