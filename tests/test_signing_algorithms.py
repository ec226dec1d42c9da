"""Algorithms beyond RS256: each has keys of its own, which come when somebody asks and stay while somebody needs them."""

import hashlib
import time

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.core.exceptions import ValidationError

from apis import algorithm_receivers  # noqa: F401  (its receiver registers itself)
from apis.services.apis import update_api
from apis.services.applications import update_application
from tenants import config_cache
from tenants.keys import generation, jws, rotation
from tenants.keys.keyring import NoSigningKeyError, keyring
from tenants.models import SigningKey
from tenants.services import create_tenant, update_tenant
from tests import factories
from tests.test_signing_keys import encoded

BY = factories.BY
RSA = ["RS256", "RS512", "PS256"]
FLAGGED = {"ES256": "enable_ec_keys", "EdDSA": "enable_okp_keys"}
ALGS = [*RSA, *FLAGGED]


def switch(world, on, *flags):
    update_tenant(world.tenant, by=BY, flags=dict.fromkeys(flags or FLAGGED.values(), on))


def want(world, alg):
    """`world`'s API asks for `alg`, whose flag is on."""
    switch(world, True)
    return update_api(world.api, by=BY, signing_alg=alg)


def ring(world):
    return keyring(config_cache.resolve(world.domain.host))


def claims(world):
    now = int(time.time())
    return {"iss": world.issuer, "sub": "x@clients", "aud": world.api.identifier, "iat": now, "exp": now + 60}


def published(world):
    return world.http().get("/.well-known/jwks.json").json()["keys"]


def published_algs(world):
    return [key["alg"] for key in published(world)]


def current(world, alg):
    return SigningKey.objects.of(world.tenant).get(alg=alg, state="current")


@pytest.mark.parametrize("alg", ALGS)
def test_a_token_of_each_algorithm_is_verified_from_the_published_keys_alone(acme, globex, alg):
    want(acme, alg)
    token = ring(acme).sign(claims(acme), "at+jwt", alg=alg)
    header = jwt.get_unverified_header(token)
    assert header == {"alg": alg, "typ": "at+jwt", "kid": current(acme, alg).kid}
    key = jwt.PyJWKSet.from_dict({"keys": published(acme)})[header["kid"]]
    assert key.algorithm_name == alg
    assert jwt.decode(token, key, algorithms=[alg], issuer=acme.issuer, audience=acme.api.identifier)["sub"] == "x@clients"
    assert header["kid"] not in str(published(globex))
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token[:-8] + "AAAAAAAA", key, algorithms=[alg], audience=acme.api.identifier)


@pytest.mark.parametrize("alg", ALGS)
def test_a_key_of_each_algorithm_is_named_by_its_thumbprint_and_has_a_certificate(alg):
    made = generation.generate_for(alg, "acme")
    members = {"RSA": ["e", "kty", "n"], "EC": ["crv", "kty", "x", "y"], "OKP": ["crv", "kty", "x"]}[made.jwk["kty"]]
    thumbprint = "{" + ",".join(f'"{name}":"{made.jwk[name]}"' for name in members) + "}"
    assert made.kid == made.jwk["kid"] == encoded(hashlib.sha256(thumbprint.encode()).digest())
    assert set(made.jwk) == {*members, "use", "alg", "kid", "x5t", "x5c"}, "and so nothing private"
    assert (made.jwk["use"], made.jwk["alg"]) == ("sig", alg)
    certificate = x509.load_pem_x509_certificate(made.certificate.encode())
    assert certificate.public_key() == jwt.PyJWK(made.jwk).key
    certificate.verify_directly_issued_by(certificate)
    assert made.jwk["x5t"] == encoded(certificate.fingerprint(hashes.SHA1()))
    assert made.jwk["x5c"] == ["".join(made.certificate.split("\n")[1:-2])]


@pytest.mark.parametrize("alg", ["HS256", "none", "ES512", ""])
def test_there_are_no_key_pairs_for_anything_else(alg):
    with pytest.raises(ValueError, match="has no key pair"):
        generation.generate_for(alg, "acme")


def test_each_algorithm_has_keys_of_its_own_and_rs256_comes_first(acme, globex):
    for alg in reversed(ALGS):
        want(acme, alg)
    assert published_algs(acme) == [alg for alg in ALGS for _ in ("current", "next")]
    assert ring(acme).algs == tuple(ALGS)
    assert len({key["kid"] for key in published(acme)}) == 10
    assert published_algs(globex) == ["RS256", "RS256"]


def test_asking_twice_makes_keys_once(acme):
    want(acme, "PS256")
    update_application(acme.application, by=BY, id_token_alg="PS256")
    assert published_algs(acme) == ["RS256"] * 2 + ["PS256"] * 2
    assert [event.description for event in acme.events("sapi")].count("Create signing keys") == 1


@pytest.mark.parametrize("alg", RSA[1:])
def test_an_api_or_application_may_be_born_with_an_algorithm(acme, alg):
    factories.make_api(acme.tenant, "urn:example:born", signing_alg=alg)
    assert ring(acme).algs == ("RS256", alg)


@pytest.mark.parametrize(("alg", "flag"), FLAGGED.items())
def test_other_keys_than_rsa_wait_for_the_tenants_flag(acme, alg, flag):
    for ask, field in [
        (lambda: update_api(acme.api, by=BY, signing_alg=alg), "signing_alg"),
        (lambda: factories.make_api(acme.tenant, "urn:x", signing_alg=alg), "signing_alg"),
        (lambda: update_application(acme.application, by=BY, id_token_alg=alg), "id_token_alg"),
        (lambda: factories.make_application(acme.tenant, id_token_alg=alg), "id_token_alg"),
    ]:
        with pytest.raises(ValidationError, match=f"{flag}, which is off.*Python SDK") as refusal:
            ask()
        assert list(refusal.value.message_dict) == [field]
    assert set(published_algs(acme)) == {"RS256"}
    switch(acme, True, flag)
    # The instance still believes that the flag is off; the database decides.
    update_api(acme.api, by=BY, signing_alg=alg)
    assert published_algs(acme)[2:] == [alg, alg]


def test_a_flag_of_another_tenant_opens_nothing_here(acme, globex):
    switch(globex, True)
    with pytest.raises(ValidationError, match="enable_ec_keys"):
        update_api(acme.api, by=BY, signing_alg="ES256")


@pytest.mark.parametrize(("alg", "flag"), FLAGGED.items())
def test_a_flag_stays_on_while_an_api_or_application_needs_it(acme, globex, alg, flag):
    want(globex, alg)
    want(acme, alg)
    update_application(acme.application, by=BY, id_token_alg=alg)
    acme.tenant.refresh_from_db()
    with pytest.raises(ValidationError, match=rf"{flag} must stay on.*{alg}: API {acme.api}, application Warehouse\."):
        switch(acme, False, flag)
    update_api(acme.api, by=BY, signing_alg="RS256")
    with pytest.raises(ValidationError, match=r": application Warehouse\."):
        switch(acme, False)
    update_tenant(acme.tenant, by=BY, flags={"remove_alg_from_jwks": False})
    update_application(acme.application, by=BY, id_token_alg="RS256")
    switch(acme, False)
    assert not acme.tenant.all_flags[flag]


def test_many_users_of_an_algorithm_are_counted_instead_of_listed(acme):
    switch(acme, True)
    for number in range(7):
        factories.make_api(acme.tenant, f"urn:{number}", signing_alg="ES256")
    with pytest.raises(ValidationError, match=r"API urn:4 and 2 more\."):
        switch(acme, False)


def test_a_tenant_may_be_born_with_or_without_the_flags(db):
    assert create_tenant("initech", by=BY, flags={"enable_ec_keys": True}).all_flags["enable_ec_keys"]
    assert not create_tenant("umbrella", by=BY, flags={"enable_ec_keys": False}).all_flags["enable_ec_keys"]


def test_what_a_tenant_publishes_no_more_neither_signs_nor_verifies(acme):
    want(acme, "ES256")
    token = ring(acme).sign(claims(acme), alg="ES256")
    trusted = {"issuer": acme.issuer, "audience": acme.api.identifier}
    assert jws.verify(token, ring(acme).public_keys, **trusted)
    update_api(acme.api, by=BY, signing_alg="RS256")
    switch(acme, False)
    assert set(published_algs(acme)) == {"RS256"}
    with pytest.raises(jws.InvalidTokenError):
        jws.verify(token, ring(acme).public_keys, **trusted)
    with pytest.raises(NoSigningKeyError, match="no current key for ES256: the tenant flag enable_ec_keys must be on"):
        ring(acme).sign(claims(acme), alg="ES256")
    switch(acme, True)
    assert jws.verify(token, ring(acme).public_keys, **trusted)


@pytest.mark.parametrize("alg", ["PS256", "HS256", "none"])
def test_an_algorithm_that_nobody_asked_for_signs_nothing(acme, alg):
    with pytest.raises(NoSigningKeyError, match=f"no current key for {alg}"):
        ring(acme).sign(claims(acme), alg=alg)


def test_rotation_takes_every_algorithm_along_and_old_tokens_still_verify(acme, globex):
    for alg in ALGS:
        want(acme, alg)
    before = {alg: ring(acme).sign(claims(acme), alg=alg) for alg in ALGS}
    coming = dict(SigningKey.objects.of(acme.tenant).filter(state="next").values_list("alg", "kid"))
    theirs = published(globex)
    assert rotation.rotate(acme.tenant, by=BY).kid == coming["RS256"]
    assert {alg: signer.kid for alg, signer in ring(acme).signers.items()} == coming
    assert published_algs(acme) == [alg for alg in ALGS for _ in ("current", "next", "previous")]
    for token in before.values():
        assert jws.verify(token, ring(acme).public_keys, issuer=acme.issuer, audience=acme.api.identifier)
    assert acme.events("sapi")[0].details["changes"]["kids"] == coming
    assert published(globex) == theirs


def test_an_old_key_of_any_algorithm_makes_a_rotation_due(acme):
    want(acme, "PS256")
    month = rotation.timedelta(days=30)
    assert rotation.rotate_if_older(acme.tenant, month, by=BY) is None
    key = current(acme, "PS256")
    key.current_since -= month
    key.save()
    assert rotation.rotate_if_older(acme.tenant, month, by=BY) == current(acme, "RS256")
    assert current(acme, "PS256") != key


def test_revoking_a_key_of_one_algorithm_leaves_the_others(acme):
    want(acme, "PS256")
    gone = current(acme, "PS256").kid
    with pytest.raises(ValidationError, match="Only a previous key"):
        rotation.revoke(acme.tenant, gone, by=BY)
    rotation.rotate(acme.tenant, by=BY)
    rotation.revoke(acme.tenant, gone, by=BY)
    assert gone not in str(published(acme))
    assert published_algs(acme) == ["RS256"] * 3 + ["PS256"] * 2


def test_keys_of_many_algorithms_are_read_in_one_statement(acme, django_assert_num_queries):
    for alg in ALGS:
        want(acme, alg)
    tenant, body = config_cache.resolve(acme.domain.host), claims(acme)
    with django_assert_num_queries(1):
        keyring(tenant)
    with django_assert_num_queries(0):
        assert all(keyring(tenant).sign(body, alg=alg) for alg in ALGS)


def test_hiding_alg_hides_it_for_every_key_and_we_still_know_it(acme):
    want(acme, "PS256")
    token = ring(acme).sign(claims(acme), alg="PS256")
    update_tenant(acme.tenant, by=BY, flags={"remove_alg_from_jwks": True, "enable_ec_keys": True})
    assert not [key for key in published(acme) if "alg" in key]
    assert jws.verify(token, ring(acme).public_keys, issuer=acme.issuer, audience=acme.api.identifier)


@pytest.mark.spec("OIDC Core", "A.3, A.4", "the example's at_hash and c_hash")
def test_half_hashes_are_those_of_the_standards_examples():
    assert jws.half_hash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"
    code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"
    for alg in ("RS256", "HS256", "PS256", "ES256"):
        assert jws.half_hash(alg, code) == "LDktKdoQak3Pk0cnXxCltA"


@pytest.mark.parametrize("alg", ["RS512", "EdDSA"])
def test_half_hashes_beside_a_signature_with_sha_512_are_256_bits(alg):
    assert jws.half_hash(alg, "state") == encoded(hashlib.sha512(b"state").digest()[:32])
    assert len(jws.half_hash(alg, "état")) == 43
