"""Many refreshes of one token at once, in four processes: no family forks, nobody honest is logged out (T-051, L-02)."""

import pytest
from django.db import connection

from apis.services import applications
from authserver.models import RefreshToken, TokenFamily
from tests.factories import BY
from tests.standing import is_alive, is_dead, revoke

HANDS = 50
GENERATIONS = 3

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


def rotating(crowd, *, leeway):
    applications.update_application(crowd.people.web, refresh_token_rotation="rotating", refresh_token_leeway=leeway, by=BY)
    return crowd.people.tokens()


def refresh(crowd, token):
    return crowd.at_once(HANDS, grant_type="refresh_token", refresh_token=token)


def live():
    return RefreshToken.objects.filter(used_at=None).count()


def test_T051_inside_the_leeway_everybody_gets_the_same_successor_generation_after_generation(crowd):
    tokens = rotating(crowd, leeway=60)
    for generation in range(1, GENERATIONS + 1):
        answers = refresh(crowd, tokens["refresh_token"])
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1
        assert len({answer.json()["access_token"] for answer in answers}) == HANDS
        assert (live(), RefreshToken.objects.count()) == (1, generation + 1)
        tokens = answers[0].json()
    assert TokenFamily.objects.get().revoked_at is None
    assert is_alive(crowd.people, tokens)


def test_T051_without_a_leeway_one_succeeds_at_most_and_the_family_is_dead_afterwards(crowd):
    tokens = rotating(crowd, leeway=0)
    answers = refresh(crowd, tokens["refresh_token"])
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert {answer.status_code for answer in answers} == {200, 403}
    assert RefreshToken.objects.count() == 2, "the successor of the winner, and none of a loser"
    assert TokenFamily.objects.get().revoked_at is not None
    assert is_dead(crowd.people, won[0])


def test_T051_a_token_that_does_not_rotate_may_be_used_by_all_at_once(crowd):
    tokens = crowd.people.tokens()
    answers = refresh(crowd, tokens["refresh_token"])
    assert {answer.status_code for answer in answers} == {200}
    assert not any("refresh_token" in answer.json() for answer in answers)
    assert is_alive(crowd.people, tokens)


def test_T054_a_revocation_in_the_middle_of_many_refreshes_leaves_nothing_alive(crowd):
    tokens = rotating(crowd, leeway=60)
    first = refresh(crowd, tokens["refresh_token"])[0].json()
    revoke(crowd.people, first["refresh_token"])
    assert {answer.status_code for answer in refresh(crowd, first["refresh_token"])} == {403}
    assert is_dead(crowd.people, first)
