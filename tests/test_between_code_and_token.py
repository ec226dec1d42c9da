"""What happens between a code and its use: whoever took it back meanwhile is heard, and a crash leaves nothing halfway."""

import pytest

from apis.services import apis, applications, connections
from authserver import consents, id_tokens, refresh_tokens, sessions
from authserver.models import AccessToken, AuthorizationCode, Consent, RefreshToken
from tenants.models import User
from tenants.services import update_user
from tests.factories import BY
from tests.test_authorization_code_grant import refused


def test_T091_a_code_of_a_session_that_ended_meanwhile_is_dead(people):
    code = people.code()
    assert sessions.end(sessions.live().filter(user=people.user)) == 1
    assert refused(people.redeem(code))
    assert people.world.events("feacft")[0].details["remedy"] == "The person logged out."


def test_T058_a_code_of_a_person_who_was_blocked_meanwhile_is_dead(people):
    code = people.code()
    update_user(people.user, blocked=True, by=BY)
    response = people.redeem(code)
    assert refused(response, "unauthorized")
    assert response.json()["error_description"] == "user is blocked"
    update_user(people.user, blocked=False, by=BY)
    assert refused(people.redeem(code)), "unblocking brings nothing back that was issued before"


def test_T058_a_person_blocked_past_the_services_is_refused_as_well(people):
    code = people.code()
    User.objects.update(blocked=True)
    assert refused(people.redeem(code), "unauthorized")


def test_T058_a_code_of_a_consent_that_was_taken_back_meanwhile_is_dead(people):
    code = people.code()
    consents.withdraw(Consent.objects.get(), BY)
    assert refused(people.redeem(code))


def test_T058_a_code_of_an_application_that_was_disabled_meanwhile_is_dead(people):
    code = people.code()
    applications.update_application(people.web, enabled=False, by=BY)
    assert refused(people.redeem(code), "access_denied", 401)


def test_T058_a_code_of_a_directory_that_was_switched_off_meanwhile_is_dead(people):
    code = people.code()
    connections.set_connections(people.web, [], by=BY)
    assert refused(people.redeem(code))
    assert "connection is switched off" in people.world.events("feacft")[0].details["remedy"]


def test_a_code_of_an_api_that_was_deleted_meanwhile_is_dead(people):
    code = people.code()
    apis.delete_api(people.world.api, by=BY)
    assert refused(people.redeem(code))


def test_an_api_that_stopped_offline_access_meanwhile_gives_no_refresh_token(people):
    code = people.code()
    apis.update_api(people.world.api, allow_offline_access=False, by=BY)
    body = people.redeem(code).json()
    assert "refresh_token" not in body
    assert "offline_access" not in body["scope"]


# --- Both or none --------------------------------------------------------------------------------------------------------
class Killed(BaseException):
    """Ends the process as far as the code under test can tell: no handler of Exception sees it."""


def test_L05_what_dies_between_claim_and_store_leaves_the_code_unused(people, monkeypatch):
    code = people.code()

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(refresh_tokens, "first", die)
        with pytest.raises(Killed):
            people.redeem(code)
    assert AuthorizationCode.objects.get().used_at is None
    assert not RefreshToken.objects.exists()
    assert people.redeem(code).status_code == 200


def test_L05_an_opaque_token_is_stored_with_its_code_or_not_at_all(people, monkeypatch):
    code = people.code(audience=None, scope="openid")

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(id_tokens, "issue", die)
        with pytest.raises(Killed):
            people.redeem(code)
    assert AuthorizationCode.objects.get().used_at is None
    assert not AccessToken.objects.exists()
    assert people.redeem(code).status_code == 200


def test_L05_a_key_that_is_missing_is_answered_with_503_and_uses_nothing_up(people, monkeypatch):
    code = people.code()

    def no_key(*_, **__):
        raise id_tokens.NoReadableSecretError("none")

    with monkeypatch.context() as patch:
        patch.setattr(id_tokens, "issue", no_key)
        response = people.redeem(code)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert people.redeem(code).status_code == 200
