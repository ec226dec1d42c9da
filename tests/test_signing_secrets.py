"""HS256: the secret that an API shares with us is made, used, replaced, dropped and re-encrypted, and told in no event."""

import jwt
import pytest
from django.core.exceptions import ValidationError

from apis.models import API
from apis.services.apis import reveal_signing_secret, rewrap_signing_secrets, rotate_signing_secret, update_api
from tenants.keys import encryption
from tenants.models import LogEvent
from tests import factories, verification

BY = factories.BY


@pytest.fixture
def shared(acme):
    """acme's API, now with HS256."""
    return update_api(acme.api, by=BY, signing_alg="HS256")


def verified(world, secret):
    token = world.ask().json()["access_token"]
    return jwt.decode(token, secret, algorithms=["HS256"], audience=world.api.identifier)


def test_an_hs256_api_verifies_with_its_own_secret_and_no_other(acme, globex, shared):
    update_api(globex.api, by=BY, signing_alg="HS256")
    secret, theirs = reveal_signing_secret(shared), reveal_signing_secret(globex.api)
    assert verified(acme, secret)["iss"] == acme.issuer
    with pytest.raises(jwt.InvalidSignatureError):
        verified(acme, theirs)


def test_an_api_may_be_born_with_hs256(acme):
    api = factories.make_api(acme.tenant, "urn:example:shared", signing_alg="HS256")
    factories.grant(acme.application, api)
    token = acme.ask(audience=api.identifier).json()["access_token"]
    assert jwt.decode(token, reveal_signing_secret(api), algorithms=["HS256"], audience=api.identifier)


def test_the_header_of_an_hs256_token_names_no_key_of_the_tenant(acme, shared):
    header = jwt.get_unverified_header(acme.ask().json()["access_token"])
    assert header == {"alg": "HS256", "typ": "JWT"}


def test_a_signing_secret_has_256_bits_or_more_and_is_stored_encrypted(shared):
    secret = reveal_signing_secret(shared)
    stored = bytes(API.objects.get(pk=shared.pk).signing_secret)
    assert len(secret) >= 43
    assert secret.encode() not in stored
    assert encryption.decrypt(stored).decode() == secret


def test_a_rotated_signing_secret_signs_at_once_and_the_old_one_no_more(acme, shared):
    old = reveal_signing_secret(shared)
    new = rotate_signing_secret(shared, by=BY)
    assert verified(acme, new)
    with pytest.raises(jwt.InvalidSignatureError):
        verified(acme, old)


def test_back_to_rs256_the_tenants_key_signs_and_the_secret_is_gone(acme, shared):
    old = reveal_signing_secret(shared)
    update_api(shared, by=BY, signing_alg="RS256")
    assert verification.verified(acme, acme.ask().json()["access_token"])
    assert API.objects.get(pk=shared.pk).signing_secret is None
    with pytest.raises(ValidationError, match="Only an API with HS256"):
        rotate_signing_secret(shared, by=BY)
    update_api(shared, by=BY, signing_alg="HS256")
    assert reveal_signing_secret(shared) != old


def test_another_change_leaves_the_signing_secret_as_it_is(shared):
    secret = reveal_signing_secret(shared)
    update_api(shared, by=BY, name="Orders")
    assert reveal_signing_secret(API.objects.get(pk=shared.pk)) == secret


@pytest.mark.parametrize("alg", ["none", "HS512", "ES256", ""])
def test_another_algorithm_is_refused(acme, alg):
    with pytest.raises(ValidationError):
        update_api(acme.api, by=BY, signing_alg=alg)


def test_a_signing_secret_is_in_no_event(acme, shared):
    secrets = [reveal_signing_secret(shared), rotate_signing_secret(shared, by=BY)]
    acme.ask()
    told = str(acme.events("sapi", "seccft")) + str(list(LogEvent.objects.values()))
    assert not [secret for secret in secrets if secret in told]


def test_rewrapping_keeps_a_secret_that_was_rotated_meanwhile(shared, monkeypatch):
    rewrap, rotated = encryption.rewrap, []

    def rotate_first(value):
        rotated.append(rotate_signing_secret(API.objects.get(pk=shared.pk), by=BY))
        return rewrap(value)

    monkeypatch.setattr(encryption, "rewrap", rotate_first)
    rewrap_signing_secrets()
    assert reveal_signing_secret(API.objects.get(pk=shared.pk)) == rotated[0]


def test_rewrapping_gives_no_secret_back_to_an_api_that_left_hs256_meanwhile(acme, shared, monkeypatch):
    rewrap = encryption.rewrap

    def switch_first(value):
        update_api(API.objects.get(pk=shared.pk), by=BY, signing_alg="RS256")
        return rewrap(value)

    monkeypatch.setattr(encryption, "rewrap", switch_first)
    rewrap_signing_secrets()
    assert jwt.get_unverified_header(acme.ask().json()["access_token"])["alg"] == "RS256"
