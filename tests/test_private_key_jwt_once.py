"""A client assertion is used once, and only when it is taken (RFC 7523 §3, T-066)."""

import time

import pytest

from apis.models import ClientGrant
from apis.services import applications
from authserver.client_auth import assertions
from authserver.models import UsedAssertion
from tenants import config_cache
from tenants.models import Tenant
from tests import factories
from tests.client_keys import ask, assertion, proof, refused, signing, why
from tests.factories import BY
from tests.standing import introspect, revoke


@pytest.fixture
def signer(acme):
    """acme's application, which signs assertions from now on."""
    return signing(acme.application)


def test_T066_an_assertion_is_used_once(acme, signer):
    signed = assertion(signer, acme)
    assert ask(acme, signed).status_code == 200
    assert ask(acme, signed).status_code == 401
    assert acme.events("feccft")[0].details["reason"] == "ClientAssertionReused"
    assert why(acme) == "The assertion has been used: each one needs a jti of its own."


def test_T066_a_second_assertion_with_the_same_jti_is_refused(acme, signer):
    assert ask(acme, assertion(signer, acme, jti="one")).status_code == 200
    assert ask(acme, assertion(signer, acme, jti="one", exp=int(time.time()) + 200)).status_code == 401
    assert ask(acme, assertion(signer, acme, jti="two")).status_code == 200


def test_T066_it_stays_used_for_a_process_that_has_forgotten_everything(acme, signer):
    signed = assertion(signer, acme)
    assert ask(acme, signed).status_code == 200
    config_cache.clear()
    assert ask(acme, signed).status_code == 401


def test_T066_it_is_used_at_every_endpoint_at_once(people):
    web, world = signing(people.web), people.world
    signed = proof(assertion(web, world))
    assert revoke(people, "x", client_id=None, client_secret=None, **signed).status_code == 200
    assert introspect(people, "x", client_id=None, client_secret=None, **signed).status_code == 401


def test_T066_it_is_remembered_for_as_long_as_it_would_be_taken(acme, signer):
    expires = int(time.time()) + 100
    ask(acme, assertion(signer, acme, exp=expires))
    assert UsedAssertion.objects.get().expires_at.timestamp() == expires + assertions.SKEW


def test_T066_another_client_may_use_the_same_jti(acme, signer):
    other, _ = factories.make_application(acme.tenant, "Other")
    factories.grant(other, acme.api)
    signing(other, 1)
    assert ask(acme, assertion(signer, acme, jti="one")).status_code == 200
    assert ask(acme, assertion(other, acme, 1, jti="one")).status_code == 200


def test_T066_a_refusal_uses_nothing_up(acme, signer):
    signed = assertion(signer, acme)
    applications.update_application(signer, enabled=False, by=BY)
    assert refused(ask(acme, signed))
    applications.update_application(signer, enabled=True, by=BY)
    assert ask(acme, signed).status_code == 200


def test_T066_a_database_that_does_not_answer_lets_nobody_in(acme, signer, monkeypatch):
    monkeypatch.setattr(assertions, "_USE", "INSERT INTO nowhere VALUES (%s, %s, %s)")
    response = ask(acme, assertion(signer, acme))
    assert (response.status_code, response.json()["error"]) == (503, "temporarily_unavailable")


def test_what_was_switched_on_a_moment_ago_is_seen_by_the_request_that_used_its_assertion(acme, signer):
    """The request is judged anew on newer settings, without being taken for a second one."""
    ClientGrant.objects.all().delete()
    assert ask(acme, assertion(signer, acme)).status_code == 403
    # In another process: this one has not been told.
    ClientGrant.objects.create(tenant=acme.tenant, application=signer, api=acme.api, allow_all_scopes=True)
    Tenant.objects.filter(pk=acme.tenant.pk).update(config_version=10_000)
    signed = assertion(signer, acme)
    assert ask(acme, signed).status_code == 200
    assert ask(acme, signed).status_code == 401
