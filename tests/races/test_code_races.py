"""One code, two hundred hands, four processes: one set of tokens, and none that lives afterwards (T-021, L-01)."""

import pytest
from django.db import connection

from authserver.models import AccessToken, RefreshToken, TokenFamily
from tests.people import CALLBACK
from tests.standing import userinfo

HANDS = 200

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


def redeem(crowd, code):
    return crowd.at_once(HANDS, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)


def winners(answers):
    """The one answer with tokens; all others are the same refusal."""
    lost = [answer for answer in answers if answer.status_code != 200]
    assert {(answer.status_code, answer.json()["error"]) for answer in lost} == {(403, "invalid_grant")}
    return [answer.json() for answer in answers if answer.status_code == 200]


def test_T021_two_hundred_redeems_at_once_give_one_set_of_tokens(crowd):
    (tokens,) = winners(redeem(crowd, crowd.people.code()))
    assert RefreshToken.objects.count() == 1, "no orphan of a loser"
    family = TokenFamily.objects.get()
    assert family.revoked_at is not None, "used twice: whoever has them, they are dead"
    assert userinfo(crowd.people.world, tokens["access_token"]).status_code == 401
    assert crowd.people.refresh(tokens["refresh_token"]).status_code == 403


def test_T021_the_same_for_tokens_that_are_stored(crowd):
    (tokens,) = winners(redeem(crowd, crowd.people.code(audience=None, scope="openid")))
    assert AccessToken.objects.count() == 1
    assert userinfo(crowd.people.world, tokens["access_token"]).status_code == 401


def test_T021_one_hand_alone_keeps_what_it_got(crowd):
    code = crowd.people.code()
    (answer,) = crowd.at_once(1, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert userinfo(crowd.people.world, answer.json()["access_token"]).status_code == 200
    assert TokenFamily.objects.get().revoked_at is None
