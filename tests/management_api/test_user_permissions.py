"""/api/v2/users/{id}/permissions: what somebody holds, and by what."""

import pytest

from apis.models import API, DirectPermission
from apis.services import apis, roles
from tests import factories
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost

NO_USER = (404, "inexistent_user", "The user does not exist.")
DIRECT = {"source_id": "", "source_name": "", "source_type": "DIRECT"}


def permission(world, value="read:orders"):
    return {"permission_name": value, "resource_server_identifier": world.api.identifier}


def at(people):
    return f"users/{people.user.user_id}/permissions"


def give_role(world, name, user, *values):
    role = roles.create_role(world.tenant, name, by=BY)
    roles.set_role_permissions(role, world.api.permissions.filter(value__in=values), by=BY)
    roles.add_role_users(role, [user], by=BY)
    return role


def by(role):
    return {"source_id": role.id, "source_name": role.name, "source_type": "ROLE"}


def test_permissions_are_granted_and_revoked(api2, acme, people):
    for _ in range(2):
        granted = api2.post(at(people), {"permissions": [permission(acme), permission(acme, "create:orders")]})
        assert (granted.status_code, granted.json()) == (201, {})
    assert [row["permission_name"] for row in api2.get(at(people)).json()] == ["read:orders", "create:orders"]
    for _ in range(2):
        revoked = api2.delete(at(people), {"permissions": [permission(acme)]})
        assert (revoked.status_code, revoked.content) == (204, b"")
    assert [row["permission_name"] for row in api2.get(at(people)).json()] == ["create:orders"]
    assert acme.events("sapi")[0].description == "Revoke permissions of a user"


def test_each_permission_stands_once_with_everything_that_gives_it(api2, acme, people):
    clerk = give_role(acme, "Clerk", people.user, "read:orders")
    buyer = give_role(acme, "Buyer", people.user, "read:orders", "create:orders")
    # A role of nobody, and one of somebody else with the same permission.
    roles.set_role_permissions(roles.create_role(acme.tenant, "Nobody", by=BY), acme.api.permissions.all(), by=BY)
    api2.post(at(people), {"permissions": [permission(acme)]})
    assert api2.get(at(people), include_totals="true").json() == {
        "start": 0,
        "limit": 50,
        "total": 2,
        "permissions": [
            {
                "permission_name": "read:orders",
                "description": "May read:orders",
                "resource_server_identifier": acme.api.identifier,
                "sources": [DIRECT, by(buyer), by(clerk)],
            },
            {
                "permission_name": "create:orders",
                "description": "May create:orders",
                "resource_server_identifier": acme.api.identifier,
                "sources": [by(buyer)],
            },
        ],
    }


def test_revoking_takes_nothing_that_a_role_gives(api2, acme, people):
    clerk = give_role(acme, "Clerk", people.user, "read:orders")
    api2.post(at(people), {"permissions": [permission(acme)]})
    api2.delete(at(people), {"permissions": [permission(acme)]})
    assert [row["sources"] for row in api2.get(at(people)).json()] == [[by(clerk)]]


def test_what_is_granted_is_in_the_persons_next_token_and_what_is_revoked_is_not(api2, acme, people):
    apis.update_api(acme.api, by=BY, enforce_policies=True)
    assert "read:orders" not in people.tokens()["scope"].split()
    api2.post(at(people), {"permissions": [permission(acme)]})
    assert "read:orders" in people.tokens()["scope"].split()
    api2.delete(at(people), {"permissions": [permission(acme)]})
    assert "read:orders" not in people.tokens()["scope"].split()


def test_T139_nothing_of_another_tenant_is_granted_shown_or_revoked(api2, other2, people, strangers):
    acme, globex = people.world, strangers.world
    theirs = factories.make_api(globex.tenant, "urn:theirs", permissions=[apis.Scope("read:theirs")])
    foreign = {"permission_name": "read:theirs", "resource_server_identifier": theirs.identifier}
    assert other2.post(at(strangers), {"permissions": [foreign, permission(globex)]}).status_code == 201
    assert error(api2.post(at(people), {"permissions": [permission(acme), foreign]}))[0] == 404
    assert error(api2.delete(at(people), {"permissions": [foreign]}))[0] == 404
    body = {"permissions": [permission(acme)]}
    refused = [api2.get(at(strangers)), api2.post(at(strangers), body), api2.delete(at(strangers), body)]
    assert [error(response) for response in refused] == [NO_USER] * 3
    assert api2.get(at(people)).json() == []
    assert DirectPermission.objects.count() == len(other2.get(at(strangers)).json()) == 2


def test_nobody_holds_nothing(api2, people):
    assert api2.get(at(people)).json() == []
    assert api2.get(at(people), include_totals="true", page=3).json() == {
        "start": 150,
        "limit": 50,
        "total": 0,
        "permissions": [],
    }
    assert error(api2.get("users/auth0%7Cnobody/permissions")) == NO_USER
    for nul in ("a%00b", "a%2500b"):
        assert error(api2.get(f"users/{nul}/permissions"))[0] == 404


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_operation_needs_its_scope(acme, people, method):
    scope = "read:users" if method == "get" else "update:users"
    body = None if method == "get" else {"permissions": [permission(acme)]}
    poor = Caller(acme, ("read:roles", "update:roles", "update:users" if method == "get" else "read:users"))
    assert error(poor.call(method, at(people), body)) == (
        403,
        "insufficient_scope",
        f"Insufficient scope, expected any of: {scope}",
    )
    assert Caller(acme, (scope,)).call(method, at(people), body).status_code in (200, 201, 204)


def test_a_list_costs_the_same_few_statements_for_any_size(monkeypatch, api2, acme, people):
    system = API.objects.of(acme.tenant).get(is_system=True).permissions.all()
    for number in range(5):
        roles.set_role_permissions(give_role(acme, f"R{number}", people.user), system, by=BY)
    roles.grant_permissions(people.user, system[:30], by=BY)
    page = api2.get(at(people), include_totals="true", per_page=50).json()
    assert page["total"] == len(system)
    assert [len(row["sources"]) for row in page["permissions"]] == [6] * 30 + [5] * 20
    # Token, rows, totals, and where all of them come from.
    assert cost(monkeypatch, api2, at(people), include_totals="true", per_page=2) == 4
    assert cost(monkeypatch, api2, at(people), include_totals="true", per_page=50) == 4
    # Or whether there is such a user.
    assert cost(monkeypatch, api2, at(people), include_totals="true", page=900) == 4
