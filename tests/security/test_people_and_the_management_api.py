"""No person gets a scope of the Management API by signing in to an application: not by any flow, setting or row (T-032)."""

import pytest

from apis.models import API
from apis.services import roles
from tenants import config_cache
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.people import PASSWORD, VERIFIER, answer
from tests.standing import claims

REALM = "http://auth0.com/oauth/grant-type/password-realm"
WANTED = "openid offline_access read:clients create:clients read:users update:users"


@pytest.fixture
def system(people):
    """The Management API of a tenant that is configured as generously as rows allow, and Ada holds all of it."""
    api = people.world.tenant.apis.get(is_system=True)
    permissions = list(api.permissions.all())
    assert {"read:clients", "create:clients", "read:users"} <= {row.value for row in permissions}
    roles.grant_permissions(people.user, permissions, by=BY)
    factories.grant(people.web, api, ("read:clients", "create:clients"))
    # Past the services, which refuse each of these.
    API.objects.filter(pk=api.pk).update(
        allow_offline_access=True, enforce_policies=True, skip_consent_for_verifiable_first_party_clients=True
    )
    update_tenant(people.world.tenant, default_directory=people.connection.name, by=BY)
    people.web.grant_types = [*people.web.grant_types, REALM]
    people.web.save()
    config_cache.clear()
    return f"{people.world.issuer}api/v2/"


def by_code(people, audience):
    return people.redeem(people.code(audience=audience, scope=WANTED)).json()


def by_code_with_pkce(people, audience):
    return people.redeem_spa(
        people.code(asked=people.of_spa(audience=audience, scope=WANTED)), code_verifier=VERIFIER
    ).json()


def implicit(people, audience):
    return answer(people.through(people.browser(), audience=audience, scope=WANTED, response_type="token"))


def hybrid(people, audience):
    asked = {"audience": audience, "scope": WANTED, "response_type": "code id_token token"}
    return answer(people.through(people.browser(), **asked))


def by_password(people, audience, **changes):
    asked = {"grant_type": "password", "username": people.user.email, "password": PASSWORD, "scope": WANTED}
    return people.token(**(asked | {"audience": audience} | changes)).json()


def by_password_without_a_scope(people, audience):
    return by_password(people, audience, scope=None)


def by_realm(people, audience):
    return by_password(people, audience, grant_type=REALM, realm=people.connection.name)


def by_refresh(people, audience):
    tokens = by_code(people, audience)
    return people.refresh(tokens["refresh_token"], scope=WANTED).json() if "refresh_token" in tokens else tokens


def by_default_audience(people, audience):
    """The services refuse the Management API as a default; a row might have it."""
    type(people.world.tenant).objects.update(default_audience=audience)
    config_cache.clear()
    return by_code(people, None)


FLOWS = [
    by_code,
    by_code_with_pkce,
    implicit,
    hybrid,
    by_password,
    by_password_without_a_scope,
    by_realm,
    by_refresh,
    by_default_audience,
]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_T032_a_person_gets_no_scope_of_the_management_api(people, system, flow):
    body = flow(people, system)
    stated = claims(body["access_token"])
    assert system in stated["aud"]
    granted = set(stated.get("scope", "").split()) | set(body.get("scope", "").split())
    assert granted <= {"openid", "offline_access"}
    assert not stated.get("permissions")


@pytest.mark.parametrize("parameter", ["audience", "resource"])
def test_T032_the_other_name_of_the_parameter_makes_no_difference(people, system, parameter):
    asked = {"audience": None, "scope": WANTED} | {parameter: system}
    stated = claims(people.redeem(people.code(**asked)).json()["access_token"])
    assert set(stated["scope"].split()) <= {"openid", "offline_access"}


def test_T032_the_same_application_gets_them_for_itself_by_its_grant(people, system):
    body = people.token(grant_type="client_credentials", audience=system).json()
    assert set(body["scope"].split()) == {"read:clients", "create:clients"}


def test_T032_another_tenants_management_api_is_unknown(people, strangers, system):
    foreign = f"{strangers.world.issuer}api/v2/"
    assert (
        people.token(grant_type="password", username=people.user.email, password=PASSWORD, audience=foreign).json()["error"]
        == "access_denied"
    )
    refused = people.authorize(people.browser(), audience=foreign)
    assert answer(refused)["error"] == "access_denied"
