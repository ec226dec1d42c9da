"""Two hands on the same thing at once: the limit holds, nobody is left halfway. Needs a database with real concurrency."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection

from apis.services.applications import add_secret, live_secrets
from tenants.keys import rotation
from tenants.models import Domain, SigningKey, Tenant
from tenants.services import add_domain, remove_domain
from tests import factories
from tests.conftest import build_world

BY = factories.BY
HANDS = 6

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


def at_once(*calls):
    """Starts all calls together, each on a connection of its own, and returns what each returned or was refused with."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait(120)
        try:
            return call()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def refusals(results):
    return [result for result in results if isinstance(result, ValidationError)]


@pytest.fixture
def world(transactional_db):
    return build_world("acme")


def test_secrets_added_at_once_are_two_at_most(world):
    results = at_once(*[lambda: add_secret(world.application, by=BY)] * HANDS)
    assert len(refusals(results)) == HANDS - 1
    assert live_secrets(world.application).count() == 2


def test_rotations_at_once_leave_one_current_and_one_next_key(world):
    assert not refusals(at_once(*[lambda: rotation.rotate(world.tenant, by=BY)] * HANDS))
    states = list(SigningKey.objects.of(world.tenant).values_list("state", flat=True))
    assert sorted(states) == ["current", "next"] + ["previous"] * HANDS
    assert world.ask().status_code == 200


def test_of_several_crons_at_once_one_rotates_a_key_that_is_due(world):
    SigningKey.objects.filter(state="current").update(current_since=world.tenant.created_at - timedelta(days=31))
    results = at_once(*[lambda: rotation.rotate_if_older(world.tenant, timedelta(days=30), by=BY)] * HANDS)
    assert len([key for key in results if key]) == 1
    assert SigningKey.objects.of(world.tenant).count() == 3


def test_the_last_two_domains_are_not_removed_at_once(world):
    add_domain(world.tenant, "login.acme.example", by=BY)
    results = at_once(*[lambda domain=domain: remove_domain(domain, by=BY) for domain in world.tenant.domains.all()])
    assert len(refusals(results)) == 1
    assert world.tenant.domains.count() == 1


def test_a_tenant_created_at_once_from_several_machines_is_one_tenant(transactional_db):
    def create():
        out = StringIO()
        call_command("create_tenant", "umbrella", domain="umbrella.example.com", demo=True, json=True, stdout=out)
        return json.loads(out.getvalue())

    answers = at_once(*[create] * 3)
    assert (Tenant.objects.count(), Domain.objects.count()) == (1, 1)
    assert len({answer["management"]["client_id"] for answer in answers}) == 1
    assert len([answer for answer in answers if answer["management"]["client_secret"]]) == 1
