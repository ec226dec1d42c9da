"""What every tenant has from the start: the Management API and one application that may use all of it."""

import jwt
import pytest

from apis.management_scopes import MANAGEMENT_SCOPES
from apis.models import API, Application, ClientGrant
from apis.services.applications import add_secret, delete_application, update_application
from apis.services.client_grants import update_client_grant
from apis.services.provisioning import management_application, provision
from tests import factories

BY = factories.BY


def snapshot(tenant):
    """Everything that provisioning could touch."""
    return {
        "apis": list(API.objects.of(tenant).values()),
        "permissions": list(API.objects.of(tenant).order_by("permissions").values("permissions__id", "permissions__value")),
        "applications": list(Application.objects.of(tenant).values()),
        "grants": list(ClientGrant.objects.of(tenant).order_by("permissions").values("id", "permissions")),
    }


def token_scopes(world):
    application = management_application(world.tenant)
    secret = add_secret(application, by=BY).value
    response = world.ask(client_id=application.client_id, client_secret=secret, audience=f"{world.issuer}api/v2/")
    claims = jwt.decode(response.json()["access_token"], options={"verify_signature": False})
    assert claims["aud"] == f"{world.issuer}api/v2/"
    return set(claims["scope"].split())


def test_a_new_tenant_has_the_management_api_under_the_name_that_auth0s_tools_look_for(acme, globex):
    for world in (acme, globex):
        system = API.objects.of(world.tenant).get(is_system=True)
        assert system.name == "Auth0 Management API"
        assert (system.signing_alg, system.token_lifetime, system.token_lifetime_for_web) == ("RS256", 86_400, 7_200)
        assert [(p.value, p.description) for p in system.permissions.all()] == [
            (scope.value, scope.description) for scope in MANAGEMENT_SCOPES
        ]


def test_the_management_application_holds_every_scope_and_no_secret_until_one_is_made(acme):
    assert not management_application(acme.tenant).secrets.exists()
    assert token_scopes(acme) == {scope.value for scope in MANAGEMENT_SCOPES}


def test_the_management_api_answers_to_the_name_of_each_domain_and_to_no_other(acme, globex):
    application = management_application(acme.tenant)
    secret = add_secret(application, by=BY).value
    credentials = {"client_id": application.client_id, "client_secret": secret}
    for audience in (f"{globex.issuer}api/v2/", "/api/v2/", f"{acme.issuer}api/v2", f"{acme.issuer}api/v2/x"):
        assert acme.ask(**credentials, audience=audience).status_code == 403


def test_the_scopes_are_those_that_auth0s_operations_ask_for():
    values = [scope.value for scope in MANAGEMENT_SCOPES]
    assert len(values) == len(set(values))
    assert {"read:resource_servers", "create:client_grants", "update:tenant_settings", "delete:users"} <= set(values)
    assert all(scope.description for scope in MANAGEMENT_SCOPES)


def test_provisioning_again_changes_nothing_and_tells_nothing(acme):
    before, events = snapshot(acme.tenant), len(acme.events("sapi"))
    provision(acme.tenant, by=BY)
    assert snapshot(acme.tenant) == before
    assert len(acme.events("sapi")) == events


def test_scopes_that_a_new_version_brings_reach_old_tenants_and_their_management_application(acme):
    system = API.objects.of(acme.tenant).get(is_system=True)
    system.permissions.filter(value__in=["read:clients", "read:logs"]).delete()
    assert "read:clients" not in token_scopes(acme)
    provision(acme.tenant, by=BY)
    assert {"read:clients", "read:logs"} <= token_scopes(acme)


def test_a_narrowed_grant_of_the_management_application_is_made_whole(acme):
    grant = ClientGrant.objects.get(application=management_application(acme.tenant))
    update_client_grant(grant, ["read:logs"], by=BY)
    provision(acme.tenant, by=BY)
    assert token_scopes(acme) == {scope.value for scope in MANAGEMENT_SCOPES}


@pytest.mark.parametrize(
    "lose", [lambda app: delete_application(app, by=BY), lambda app: update_application(app, by=BY, name="Ours")]
)
def test_a_management_application_that_was_deleted_or_renamed_is_made_anew(acme, lose):
    old = management_application(acme.tenant)
    client_id = old.client_id
    lose(old)
    assert management_application(acme.tenant) is None
    provision(acme.tenant, by=BY)
    assert management_application(acme.tenant).client_id != client_id


def test_an_application_of_another_api_with_the_same_name_is_not_taken_for_it(acme):
    namesake, _ = factories.make_application(acme.tenant, management_application(acme.tenant).name)
    factories.grant(namesake, acme.api)
    delete_application(management_application(acme.tenant), by=BY)
    assert management_application(acme.tenant) is None
    provision(acme.tenant, by=BY)
    assert management_application(acme.tenant) != namesake
