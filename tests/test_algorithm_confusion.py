"""A verifier that can be talked into an algorithm is no verifier: the key record decides, whatever a header says."""

import base64
import hmac
import itertools
import json
import time
from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tenants import config_cache
from tenants.keys import generation, jws, rotation
from tenants.keys.keyring import keyring
from tenants.services import update_tenant
from tests import factories

BY = factories.BY
ALGS = ["RS256", "RS512", "PS256", "ES256", "EdDSA"]
SPKI = PublicFormat.SubjectPublicKeyInfo


generate_for = generation.generate_for


@cache
def ready(alg, number):
    return generate_for(alg, f"pool {number}")


@pytest.fixture
def ring(acme, monkeypatch):
    """acme's keys, of every algorithm. RSA keys are slow to make, so all tests here share theirs."""
    turns = itertools.count()
    monkeypatch.setattr(generation, "generate_for", lambda alg, _name: ready(alg, next(turns) % 2))
    update_tenant(acme.tenant, by=BY, flags={"enable_ec_keys": True, "enable_okp_keys": True})
    for alg in ALGS:
        rotation.ensure_alg(acme.tenant, alg, by=BY, field="signing_alg")
    return keyring(config_cache.resolve(acme.domain.host))


def claims(world, **changes):
    now = int(time.time())
    whose = {"sub": "x@clients", "azp": world.application.client_id, "jti": "j", "aud": f"{world.issuer}api/v2/"}
    return {"iss": world.issuer, **whose, "iat": now, "exp": now + 60} | changes


def verified(world, ring, token, **options):
    """What both ways in say: our verifier, and the Management API by HTTP (404: known caller, unknown resource)."""
    answer = world.http(authorization=f"Bearer {token}").get("/api/v2/no-such-resource")
    assert answer.status_code == (404 if jwt.get_unverified_header(token)["alg"] == "RS256" else 401)
    return jws.verify(token, ring.public_keys, issuer=world.issuer, audience=f"{world.issuer}api/v2/", **options)


def refused(world, ring, token):
    """True when both ways in refuse `token`."""
    answer = world.http(authorization=f"Bearer {token}").get("/api/v2/no-such-resource")
    with pytest.raises(jws.InvalidTokenError):
        jws.verify(token, ring.public_keys, issuer=world.issuer, audience=f"{world.issuer}api/v2/")
    return answer.status_code == 401


def part(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def forged(header, body, sign):
    text = part(header) + b"." + part(body)
    return (text + b"." + part(sign(text))).decode()


def shapes(key):
    """A public key in every shape in which an attacker has it."""
    public = key.public_key()
    pem = public.public_bytes(Encoding.PEM, SPKI)
    jwk = key_algorithm(key).to_jwk(public)
    return [
        pem,
        pem.strip(),
        pem.replace(b"\n", b"\r\n"),
        b" " + pem,
        public.public_bytes(Encoding.DER, SPKI),
        jwk.encode(),
        json.dumps(json.loads(jwk), separators=(",", ":")).encode(),
    ]


def key_algorithm(key):
    kinds = {"RSA": jwt.algorithms.RSAAlgorithm, "EC": jwt.algorithms.ECAlgorithm, "Ed": jwt.algorithms.OKPAlgorithm}
    return next(kind for name, kind in kinds.items() if type(key).__name__.startswith(name))


@pytest.mark.parametrize("alg", ALGS)
def test_T114_each_key_verifies_what_it_signed_and_the_management_api_takes_rs256_alone(acme, ring, alg):
    assert verified(acme, ring, ring.sign(claims(acme), alg=alg))["iss"] == acme.issuer


def by_hmac(header, body, secret, digest="sha256"):
    return forged(header, body, lambda text: hmac.digest(secret, text, digest))


@pytest.mark.parametrize("alg", ALGS)
def test_T111_a_public_key_is_no_hmac_secret(acme, ring, alg):
    signer = ring.signers[alg]
    for secret in shapes(signer.key):
        for name, digest in (("HS256", "sha256"), ("HS512", "sha512")):
            assert refused(acme, ring, by_hmac({"alg": name, "kid": signer.kid}, claims(acme), secret, digest))


@pytest.mark.parametrize("alg", ALGS)
def test_T111_where_a_secret_is_expected_no_key_pair_opens_anything(acme, ring, alg):
    signed = ring.sign(claims(acme), alg=alg)
    for public in shapes(ring.signers[alg].key):
        for token, secret in ((by_hmac({"alg": "HS256"}, claims(acme), public), b"s" * 32), (signed, public)):
            with pytest.raises(jws.InvalidTokenError):
                jws.verify_hmac(token, [secret], issuer=acme.issuer)


@pytest.mark.parametrize(("said", "used"), [(said, used) for said in ALGS for used in ALGS if said != used])
def test_T114_the_header_may_name_no_other_algorithm_than_the_keys(acme, ring, said, used):
    signer = ring.signers[used]
    lying_header = jws.Signer(said, signer.kid, signer.key).encode_header("JWT")
    assert refused(acme, ring, signer.sign(lying_header, claims(acme)))
    other_kid = jws.Signer(used, ring.signers[said].kid, signer.key).encode_header("JWT")
    assert refused(acme, ring, signer.sign(other_kid, claims(acme)))


@pytest.mark.parametrize(("said", "used"), [("RS512", "RS256"), ("PS256", "RS256"), ("RS256", "PS256"), ("RS256", "RS512")])
def test_T114_a_right_signature_of_an_rsa_key_in_another_algorithm_is_refused(acme, ring, said, used):
    """Mathematically sound: the same key, the header true; only our record knows that the key is not for that."""
    mixed = jws.Signer(said, ring.signers[used].kid, ring.signers[used].key)
    token = mixed.sign(mixed.encode_header("JWT"), claims(acme))
    assert jwt.decode(token, mixed.key.public_key(), algorithms=[said], audience=f"{acme.issuer}api/v2/")
    assert refused(acme, ring, token)


def test_T110_unsigned_tokens_are_refused_under_every_key(acme, ring):
    for signer in ring.signers.values():
        for name in ("none", "None", "nOnE", "", None, ["RS256"]):
            assert refused(acme, ring, forged({"alg": name, "kid": signer.kid}, claims(acme), lambda _: b""))


def test_T112_a_key_that_a_token_brings_along_is_not_looked_at(acme, globex, ring):
    theirs = keyring(config_cache.resolve(globex.domain.host)).signer
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(theirs.key.public_key(), as_dict=True)
    for brought in ({"jwk": jwk}, {"jku": "https://evil.example/jwks"}, {"x5u": "https://evil.example/x"}, {"x5c": ["MII"]}):
        header = {"alg": "RS256", "kid": ring.signer.kid} | brought
        token = forged(header, claims(acme), lambda text: jws._ALGORITHMS["RS256"].sign(text, theirs.key))
        assert refused(acme, ring, token)


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "\x00", "x" * 10_000, 1, None, ["x"], {}, ""])
def test_T113_a_kid_is_a_name_in_the_tenants_own_list(acme, ring, kid):
    key = ring.signer.key
    assert refused(acme, ring, forged({"alg": "RS256", "kid": kid}, claims(acme), lambda text: sign(text, key)))


def sign(text, key):
    return jws._ALGORITHMS["RS256"].sign(text, key)


@pytest.mark.parametrize(
    "extra", [{"crit": ["exp"], "exp": 1}, {"crit": ["b64"], "b64": False}, {"b64": False}, {"crit": []}]
)
def test_T115_a_header_that_changes_the_rules_is_refused(acme, ring, extra):
    header = {"alg": "RS256", "kid": ring.signer.kid} | extra
    assert refused(acme, ring, forged(header, claims(acme), lambda text: sign(text, ring.signer.key)))


@pytest.mark.parametrize("alg", ALGS)
def test_T073_an_expired_token_is_good_only_where_a_hint_is_enough(acme, ring, alg):
    token = ring.sign(claims(acme, exp=int(time.time()) - 1), alg=alg)
    trusted = {"issuer": acme.issuer, "audience": f"{acme.issuer}api/v2/"}
    with pytest.raises(jws.InvalidTokenError, match="Expired"):
        jws.verify(token, ring.public_keys, **trusted)
    assert jws.verify(token, ring.public_keys, **trusted, expired_ok=True)["iss"] == acme.issuer
    spoilt = token[:-8] + "AAAAAAAA"
    with pytest.raises(jws.InvalidTokenError):
        jws.verify(spoilt, ring.public_keys, **trusted, expired_ok=True)


def test_a_hint_of_any_audience_passes_where_the_caller_judges_it_and_of_another_issuer_nowhere(acme, globex, ring):
    token = ring.sign(claims(acme, aud="somebody"))
    with pytest.raises(jws.InvalidTokenError, match="Bad audience"):
        jws.verify(token, ring.public_keys, issuer=acme.issuer, audience="somebody else")
    assert jws.verify(token, ring.public_keys, issuer=acme.issuer, audience=None)["aud"] == "somebody"
    with pytest.raises(jws.InvalidTokenError):
        jws.verify(token, ring.public_keys, issuer=globex.issuer, audience=None)
    theirs = keyring(config_cache.resolve(globex.domain.host)).public_keys
    with pytest.raises(jws.InvalidTokenError):
        jws.verify(token, theirs, issuer=acme.issuer, audience=None)


def test_a_key_set_with_a_key_of_no_known_kind_is_refused():
    for jwk in ({"kty": "oct", "k": "c2VjcmV0"}, {"kty": "RSA", "alg": "HS256"}, {}):
        with pytest.raises(jws.InvalidTokenError, match="unknown kind"):
            jws.public_key(jwk)
