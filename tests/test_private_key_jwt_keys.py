"""Which key verifies a client assertion, and with which algorithm: never what its header says (T-067)."""

import hmac
import json
import time
from datetime import timedelta
from types import SimpleNamespace

import jwt
import pytest
from django.utils import timezone

from apis.services import credentials
from authserver.client_auth import assertions
from tests.client_keys import (
    add_key,
    ask,
    assertion,
    claims,
    ec_key,
    part,
    pem,
    private_key,
    refused,
    signing,
    why,
)
from tests.factories import BY


@pytest.fixture
def signer(acme):
    """acme's application, which signs assertions from now on."""
    return signing(acme.application)


def forged(header, body, sign):
    text = f"{part(header)}.{part(body)}"
    return f"{text}.{part(sign(text.encode()))}"


def test_T067_T110_alg_none_is_refused(acme, signer):
    for alg in ("none", "None", "NONE", ""):
        assert refused(ask(acme, forged({"alg": alg}, claims(signer, acme), lambda text: b"")))


def test_T067_the_public_key_is_no_shared_secret(acme, signer):
    for shape in (pem().encode(), pem().strip().encode(), json.dumps(signer.credentials.get().jwk).encode()):
        for alg in ("HS256", "HS384", "RS256"):
            signed = forged({"alg": alg}, claims(signer, acme), lambda text, key=shape: hmac.digest(key, text, "sha256"))
            assert refused(ask(acme, signed))


@pytest.mark.parametrize(
    ("registered", "used"), [("PS256", "RS256"), ("RS256", "PS256"), ("RS256", "RS384"), ("RS384", "RS512")]
)
def test_T067_the_algorithm_is_the_one_the_key_is_registered_for(acme, registered, used):
    application = signing(acme.application, alg=registered)
    assert refused(ask(acme, assertion(application, acme, alg=used)))
    assert why(acme) == (
        "The assertion is refused. It is signed with another algorithm than the key is registered for: " + registered + "."
    )


def test_T067_a_key_that_comes_along_in_the_header_is_not_looked_at(acme, signer):
    stranger = private_key(1).public_key()
    for header in (
        {"jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(stranger))},
        {"jku": "https://attacker.example/jwks.json"},
        {"x5u": "https://attacker.example/cert.pem"},
        {"kid": signer.credentials.get().kid},
        {"kid": "../../dev/null"},
    ):
        assert refused(ask(acme, assertion(signer, acme, 1, header=header)))


def test_T067_another_kind_of_key_is_refused(acme, signer):
    assert refused(ask(acme, jwt.encode(claims(signer, acme), ec_key(), "ES256")))


@pytest.mark.parametrize("header", [{"crit": ["x"], "x": 1}, {"crit": []}, {"b64": False, "crit": ["b64"]}])
def test_a_header_that_must_be_understood_is_refused(acme, signer, header):
    text = f"{part({'alg': 'RS256'} | header)}.{part(claims(signer, acme))}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(text.encode(), private_key())
    assert refused(ask(acme, f"{text}.{part(signature)}"))


def test_a_changed_assertion_is_refused(acme, signer):
    header, _, signature = assertion(signer, acme).split(".")
    assert refused(ask(acme, f"{header}.{part(claims(signer, acme))}.{signature}"))
    assert why(acme).startswith("The assertion is refused. Its signature is of none of these keys")


def test_two_keys_verify_while_one_takes_over_from_the_other(acme, signer):
    second = add_key(signer, 1)
    assert ask(acme, assertion(signer, acme, 0)).status_code == 200
    assert ask(acme, assertion(signer, acme, 1)).status_code == 200
    assert ask(acme, assertion(signer, acme, 1, header={"kid": second.kid})).status_code == 200


def test_a_kid_chooses_the_key(acme, signer):
    second = add_key(signer, 1)
    assert refused(ask(acme, assertion(signer, acme, 0, header={"kid": second.kid})))
    assert refused(ask(acme, assertion(signer, acme, 0, header={"kid": "unknown-key"})))
    assert why(acme).endswith("Its header names, by kid, no key that the application has in use.")


def test_a_key_that_was_removed_verifies_nothing(acme, signer):
    first = signer.credentials.get()
    add_key(signer, 1)
    assert ask(acme, assertion(signer, acme)).status_code == 200
    credentials.delete_credential(first, by=BY)
    assert ask(acme, assertion(signer, acme)).status_code == 401
    assert ask(acme, assertion(signer, acme, 1)).status_code == 200


def test_a_key_that_has_expired_verifies_nothing(acme, signer):
    credentials.update_credential(signer.credentials.get(), by=BY, expires_at=timezone.now())
    assert refused(ask(acme, assertion(signer, acme)))
    assert why(acme) == "The application has no key that has not expired: add one."
    add_key(signer, 1)
    assert refused(ask(acme, assertion(signer, acme)))
    assert ask(acme, assertion(signer, acme, 1)).status_code == 200


def test_a_key_runs_out_while_it_is_remembered(acme, signer, monkeypatch):
    credentials.update_credential(signer.credentials.get(), by=BY, expires_at=timezone.now() + timedelta(hours=1))
    assert ask(acme, assertion(signer, acme)).status_code == 200
    later = time.time() + 3_600
    monkeypatch.setattr(assertions, "time", SimpleNamespace(time=lambda: later))
    assert ask(acme, assertion(signer, acme, iat=int(later), exp=int(later) + 60)).status_code == 401
    assert "not expired" in why(acme)
