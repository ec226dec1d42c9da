"""Introspection: who may ask about which token, and what is said (RFC 7662)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apis.models import Application, AppType
from apis.services import apis, applications
from authserver.models import AccessToken, RefreshToken
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.standing import backend, claims, introspect, revoke

INACTIVE = {"active": False}


@pytest.mark.spec("RFC 7662", "2.2", "the answer about an active token")
def test_the_client_that_holds_a_token_learns_what_it_is_good_for(people):
    token = people.tokens()["access_token"]
    response = introspect(people, token)
    stated = claims(token)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() == {
        "active": True,
        "client_id": people.web.client_id,
        "scope": " ".join(sorted(stated["scope"].split())),
        "token_type": "Bearer",
        "username": people.user.email,
        **{name: stated[name] for name in ("iss", "sub", "aud", "iat", "exp", "jti")},
    }


def test_the_backend_of_the_api_learns_it_too(people):
    token = people.tokens()["access_token"]
    told = introspect(people, token, **backend(people)).json()
    assert told["active"] is True
    assert told["sub"] == people.user.user_id


def test_T059_a_backend_of_another_api_learns_nothing(people):
    other = factories.make_api(people.world.tenant, "urn:acme:billing")
    application, secret = factories.make_application(
        people.world.tenant, "Billing backend", app_type=AppType.RESOURCE_SERVER, resource_server=other
    )
    token = people.tokens()["access_token"]
    assert introspect(people, token, client_id=application.client_id, client_secret=secret).json() == INACTIVE


def test_T059_an_application_of_another_type_learns_nothing_even_if_it_is_tied_to_the_api(people):
    credentials = backend(people)
    token = people.tokens()["access_token"]
    assert introspect(people, token, **credentials).json()["active"] is True
    row = Application.objects.get(client_id=credentials["client_id"])
    applications.update_application(row, app_type=AppType.NON_INTERACTIVE, by=BY)
    assert introspect(people, token, **credentials).json() == INACTIVE


def test_T059_another_client_learns_nothing(people):
    tokens, machine = people.tokens(), people.world
    asker = {"client_id": machine.application.client_id, "client_secret": machine.secret}
    assert introspect(people, tokens["access_token"], **asker).json() == INACTIVE
    assert introspect(people, tokens["refresh_token"], **asker).json() == INACTIVE


def test_a_backend_learns_nothing_of_refresh_tokens(people):
    assert introspect(people, people.tokens()["refresh_token"], **backend(people)).json() == INACTIVE


def test_T071_another_tenants_tokens_are_inactive_here(people, strangers):
    tokens, opaque = people.tokens(), people.tokens(audience=None)
    asker = backend(strangers)
    for token in (tokens["access_token"], tokens["refresh_token"], opaque["access_token"]):
        assert introspect(strangers, token, **asker).json() == INACTIVE
        assert introspect(strangers, token).json() == INACTIVE


def test_T071_a_backend_that_a_row_ties_to_another_tenants_api_learns_nothing(people, strangers):
    credentials = backend(strangers)
    Application.objects.filter(client_id=credentials["client_id"]).update(resource_server=people.world.api)
    token = people.tokens()["access_token"]
    assert introspect(strangers, token, **credentials).json() == INACTIVE


def test_T060_a_client_without_a_secret_may_not_ask(people):
    token = people.spa_tokens()["access_token"]
    response = introspect(people, token, client_id=people.spa.client_id, client_secret=None)
    assert response.status_code == 401
    assert people.world.events("frrt")[0].details["remedy"] == "Introspection is for applications that prove who they are."


def test_a_machines_token_is_told_of_without_a_person(people):
    token = people.world.ask().json()["access_token"]
    told = introspect(people, token, **backend(people)).json()
    assert told["active"] is True
    assert told["sub"] == f"{people.world.application.client_id}@clients"
    assert told["gty"] == "client-credentials"
    assert "username" not in told


def test_a_machines_token_dies_with_its_application(people):
    token, asker = people.world.ask().json()["access_token"], backend(people)
    applications.update_application(people.world.application, enabled=False, by=BY)
    assert introspect(people, token, **asker).json() == INACTIVE
    applications.update_application(people.world.application, enabled=True, by=BY)
    assert introspect(people, token, **asker).json()["active"] is True
    applications.delete_application(people.world.application, by=BY)
    assert introspect(people, token, **asker).json() == INACTIVE


def test_permissions_are_told_where_the_token_has_them(people):
    apis.update_api(people.world.api, token_dialect="access_token_authz", by=BY)
    asker = backend(people)
    assert introspect(people, people.tokens()["access_token"], **asker).json()["permissions"] == []
    machine = people.world.ask().json()["access_token"]
    assert introspect(people, machine, **asker).json()["permissions"] == ["read:orders", "create:orders"]


def test_the_rfc_9068_dialect_tells_acr_amr_and_auth_time(people):
    apis.update_api(people.world.api, token_dialect="rfc9068_profile", by=BY)
    told = introspect(people, people.tokens()["access_token"]).json()
    assert (told["client_id"], told["acr"], told["amr"]) == (people.web.client_id, "1", ["pwd"])
    assert isinstance(told["auth_time"], int)


def test_an_opaque_token_is_told_of_as_a_jwt_would_tell_itself(people):
    token = people.tokens(audience=None)["access_token"]
    told = introspect(people, token).json()
    row = AccessToken.objects.get()
    assert told["active"] is True
    assert told["aud"] == f"{people.world.issuer}userinfo"
    assert told["exp"] == int(row.expires.timestamp())
    assert told["sub"] == people.user.user_id
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert introspect(people, token).json() == INACTIVE


def test_a_refresh_token_tells_its_own_client_until_when_it_works(people):
    token = people.tokens()["refresh_token"]
    told = introspect(people, token).json()
    row = RefreshToken.objects.get()
    assert told["active"] is True
    assert told["token_type"] == "refresh_token", "so that nobody takes it for an access token (T-070)"
    assert told["exp"] == int(row.idle_expires_at.timestamp())
    assert told["sub"] == people.user.user_id
    assert "offline_access" in told["scope"]


@pytest.mark.parametrize("column", ["expires_at", "idle_expires_at"])
def test_a_refresh_token_past_an_end_is_inactive(people, column):
    token = people.tokens()["refresh_token"]
    RefreshToken.objects.update(**{column: timezone.now() - timedelta(seconds=1)})
    assert introspect(people, token).json() == INACTIVE


def test_a_rotated_refresh_token_is_inactive_and_asking_betrays_no_theft(people):
    applications.update_application(people.web, refresh_token_rotation="rotating", by=BY)
    first = people.tokens()["refresh_token"]
    second = people.refresh(first).json()["refresh_token"]
    assert introspect(people, first).json() == INACTIVE
    assert introspect(people, second).json()["active"] is True


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "something"])
def test_a_hint_is_only_a_hint(people, hint):
    tokens = people.tokens()
    for kind in ("access_token", "refresh_token"):
        assert introspect(people, tokens[kind], token_type_hint=hint).json()["active"] is True


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 20_000, "ä", "....", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_of_ours_is_inactive(people, token):
    assert introspect(people, token).json() == INACTIVE


def test_T070_codes_and_id_tokens_are_inactive(people):
    assert introspect(people, people.code()).json() == INACTIVE
    assert introspect(people, people.tokens()["id_token"]).json() == INACTIVE


def test_a_missing_token_is_named(people):
    response = introspect(people, "")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_json_is_taken_as_well(people):
    body = {"client_id": people.web.client_id, "client_secret": people.secret, "token": people.tokens()["access_token"]}
    response = people.world.http().post("/oauth/introspect", body, content_type="application/json")
    assert response.json()["active"] is True


def test_asking_uses_nothing_up(people):
    tokens = people.spa_tokens()
    for _ in range(2):
        introspect(people, tokens["refresh_token"])
    assert people.refresh_spa(tokens["refresh_token"]).status_code == 200


def test_a_revoked_token_is_inactive_for_everybody(people):
    tokens, asker = people.tokens(), backend(people)
    revoke(people, tokens["refresh_token"])
    for credentials in ({}, asker):
        assert introspect(people, tokens["access_token"], **credentials).json() == INACTIVE


def test_the_rfc_dialect_has_the_rfcs_refusal(people):
    update_tenant(people.world.tenant, security_profile="oidc", by=BY)
    response = introspect(people, "x", client_secret="wrong")
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
