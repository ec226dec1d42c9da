"""Is every answer that was counted a fresh, valid token? Raises `WrongAnswer` with a sentence for the first that is not."""

import base64
import json
import time
from collections.abc import Iterable
from typing import Any

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.bench import load
from tests.bench.load import Answer, Load


class WrongAnswer(Exception):
    """The figures are worth nothing: something else than tokens was counted."""


def check_opaque(measured: Load) -> None:
    """Every answer is 200 and carries an access token of its own."""
    _check_counts(measured)
    _all_different("access_token", (_access_token(answer) for answer in load.recorded(measured.directory)), measured)


def check_jwts(measured: Load, key_set: dict[str, Any], *, issuer: str, audience: str) -> None:
    """Every answer is 200 and carries an RS256 token that `key_set` vouches for, unexpired and with a jti of its own."""
    _check_counts(measured)
    keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(key_set).keys if key.key_id}
    tokens = (_access_token(answer) for answer in load.recorded(measured.directory))
    expected = {"iss": issuer, "aud": audience}
    _all_different("jti", (_verified_claims(token, keys, expected)["jti"] for token in tokens), measured)


def _check_counts(measured: Load) -> None:
    if measured.failures:
        raise WrongAnswer(f"wrk counted {measured.failures} failures (connections, timeouts or status above 399).")
    if not measured.answers:
        raise WrongAnswer("The server gave no answer at all.")


def _all_different(name: str, values: Iterable[str], measured: Load) -> None:
    listed = list(values)
    if len(listed) != measured.answers:
        raise WrongAnswer(f"wrk counted {measured.answers} answers, but {len(listed)} were recorded.")
    if repeated := len(listed) - len(set(listed)):
        raise WrongAnswer(f"{repeated} of {len(listed)} answers repeat the {name} of another: they are not fresh.")


def _access_token(answer: Answer) -> str:
    if answer.status != 200:
        raise WrongAnswer(f"An answer has status {answer.status}: {answer.body[:200]!r}")
    try:
        return str(json.loads(answer.body)["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        raise WrongAnswer(f"An answer carries no access_token: {answer.body[:200]!r}") from error


def _verified_claims(token: str, keys: dict[str, Any], expected: dict[str, str]) -> dict[str, Any]:
    """The claims of `token`. PyJWT would say the same, and take four times as long for each of 100,000 tokens."""
    try:
        signing_input, _, signature = token.rpartition(".")
        header, claims = (json.loads(_decoded(part)) for part in signing_input.split("."))
        keys[header["kid"]].verify(_decoded(signature), signing_input.encode(), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise WrongAnswer(f"The signature of a token does not hold: {token}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise WrongAnswer(f"A token is no JWT of the published keys ({error!r}): {token}") from error
    if header.get("alg") != "RS256":
        raise WrongAnswer(f"A token says alg {header.get('alg')!r} where RS256 is measured.")
    if not isinstance(claims.get("jti"), str):
        raise WrongAnswer("A token has no jti.")
    if claims.get("exp", 0) <= time.time():
        raise WrongAnswer("A token has expired already.")
    for name, value in expected.items():
        if claims.get(name) != value:
            raise WrongAnswer(f"A token says {name} {claims.get(name)!r} where {value!r} was asked for.")
    return dict(claims)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
