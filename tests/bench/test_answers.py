"""The bench may only count what is a token: each kind of wrong answer stops it with a sentence."""

import json
import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.bench import answers
from tests.bench.answers import WrongAnswer
from tests.bench.load import Load

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k", "use": "sig", "alg": "RS256"}


def token(key=KEY, **claims):
    members = {"iss": "i", "aud": "a", "jti": "1", "exp": time.time() + 86_400} | claims
    return jwt.encode(members, key, "RS256", headers={"kid": "k"})


def answer(token, status=200):
    body = json.dumps({"access_token": token})
    return f"{status} {len(body)}\n{body}\n"


def load(directory: Path, *recorded: str, counted: int | None = None, failures: int = 0) -> Load:
    for number, text in enumerate(recorded):
        directory.joinpath(str(number)).write_text(text)
    return Load(len(recorded) if counted is None else counted, 1.0, failures, 1.0, 1.0, directory)


def check(measured: Load) -> None:
    answers.check_jwts(measured, {"keys": [PUBLIC]}, issuer="i", audience="a")


def test_fresh_valid_tokens_pass(tmp_path):
    check(load(tmp_path, answer(token(jti="1")), answer(token(jti="2"))))


def test_distinct_opaque_tokens_pass(tmp_path):
    answers.check_opaque(load(tmp_path, answer("one"), answer("two")))


@pytest.mark.parametrize(
    ("recorded", "sentence"),
    [
        (answer(token(), status=500), "status 500"),
        (answer(token(key=STRANGER)), "signature"),
        (answer(token(jti="2")[:-4] + "AAAA"), "signature"),
        (answer(token(exp=time.time() - 1)), "expired"),
        (answer(token(iss="other")), "says iss"),
        (answer(token(aud="other")), "says aud"),
        (answer(token(jti=None)), "no jti"),
        (answer("opaque"), "no JWT"),
        (answer(token(jti="1")), "repeat the jti"),
        ("200 2\n{}\n", "no access_token"),
    ],
)
def test_a_wrong_answer_among_right_ones_is_found(tmp_path, recorded, sentence):
    with pytest.raises(WrongAnswer, match=sentence):
        check(load(tmp_path, answer(token(jti="1")), recorded))


def test_the_same_opaque_token_twice_is_found(tmp_path):
    with pytest.raises(WrongAnswer, match="repeat the access_token"):
        answers.check_opaque(load(tmp_path, answer("one"), answer("one")))


def test_answers_that_were_counted_but_not_recorded_are_missed(tmp_path):
    with pytest.raises(WrongAnswer, match="counted 2 answers, but 1"):
        check(load(tmp_path, answer(token()), counted=2))


def test_failures_of_the_load_generator_are_failures(tmp_path):
    with pytest.raises(WrongAnswer, match="3 failures"):
        check(load(tmp_path, answer(token()), failures=3))


def test_no_answer_at_all_is_a_failure(tmp_path):
    with pytest.raises(WrongAnswer, match="no answer"):
        check(load(tmp_path))
