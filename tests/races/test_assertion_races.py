"""One assertion, a hundred hands, four processes: one token (T-066, L-03)."""

import pytest
from django.db import connection

from authserver.models import UsedAssertion
from tests import factories
from tests.client_keys import assertion, proof, signing

HANDS = 100

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


def at_once(crowd, signed):
    asked = {"grant_type": "client_credentials", "audience": crowd.people.world.api.identifier}
    return crowd.at_once(HANDS, client_id="", client_secret="", **asked, **proof(signed))


def test_T066_a_hundred_uses_of_one_assertion_at_once_give_one_token(crowd):
    web, world = signing(crowd.people.web), crowd.people.world
    factories.grant(web, world.api)
    answers = at_once(crowd, assertion(web, world))
    lost = [answer for answer in answers if answer.status_code != 200]
    assert len(lost) == HANDS - 1
    assert {(answer.status_code, answer.json()["error"]) for answer in lost} == {(401, "invalid_client")}
    assert UsedAssertion.objects.count() == 1


def test_T066_assertions_that_share_a_jti_are_one(crowd):
    web, world = signing(crowd.people.web), crowd.people.world
    first, second = (assertion(web, world, jti="shared", note=note) for note in "ab")
    answers = [*at_once(crowd, first), *at_once(crowd, second)]
    # 403: who proved itself, but has no client grant.
    assert sorted({answer.status_code for answer in answers}) == [401, 403]
    assert len([answer for answer in answers if answer.status_code == 403]) == 1
