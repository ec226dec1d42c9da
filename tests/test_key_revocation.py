"""Keys that must go: a revoked one is gone at once, one that no live token needs retires by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apis.models import API
from tenants.keys import rotation
from tenants.models import SigningKey
from tests import factories
from tests.test_signing_keys import kids, states, token, verifies

BY = factories.BY


def test_a_revoked_key_leaves_the_key_set_at_once_and_its_tokens_open_nothing(acme):
    factories.grant(acme.application, API.objects.of(acme.tenant).get(is_system=True), ("read:clients",))
    management = acme.ask(audience=f"{acme.issuer}api/v2/").json()["access_token"]

    def is_known():
        return acme.http(authorization=f"Bearer {management}").get("/api/v2/clients").status_code != 401

    old, kid = token(acme), kids(acme)[0]
    rotation.rotate(acme.tenant, by=BY)
    assert (verifies(acme, old), is_known()) == (True, True)
    rotation.revoke(acme.tenant, kid, by=BY)
    assert kid not in kids(acme)
    assert (verifies(acme, old), is_known()) == (False, False)
    assert SigningKey.objects.get(kid=kid).revoked_at is not None
    assert acme.events("sapi")[0].description == "Revoke a signing key"


@pytest.mark.parametrize("position", [0, 1], ids=["current", "next"])
def test_only_a_previous_key_can_be_revoked(acme, position):
    kid = kids(acme)[position]
    with pytest.raises(ValidationError, match="Only a previous key"):
        rotation.revoke(acme.tenant, kid, by=BY)
    assert kid in kids(acme)


def test_a_key_is_revoked_once_and_never_comes_back(acme):
    kid = kids(acme)[0]
    rotation.rotate(acme.tenant, by=BY)
    rotation.revoke(acme.tenant, kid, by=BY)
    with pytest.raises(ValidationError):
        rotation.revoke(acme.tenant, kid, by=BY)
    rotation.rotate(acme.tenant, by=BY)
    assert states(acme)[kid] == SigningKey.State.REVOKED


def test_a_key_of_another_tenant_cannot_be_revoked(acme, globex):
    theirs = kids(globex)[0]
    rotation.rotate(globex.tenant, by=BY)
    with pytest.raises(SigningKey.DoesNotExist):
        rotation.revoke(acme.tenant, theirs, by=BY)
    assert theirs in kids(globex)


@pytest.mark.parametrize(("days", "retired"), [(29, 0), (31, 1)])
def test_a_previous_key_retires_when_its_last_token_has_expired(acme, days, retired):
    kid = kids(acme)[0]
    rotation.rotate(acme.tenant, by=BY)
    SigningKey.objects.filter(kid=kid).update(current_until=timezone.now() - timedelta(days=days))
    assert rotation.retire_expired(acme.tenant, by=BY) == retired
    assert (kid not in kids(acme)) == bool(retired)
