"""What a refresh is good for: never more than before, for nobody else, and only while person, application and API agree."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from apis.services import apis, applications, connections, roles
from authserver.models import RefreshToken, TokenFamily
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.standing import claims, is_alive, is_dead
from tests.test_refresh_tokens import reason, refused, rotating


def test_a_scope_narrows_one_exchange_and_the_next_has_everything_again(people):
    tokens = people.tokens()
    narrow = people.refresh(tokens["refresh_token"], scope="read:orders").json()
    assert narrow["scope"] == claims(narrow["access_token"])["scope"] == "read:orders"
    assert "id_token" not in narrow
    whole = people.refresh(tokens["refresh_token"]).json()
    assert whole["scope"] == "openid profile email offline_access read:orders"
    assert "id_token" in whole


def test_T059a_a_broader_scope_is_dropped_with_auth0s_profile_and_refused_with_the_rfcs(people):
    tokens = people.tokens()
    wide = people.refresh(tokens["refresh_token"], scope="read:orders create:orders")
    assert wide.json()["scope"] == "read:orders"
    update_tenant(people.world.tenant, security_profile="oidc", by=BY)
    assert refused(people.refresh(tokens["refresh_token"], scope="read:orders create:orders"), "invalid_scope", 400)
    assert people.refresh(tokens["refresh_token"], scope="read:orders").status_code == 200


def test_T059a_a_refusal_for_its_scope_uses_a_rotating_token_not_up(people):
    rotating(people)
    update_tenant(people.world.tenant, security_profile="oidc", by=BY)
    tokens = people.tokens()
    assert refused(people.refresh(tokens["refresh_token"], scope="create:orders"), "invalid_scope", 400)
    assert people.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("parameter", ["audience", "resource"])
def test_T059a_another_audience_is_refused_and_the_same_is_fine(people, parameter):
    factories.make_api(people.world.tenant, "urn:acme:billing")
    tokens = people.tokens()
    assert refused(people.refresh(tokens["refresh_token"], **{parameter: "urn:acme:billing"}), "invalid_target", 400)
    assert people.refresh(tokens["refresh_token"], **{parameter: people.world.api.identifier}).status_code == 200


def test_a_default_audience_that_came_later_changes_nothing(people):
    factories.make_api(people.world.tenant, "urn:acme:billing")
    tokens = people.tokens()
    update_tenant(people.world.tenant, default_audience="urn:acme:billing", by=BY)
    refreshed = people.refresh(tokens["refresh_token"]).json()
    assert claims(refreshed["access_token"])["aud"][0] == people.world.api.identifier


@pytest.mark.parametrize(
    ("api_allows", "application_may", "asked", "issued"),
    [(True, True, True, True), (False, True, True, False), (True, False, True, False), (True, True, False, False)],
)
def test_a_refresh_token_needs_the_api_the_application_and_the_scope(people, api_allows, application_may, asked, issued):
    apis.update_api(people.world.api, allow_offline_access=api_allows, by=BY)
    grants = ["authorization_code", *(["refresh_token"] if application_may else [])]
    applications.update_application(people.web, grant_types=grants, by=BY)
    body = people.tokens(scope="openid read:orders" + (" offline_access" if asked else ""))
    assert ("refresh_token" in body) == ("offline_access" in body["scope"]) == issued
    assert RefreshToken.objects.exists() == issued


# --- As long as everybody agrees -----------------------------------------------------------------------------------------
def test_an_api_that_stops_offline_access_is_refreshed_for_no_more(people):
    tokens = people.tokens()
    apis.update_api(people.world.api, allow_offline_access=False, by=BY)
    assert refused(people.refresh(tokens["refresh_token"]))
    assert "switch it on in the API's settings" in reason(people)
    apis.update_api(people.world.api, allow_offline_access=True, by=BY)
    assert people.refresh(tokens["refresh_token"]).status_code == 200


def test_an_application_that_loses_the_grant_type_refreshes_no_more(people):
    tokens = people.tokens()
    applications.update_application(people.web, grant_types=["authorization_code"], by=BY)
    assert refused(people.refresh(tokens["refresh_token"]), "unauthorized_client")


def test_T058_a_directory_that_is_switched_off_for_the_application_ends_access_through_it(people):
    tokens = people.tokens()
    connections.set_connections(people.web, [], by=BY)
    assert is_dead(people, tokens)
    assert "connection is switched off" in reason(people)
    connections.set_connections(people.web, [people.connection], by=BY)
    assert people.refresh(tokens["refresh_token"]).status_code == 200


def test_a_deleted_api_takes_its_refresh_tokens_along(people):
    tokens = people.tokens()
    apis.delete_api(people.world.api, by=BY)
    assert is_dead(people, tokens)


def test_a_permission_that_the_api_lost_is_not_refreshed(people):
    tokens = people.tokens(scope="offline_access read:orders create:orders")
    apis.set_permissions(people.world.api, [apis.Scope("read:orders")], by=BY)
    assert people.refresh(tokens["refresh_token"]).json()["scope"] == "offline_access read:orders"


def test_a_permission_that_the_person_lost_is_not_refreshed(people):
    apis.update_api(people.world.api, enforce_policies=True, by=BY)
    held = list(people.world.api.permissions.all())
    roles.grant_permissions(people.user, held, by=BY)
    tokens = people.tokens(scope="offline_access read:orders create:orders")
    assert tokens["scope"] == "offline_access read:orders create:orders"
    roles.revoke_permissions(people.user, [row for row in held if row.value == "create:orders"], by=BY)
    assert people.refresh(tokens["refresh_token"]).json()["scope"] == "offline_access read:orders"


# --- Whose ---------------------------------------------------------------------------------------------------------------
def test_T059_another_clients_refresh_token_is_unknown_and_stays_good(people):
    tokens = people.tokens()
    assert refused(people.refresh_spa(tokens["refresh_token"]))
    assert reason(people) == "The refresh token was issued to another application."
    assert is_alive(people, tokens)


def test_another_tenants_refresh_token_is_unknown(people, strangers):
    tokens = people.tokens()
    assert refused(strangers.refresh(tokens["refresh_token"]))
    assert is_alive(people, tokens)


@pytest.mark.parametrize("kind", ["access_token", "id_token", "code"])
def test_T070_T036_another_kind_of_token_is_no_refresh_token(people, kind):
    code = people.code()
    held = {"code": code} | people.redeem(people.code()).json()
    assert refused(people.refresh(held[kind]))
    assert people.redeem(held["refresh_token"]).status_code == 403


def test_a_refresh_token_alone_gives_nothing_without_the_clients_secret(people):
    tokens = people.tokens()
    assert refused(people.refresh(tokens["refresh_token"], client_secret=None), "access_denied", 401)
    assert people.refresh(tokens["refresh_token"]).status_code == 200


def test_a_missing_refresh_token_is_named(people):
    response = people.token(grant_type="refresh_token")
    assert response.json()["error_description"] == "Missing required parameter: refresh_token"


def test_a_refresh_token_is_stored_as_a_hash_only_and_its_successor_too(people):
    rotating(people)
    first = people.tokens()["refresh_token"]
    second = people.refresh(first).json()["refresh_token"]
    stored = str(list(RefreshToken.objects.values())) + str(list(TokenFamily.objects.values()))
    assert first not in stored
    assert second not in stored


def test_a_refresh_token_without_an_end_works_years_later_and_ends_when_it_is_revoked(people):
    applications.update_application(
        people.web, by=BY, infinite_refresh_token_lifetime=True, infinite_refresh_token_idle_lifetime=True
    )
    tokens = people.tokens()
    years = timedelta(days=20 * 365)
    ends = {name: F(name) - years for name in ("expires_at", "idle_expires_at")}
    RefreshToken.objects.update(**ends)
    TokenFamily.objects.update(expires_at=F("expires_at") - years)
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    TokenFamily.objects.update(revoked_at=timezone.now())
    assert refused(people.refresh(tokens["refresh_token"]), "invalid_grant", 403)
