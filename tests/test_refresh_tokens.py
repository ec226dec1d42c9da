"""Refreshing: rotating or not, for how long, for what, and only as long as person, application and API still agree."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apis.services import applications
from authserver import families, id_tokens, refresh_tokens
from authserver.models import RefreshToken, TokenFamily
from tenants import config_cache
from tests.factories import BY
from tests.standing import claims, is_alive, is_dead

DAY = timedelta(days=1)


def rotating(people, **settings):
    applications.update_application(people.web, refresh_token_rotation="rotating", by=BY, **settings)


def refused(response, error="invalid_grant", status=403):
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert set(response.json()) == {"error", "error_description"}
    return True


def reason(people, event_type="fertft"):
    return people.world.events(event_type)[0].details["remedy"]


def age(**columns):
    """Moves dates of every refresh token into the past."""
    for row in RefreshToken.objects.all():
        for name, by in columns.items():
            setattr(row, name, getattr(row, name) - by)
        row.save()


# --- Rotating or not -----------------------------------------------------------------------------------------------------
def test_a_confidential_application_keeps_its_refresh_token_unless_told_otherwise(people):
    tokens = people.tokens()
    for _ in range(3):
        response = people.refresh(tokens["refresh_token"])
        assert response.status_code == 200
        assert "refresh_token" not in response.json()
        assert response.headers["Cache-Control"] == "no-store"
    assert RefreshToken.objects.count() == 1


@pytest.mark.spec("RFC 9700", "2.2.2", "refresh tokens of public clients rotate")
def test_a_public_application_gets_another_refresh_token_each_time(people):
    held = [people.spa_tokens()["refresh_token"]]
    for _ in range(3):
        held.append(people.refresh_spa(held[-1]).json()["refresh_token"])
    assert len(set(held)) == 4
    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_an_application_chooses_for_itself(people):
    rotating(people)
    assert "refresh_token" in people.refresh(people.tokens()["refresh_token"]).json()
    applications.update_application(people.spa, refresh_token_rotation="non-rotating", by=BY)
    assert "refresh_token" not in people.refresh_spa(people.spa_tokens()["refresh_token"]).json()


def test_T050_a_rotated_token_that_comes_again_ends_its_whole_family_and_is_recorded_as_reuse(people):
    rotating(people)
    first = people.tokens()
    second = people.refresh(first["refresh_token"]).json()
    third = people.refresh(second["refresh_token"]).json()
    assert is_alive(people, third)
    assert refused(people.refresh(first["refresh_token"]))
    assert is_dead(people, third)
    event = people.world.events("ferrt")[0]
    assert event.details["reason"] == "RefreshTokenReused"
    assert event.client_id == people.web.client_id


def test_T050_an_old_token_betrays_a_theft_even_when_it_would_be_idle_by_now(people):
    rotating(people)
    first = people.tokens()
    second = people.refresh(first["refresh_token"]).json()
    RefreshToken.objects.exclude(used_at=None).update(idle_expires_at=timezone.now() - DAY)
    assert is_alive(people, second)
    assert refused(people.refresh(first["refresh_token"]))
    assert is_dead(people, second)
    assert people.world.events("ferrt")


def test_T050_a_theft_is_noticed_whatever_else_the_request_asks_for(people):
    rotating(people)
    first = people.tokens()
    second = people.refresh(first["refresh_token"]).json()
    assert refused(people.refresh(first["refresh_token"], audience="https://elsewhere.example"))
    assert is_dead(people, second)


def test_T055_ending_a_family_costs_one_statement_however_long_it_grew(people, django_assert_num_queries):
    rotating(people)
    token = people.tokens()["refresh_token"]
    for _ in range(10):
        token = people.refresh(token).json()["refresh_token"]
    family_id = TokenFamily.objects.get().pk
    with django_assert_num_queries(1):
        families.revoke_one(family_id)
    assert refused(people.refresh(token))


def test_other_families_of_the_same_person_live_on(people):
    rotating(people)
    stolen, other = people.tokens(), people.tokens()
    people.refresh(stolen["refresh_token"])
    assert refused(people.refresh(stolen["refresh_token"]))
    assert is_alive(people, other)


def test_an_application_switched_from_rotating_to_non_rotating_keeps_its_newest_token(people):
    rotating(people)
    first = people.tokens()
    second = people.refresh(first["refresh_token"]).json()
    applications.update_application(people.web, refresh_token_rotation="non-rotating", by=BY)
    for _ in range(2):
        response = people.refresh(second["refresh_token"])
        assert response.status_code == 200
        assert "refresh_token" not in response.json()
    assert refused(people.refresh(first["refresh_token"])), "what was used up under the old rule stays used up"
    assert is_dead(people, second)


def test_an_application_switched_from_non_rotating_to_rotating_rotates_from_now_on(people):
    tokens = people.tokens()
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    rotating(people)
    assert is_alive(people, people.refresh(tokens["refresh_token"]).json())
    assert refused(people.refresh(tokens["refresh_token"]))


# --- For how long --------------------------------------------------------------------------------------------------------
def test_T057_a_token_ends_at_its_absolute_end(people):
    tokens = people.tokens()
    RefreshToken.objects.update(expires_at=timezone.now() + timedelta(seconds=5))
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    RefreshToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(people.refresh(tokens["refresh_token"]))
    assert "expired" in reason(people)


def test_T057_rotation_does_not_prolong_the_absolute_end(people):
    rotating(people)
    token = people.tokens()["refresh_token"]
    end = RefreshToken.objects.get().expires_at
    for _ in range(3):
        age(idle_expires_at=DAY)
        token = people.refresh(token).json()["refresh_token"]
    assert set(RefreshToken.objects.values_list("expires_at", flat=True)) == {end}


def test_T057_a_token_that_is_not_used_for_too_long_ends(people):
    applications.update_application(people.web, refresh_token_idle_lifetime=100, by=BY)
    tokens = people.tokens()
    for _ in range(3):
        age(idle_expires_at=timedelta(seconds=95))
        assert people.refresh(tokens["refresh_token"]).status_code == 200, "use keeps it alive"
    age(idle_expires_at=timedelta(seconds=101))
    assert refused(people.refresh(tokens["refresh_token"]))


def test_T057_idle_time_never_reaches_beyond_the_absolute_end(people):
    applications.update_application(people.web, refresh_token_lifetime=100, refresh_token_idle_lifetime=5_000, by=BY)
    tokens = people.tokens()
    row = RefreshToken.objects.get()
    assert row.idle_expires_at == row.expires_at
    people.refresh(tokens["refresh_token"])
    assert RefreshToken.objects.get().idle_expires_at == row.expires_at


def test_T059c_a_used_token_is_refused_by_a_process_that_remembers_nothing(people):
    rotating(people)
    tokens = people.tokens()
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    config_cache.clear()
    assert refused(people.refresh(tokens["refresh_token"]))


# --- What it answers -----------------------------------------------------------------------------------------------------
@pytest.mark.spec("OIDC Core", "12.2", "the ID token of a refresh keeps sub, aud, iss and auth_time, and has no nonce")
def test_a_refreshed_id_token_keeps_who_signed_in_when_and_drops_the_nonce(people):
    tokens = people.tokens()
    TokenFamily.objects.update(auth_time=timezone.now() - timedelta(hours=5))
    earlier = int(TokenFamily.objects.get().auth_time.timestamp())
    before, after = claims(tokens["id_token"]), claims(people.refresh(tokens["refresh_token"]).json()["id_token"])
    assert before["nonce"] == "nonce-1"
    assert "nonce" not in after
    assert after["auth_time"] == earlier
    for name in ("iss", "sub", "aud", "sid", "amr", "acr"):
        assert after[name] == before[name]


def test_L05_what_dies_between_claim_and_store_leaves_the_token_unused(people, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    rotating(people)
    tokens = people.tokens()
    for module, name in ((refresh_tokens, "succeed"), (id_tokens, "issue")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, die)
            with pytest.raises(Killed):
                people.refresh(tokens["refresh_token"])
    assert RefreshToken.objects.get().used_at is None
    assert is_alive(people, people.refresh(tokens["refresh_token"]).json())


def test_the_exchange_is_recorded_with_the_person(people):
    people.refresh(people.tokens()["refresh_token"])
    event = people.world.events("sertft")[0]
    assert (event.user_id, event.client_id) == (people.user.user_id, people.web.client_id)
