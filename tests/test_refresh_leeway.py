"""The leeway: a client that lost the answer may ask again, with the token before the newest one only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apis.services import applications
from authserver import families, refresh_tokens
from authserver.grants import refresh_token as grant
from authserver.models import RefreshToken, TokenFamily
from tenants.services import update_user
from tests.factories import BY
from tests.standing import is_alive, is_dead, revoke


@pytest.fixture
def patient(people):
    """People whose web application rotates with a leeway of a minute."""
    applications.update_application(people.web, refresh_token_rotation="rotating", refresh_token_leeway=60, by=BY)
    return people


def used_ago(seconds):
    RefreshToken.objects.exclude(used_at=None).update(used_at=timezone.now() - timedelta(seconds=seconds))


def live():
    return RefreshToken.objects.filter(used_at=None).count()


def test_T051_a_repeated_refresh_gets_the_same_successor_and_the_family_does_not_fork(patient):
    first = patient.tokens()["refresh_token"]
    answers = [patient.refresh(first).json() for _ in range(4)]
    assert len({body["refresh_token"] for body in answers}) == 1
    assert len({body["access_token"] for body in answers}) == 4
    assert live() == 1
    assert is_alive(patient, answers[-1])


@pytest.mark.parametrize(("seconds", "works"), [(58, True), (61, False)])
def test_T050_the_leeway_ends(patient, seconds, works):
    first = patient.tokens()["refresh_token"]
    second = patient.refresh(first).json()
    used_ago(seconds)
    response = patient.refresh(first)
    assert response.status_code == (200 if works else 403)
    assert is_alive(patient, second) if works else is_dead(patient, second)


def test_T052_the_leeway_is_for_the_token_before_the_newest_only(patient):
    first = patient.tokens()["refresh_token"]
    second = patient.refresh(first).json()["refresh_token"]
    third = patient.refresh(second).json()
    assert patient.refresh(second).json()["refresh_token"] == third["refresh_token"]
    assert is_alive(patient, third)
    assert patient.refresh(first).status_code == 403
    assert is_dead(patient, third)
    assert patient.world.events("ferrt")


def test_T053_a_revoked_family_has_no_leeway(patient):
    tokens = patient.tokens()
    second = patient.refresh(tokens["refresh_token"]).json()
    assert revoke(patient, second["refresh_token"]).status_code == 200
    assert patient.refresh(tokens["refresh_token"]).status_code == 403
    assert is_dead(patient, second)


def test_T053_a_blocked_person_has_no_leeway(patient):
    first = patient.tokens()["refresh_token"]
    assert patient.refresh(first).status_code == 200
    update_user(patient.user, blocked=True, by=BY)
    assert patient.refresh(first).status_code == 403


def test_T057_the_leeway_ends_with_the_absolute_end(patient):
    first = patient.tokens()["refresh_token"]
    assert patient.refresh(first).status_code == 200
    RefreshToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert patient.refresh(first).status_code == 403
    assert TokenFamily.objects.get().revoked_at is None, "late, but no theft"


def test_a_token_that_was_idle_just_after_its_use_still_has_its_leeway(patient):
    first = patient.tokens()["refresh_token"]
    second = patient.refresh(first).json()
    RefreshToken.objects.exclude(used_at=None).update(idle_expires_at=timezone.now() - timedelta(seconds=1))
    assert patient.refresh(first).json()["refresh_token"] == second["refresh_token"]


def test_T059_the_leeway_is_the_clients_own(patient):
    first = patient.tokens()["refresh_token"]
    second = patient.refresh(first).json()
    assert patient.refresh_spa(first).status_code == 403
    assert patient.refresh(first, client_secret="wrong").status_code == 401
    assert is_alive(patient, second)


def test_without_a_leeway_the_very_next_use_is_a_reuse(patient):
    applications.update_application(patient.web, refresh_token_leeway=0, by=BY)
    first = patient.tokens()["refresh_token"]
    second = patient.refresh(first).json()
    assert patient.refresh(first).status_code == 403
    assert is_dead(patient, second)


def test_T054_a_family_that_is_revoked_while_a_refresh_is_in_flight_gives_nothing_that_lives(patient, monkeypatch):
    """The revocation comes when the refresh has been judged already and is about to store its successor."""
    tokens = patient.tokens()
    judge = grant._exchange

    def revoked_meanwhile(*arguments):
        verdict = judge(*arguments)
        families.revoke_one(TokenFamily.objects.get().pk)
        return verdict

    with monkeypatch.context() as patch:
        patch.setattr(grant, "_exchange", revoked_meanwhile)
        late = patient.refresh(tokens["refresh_token"])
    assert late.status_code == 200, "too late to be noticed, and worth nothing"
    assert is_dead(patient, late.json())


def test_the_successor_cannot_be_computed_from_the_database_alone(patient, settings):
    """It is keyed: whoever read the rows and an old token still lacks the server's key."""
    first = patient.tokens()["refresh_token"]
    row = RefreshToken.objects.get()
    real = refresh_tokens._successor(row, first)
    settings.SECRET_KEY = "another server's key, which is long enough as well"
    assert refresh_tokens._successor(row, first) != real
