"""Signing keys: what one is made of, and that it is published before it signs and after it signed."""

import base64
import hashlib
from datetime import timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.keys import rotation
from tenants.keys.generation import generate
from tenants.models import SigningKey
from tests import factories
from tests.verification import verified

BY = factories.BY
State = SigningKey.State


def kids(world):
    return [key["kid"] for key in world.http().get("/.well-known/jwks.json").json()["keys"]]


def token(world):
    return world.ask().json()["access_token"]


def kid_of(text):
    return jwt.get_unverified_header(text)["kid"]


def verifies(world, text):
    """True when a client that trusts the published key set accepts `text`."""
    try:
        return bool(verified(world, text))
    except KeyError:
        return False


def states(world):
    return {key.kid: key.state for key in SigningKey.objects.of(world.tenant)}


@pytest.mark.fresh_keys
def test_a_key_is_rsa_2048_named_by_its_thumbprint_with_a_certificate_of_its_own():
    made = generate("acme")
    numbers = jwt.PyJWK(made.jwk).key.public_numbers()
    assert (numbers.n.bit_length(), numbers.e) == (2048, 65537)
    certificate = x509.load_pem_x509_certificate(made.certificate.encode())
    assert certificate.public_key().public_numbers() == numbers
    members = f'{{"e":"{made.jwk["e"]}","kty":"RSA","n":"{made.jwk["n"]}"}}'
    assert made.kid == made.jwk["kid"] == encoded(hashlib.sha256(members.encode()).digest())
    assert made.jwk["x5t"] == encoded(certificate.fingerprint(hashes.SHA1()))
    assert made.jwk["x5c"] == ["".join(made.certificate.split("\n")[1:-2])]
    assert certificate.not_valid_after_utc > timezone.now() + timedelta(days=3_000)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_new_tenant_signs_with_one_key_and_publishes_the_next(acme, globex):
    assert sorted(states(acme).values()) == ["current", "next"]
    assert kid_of(token(acme)) == kids(acme)[0]
    assert not set(kids(acme)) & set(kids(globex))


def test_rotation_has_the_published_next_key_sign_and_keeps_the_old_one_published(acme, globex):
    before, theirs = kids(acme), kids(globex)
    old = token(acme)
    assert rotation.rotate(acme.tenant, by=BY).kid == before[1]
    assert kid_of(token(acme)) == before[1]
    assert set(before) < set(kids(acme))
    assert verifies(acme, old)
    assert kids(globex) == theirs


def test_a_token_outlives_several_rotations(acme):
    old = token(acme)
    for _ in range(3):
        rotation.rotate(acme.tenant, by=BY)
    assert verifies(acme, old)
    assert sorted(states(acme).values()) == ["current", "next", "previous", "previous", "previous"]


@pytest.mark.parametrize("state", [State.CURRENT, State.NEXT])
def test_the_database_itself_refuses_a_second_current_or_next_key_of_an_algorithm(acme, state):
    spare = factories.make_tenant("spare").signing_keys.get(state=state)
    spare.tenant = acme.tenant
    with pytest.raises(IntegrityError), transaction.atomic():
        spare.save()
    spare.alg = "PS256"
    spare.save()
    assert sorted(acme.tenant.signing_keys.filter(state=state).values_list("alg", flat=True)) == ["PS256", "RS256"]
