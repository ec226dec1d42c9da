"""Revocation: a client gives back what is its own, and with it everything that stems from the same authorization."""

import pytest
from django.db import OperationalError

from apis.services.applications import update_application
from authserver import bearer, families
from authserver.models import AccessToken, RevokedToken, TokenFamily
from tenants import config_cache
from tests import factories
from tests.factories import BY
from tests.standing import backend, claims, introspect, is_alive, is_dead, revoke


def is_live(world, token):
    """Whether the Management API still takes `token`: it knows no such address, but answers that to a known caller."""
    status = world.http(authorization=f"Bearer {token}").get("/api/v2/no-such-resource").status_code
    assert status in (401, 404)
    return status == 404


@pytest.mark.spec("RFC 7009", "2.1", "the related access tokens end with the refresh token")
def test_T059d_giving_back_the_refresh_token_ends_the_access_token(people):
    tokens = people.tokens()
    assert is_alive(people, tokens)
    response = revoke(people, tokens["refresh_token"])
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Cache-Control"] == "no-store"
    assert is_dead(people, tokens)
    assert people.world.events("srrt")[0].client_id == people.web.client_id


def test_T059d_giving_back_the_access_token_ends_the_refresh_token(people):
    tokens = people.tokens()
    assert revoke(people, tokens["access_token"]).status_code == 200
    assert is_dead(people, tokens)


def test_an_opaque_token_is_given_back_like_any_other(people):
    token = people.tokens(audience=None)["access_token"]
    assert introspect(people, token).json()["active"] is True
    assert revoke(people, token).status_code == 200
    assert introspect(people, token).json()["active"] is False
    assert AccessToken.objects.count() == 1


def test_other_authorizations_of_the_same_person_live_on(people):
    given_back, kept = people.tokens(), people.tokens()
    revoke(people, given_back["refresh_token"])
    assert is_alive(people, kept)


@pytest.mark.spec("RFC 7009", "2.2", "an unknown token is answered like a known one")
@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 20_000, "ä"])
def test_what_is_no_token_of_ours_is_as_dead_as_asked_for(people, token):
    assert revoke(people, token).status_code == 200
    assert not people.world.events("srrt")


def test_giving_back_twice_is_fine_and_happens_once(people):
    tokens = people.tokens()
    revoke(people, tokens["access_token"])
    ended = TokenFamily.objects.get().revoked_at
    assert revoke(people, tokens["access_token"]).status_code == 200
    assert revoke(people, tokens["refresh_token"]).status_code == 200
    assert TokenFamily.objects.get().revoked_at == ended


def test_T059_another_clients_tokens_stay_as_they_are(people):
    tokens = people.tokens()
    public = {"client_id": people.spa.client_id, "client_secret": None}
    for asker in (public, backend(people)):
        for kind in ("access_token", "refresh_token"):
            response = revoke(people, tokens[kind], **asker)
            assert (response.status_code, response.content) == (200, b"")
    assert is_alive(people, tokens)
    assert not people.world.events("srrt")


def test_T071_another_tenants_tokens_stay_as_they_are(people, strangers):
    tokens, opaque = people.tokens(), people.tokens(audience=None)["access_token"]
    for token in (tokens["access_token"], tokens["refresh_token"], opaque):
        assert revoke(strangers, token).status_code == 200
    assert is_alive(people, tokens)
    assert introspect(people, opaque).json()["active"] is True


def test_a_public_client_gives_back_its_own(people):
    tokens = people.spa_tokens()
    public = {"client_id": people.spa.client_id, "client_secret": None}
    assert revoke(people, tokens["refresh_token"], **public).status_code == 200
    assert people.refresh_spa(tokens["refresh_token"]).status_code == 403


def test_T070_an_id_token_and_a_code_are_nothing_to_give_back(people):
    code, tokens = people.code(), people.tokens()
    revoke(people, tokens["id_token"])
    revoke(people, code)
    assert is_alive(people, tokens)
    assert people.redeem(code).status_code == 200


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "something"])
def test_a_hint_is_only_a_hint(people, hint):
    tokens = people.tokens()
    assert revoke(people, tokens["refresh_token"], token_type_hint=hint).status_code == 200
    assert is_dead(people, tokens)


def test_a_missing_token_is_named_and_the_refusal_recorded(people):
    response = revoke(people, "")
    assert response.json() == {"error": "invalid_request", "error_description": "Missing required parameter: token"}
    event = people.world.events("frrt")[0]
    assert (event.client_id, event.details["endpoint"]) == (people.web.client_id, "/oauth/revoke")


def test_T059b_a_database_that_does_not_answer_is_a_503_and_no_success(people, monkeypatch):
    tokens = people.tokens()

    def fail(*_):
        raise OperationalError("the connection is gone")

    with monkeypatch.context() as patch:
        patch.setattr(families, "revoke_one", fail)
        response = revoke(people, tokens["refresh_token"])
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error"] == "temporarily_unavailable"
    assert b"connection is gone" not in response.content
    assert is_alive(people, tokens)
    assert revoke(people, tokens["refresh_token"]).status_code == 200
    assert is_dead(people, tokens)


# --- Machines ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def machine(people):
    """The credentials of the tenant's machine, which may call the Management API."""
    world = people.world
    factories.grant(world.application, world.tenant.apis.get(is_system=True), ("read:clients",))
    return {"client_id": world.application.client_id, "client_secret": world.secret}


def test_T058_a_machines_token_that_was_given_back_is_refused_by_introspection_and_the_management_api(people, machine):
    world = people.world
    token, other = (world.ask(audience=f"{world.issuer}api/v2/").json()["access_token"] for _ in range(2))
    assert is_live(world, token)
    assert revoke(people, token, **machine).status_code == 200
    assert not is_live(world, token)
    assert is_live(world, other), "only this one"
    assert introspect(people, token, **machine).json() == {"active": False}
    assert introspect(people, other, **machine).json()["active"] is True


def test_a_machines_token_is_noted_until_it_would_have_expired_and_once(people, machine):
    token = people.world.ask().json()["access_token"]
    for _ in range(2):
        revoke(people, token, **machine)
    row = RevokedToken.objects.get()
    told = claims(token)
    assert row.jti == told["jti"]
    assert int(row.expires_at.timestamp()) == told["exp"]


def test_T071_the_same_jti_at_another_tenant_is_not_revoked(people, strangers, machine):
    token = people.world.ask().json()["access_token"]
    revoke(people, token, **machine)
    here, there = (config_cache.resolve(place.world.domain.host) for place in (people, strangers))
    told = claims(token)
    assert bearer.is_revoked(here, told)
    assert not bearer.is_revoked(there, told | {"azp": strangers.world.application.client_id})


def test_T058_the_management_api_refuses_the_token_of_a_disabled_application(people):
    world = people.world
    factories.grant(world.application, world.tenant.apis.get(is_system=True), ("read:clients",))
    token = world.ask(audience=f"{world.issuer}api/v2/").json()["access_token"]
    client = world.http(authorization=f"Bearer {token}")
    assert client.get("/api/v2/no-such-resource").status_code == 404, "known caller, unknown resource"
    update_application(world.application, enabled=False, by=BY)
    assert client.get("/api/v2/no-such-resource").status_code == 401
