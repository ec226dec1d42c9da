"""Redeeming a code: once, by whom it was issued to, with the same proof, as long as everything still holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apis.services import applications
from authserver.models import AuthorizationCode, RefreshToken, TokenFamily
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.people import CALLBACK, VERIFIER, answer
from tests.standing import claims, is_alive, is_dead


def refused(response, error="invalid_grant", status=403):
    """The refusal, and that nothing came with it."""
    assert (response.status_code, response.json().get("error")) == (status, error)
    assert set(response.json()) == {"error", "error_description"}
    assert response.headers["Cache-Control"] == "no-store"
    assert not RefreshToken.objects.exists()
    return True


@pytest.mark.spec("RFC 6749", "4.1.2", "a code is used once; used twice, all tokens from it are revoked")
def test_T020_a_replayed_code_gives_nothing_and_ends_what_the_first_use_gave(people):
    code = people.code()
    tokens = people.redeem(code).json()
    assert is_alive(people, tokens)
    replay = people.redeem(code)
    assert (replay.status_code, replay.json()["error"]) == (403, "invalid_grant")
    assert is_dead(people, tokens)
    assert "used before" in people.world.events("feacft")[0].details["remedy"]


def test_T022_a_code_replayed_after_a_refresh_ends_the_refreshed_tokens_too(people):
    applications.update_application(people.web, refresh_token_rotation="rotating", by=BY)
    code = people.code()
    refreshed = people.refresh(people.redeem(code).json()["refresh_token"]).json()
    assert is_alive(people, refreshed)
    AuthorizationCode.objects.update(expires=timezone.now() - timedelta(seconds=30))
    assert people.redeem(code).status_code == 403
    assert is_dead(people, refreshed)


def test_T022_a_replay_by_another_client_ends_nothing(people):
    code = people.code()
    tokens = people.redeem(code).json()
    assert people.redeem_spa(code).status_code == 403
    assert is_alive(people, tokens)


@pytest.mark.parametrize(("seconds", "works"), [(59, True), (61, False)])
def test_T023_a_code_lives_for_a_minute(people, seconds, works):
    code = people.code()
    issued = AuthorizationCode.objects.get()
    assert timedelta(seconds=55) < issued.expires - timezone.now() <= timedelta(seconds=60)
    AuthorizationCode.objects.update(expires=issued.expires - timedelta(seconds=seconds))
    response = people.redeem(code)
    assert response.status_code == 200 if works else refused(response)


def test_a_code_is_stored_as_a_hash_only(people):
    code = people.code()
    assert code not in str(AuthorizationCode.objects.values())


# --- PKCE ----------------------------------------------------------------------------------------------------------------
def test_T024_a_code_of_a_request_with_challenge_needs_the_verifier(people):
    code = people.code(asked=people.of_spa())
    assert refused(people.redeem_spa(code, code_verifier=None), "invalid_request", 400)
    assert refused(people.redeem_spa(code)), "and it is used up"
    assert people.redeem_spa(people.code(asked=people.of_spa())).status_code == 200


def test_T024_a_confidential_client_that_sent_a_challenge_needs_the_verifier_too(people):
    proof = {"code_challenge": people.of_spa()["code_challenge"], "code_challenge_method": "S256"}
    assert refused(people.redeem(people.code(**proof)), "invalid_request", 400)
    assert people.redeem(people.code(**proof), code_verifier=VERIFIER).status_code == 200


@pytest.mark.spec("RFC 9700", "4.8.2", "a verifier for a request without challenge is refused")
def test_T025_a_verifier_for_a_request_without_challenge_is_refused(people):
    assert refused(people.redeem(people.code(), code_verifier=VERIFIER))
    assert people.redeem(people.code()).status_code == 200


@pytest.mark.parametrize("verifier", ["v" * 42, "v" * 129, "v" * 49 + "!", "v" * 49 + "ü", "V" * 50, "v" * 49])
def test_T027_a_verifier_of_a_wrong_form_or_value_is_refused(people, verifier):
    assert refused(people.redeem_spa(people.code(asked=people.of_spa()), code_verifier=verifier))


def test_T029_a_wrong_verifier_uses_the_code_up_so_there_is_no_second_guess(people):
    code = people.code(asked=people.of_spa())
    wrong = people.redeem_spa(code, code_verifier="w" * 50)
    assert wrong.json()["error_description"] == "Failed to verify code verifier"
    assert refused(wrong)
    assert refused(people.redeem_spa(code))
    assert TokenFamily.objects.get(application=people.spa).revoked_at is not None


# --- Bound to client, tenant and redirect_uri ----------------------------------------------------------------------------
def test_T030_a_code_of_another_client_is_refused_and_stays_good_for_its_own(people):
    code = people.code()
    other, secret = factories.make_application(people.world.tenant, "Other", app_type="regular_web", redirect_uris=CALLBACK)
    assert refused(people.redeem(code, client_id=other.client_id, client_secret=secret))
    event = people.world.events("feacft")[0]
    assert event.client_id == other.client_id
    assert event.details["remedy"] == "The authorization code was issued to another application."
    assert people.redeem(code).status_code == 200


def test_T030_a_code_of_another_tenant_is_unknown_here(people, strangers):
    code = people.code()
    assert strangers.redeem(code).status_code == 403
    assert strangers.world.events("feacft")[0].details["remedy"] == "There is no such authorization code."
    assert people.redeem(code).status_code == 200


@pytest.mark.spec("RFC 6749", "4.1.3", "redirect_uri is the one of the authorization request")
@pytest.mark.parametrize("sent", [None, "https://shop.example/other", CALLBACK + "/", CALLBACK + "?a=b", CALLBACK.upper()])
def test_T015_another_redirect_uri_than_in_the_request_is_refused_and_uses_the_code_up(people, sent):
    applications.update_application(people.web, redirect_uris=f"{CALLBACK}\nhttps://shop.example/other", by=BY)
    code = people.code()
    assert refused(people.redeem(code, redirect_uri=sent), "unauthorized_client")
    assert refused(people.redeem(code))


def test_T015_the_rfc_dialect_says_nothing_about_the_right_redirect_uri(people):
    update_tenant(people.world.tenant, security_profile="oidc", by=BY)
    response = people.redeem(people.code(), redirect_uri="https://evil.example/")
    assert refused(response, "invalid_grant", 400)
    assert CALLBACK not in response.content.decode()


@pytest.mark.parametrize(("sent", "works"), [(None, True), (CALLBACK, True), ("https://evil.example/", False)])
def test_T015_a_request_without_redirect_uri_needs_none_but_takes_no_foreign_one(people, sent, works):
    code = people.code(redirect_uri=None)
    response = people.redeem(code, redirect_uri=sent)
    assert response.status_code == 200 if works else refused(response, "unauthorized_client")


def test_a_missing_code_is_named(people):
    response = people.token(grant_type="authorization_code", redirect_uri=CALLBACK)
    assert response.json() == {"error": "invalid_request", "error_description": "Missing required parameter: code"}
    assert people.redeem("x" * 5_000).json()["error"] == "invalid_grant"


def test_a_code_alone_gives_nothing_without_the_clients_secret(people):
    code = people.code()
    assert refused(people.redeem(code, client_secret=None), "access_denied", 401)
    assert refused(people.redeem(code, client_secret="wrong"), "access_denied", 401)
    assert people.redeem(code).status_code == 200


def test_an_application_without_the_grant_type_redeems_nothing(people):
    code = people.code()
    applications.update_application(people.web, grant_types=["client_credentials"], by=BY)
    assert refused(people.redeem(code), "unauthorized_client")


def test_a_family_lives_as_long_as_the_last_token_that_it_can_hold(people):
    """The last refresh token may be exchanged in its last second, for an access token with a life of its own."""
    tokens = people.tokens()
    family, refresh_token = TokenFamily.objects.get(), RefreshToken.objects.get()
    life = timedelta(seconds=claims(tokens["access_token"])["exp"] - claims(tokens["access_token"])["iat"])
    assert family.expires_at >= refresh_token.expires_at + life


def test_the_whole_exchange_is_recorded_with_the_person(people):
    people.tokens()
    event = people.world.events("seacft")[0]
    assert (event.user_id, event.user_name) == (people.user.user_id, people.user.email)
    assert event.client_id == people.web.client_id
    assert event.audience == people.world.api.identifier


def test_a_code_request_answers_with_the_state_even_when_it_has_strange_characters(people):
    state = "a b+c%26&=ä\"<'>"
    assert answer(people.through(people.browser(), state=state))["state"] == state
