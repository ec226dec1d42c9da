"""/api/v2/roles, their permissions and users (`wire.md` §2.5, §2.6), with the statuses that Auth0 was recorded with."""

import pytest

from apis.models import API, Role
from apis.services import apis, roles
from tenants.services import create_user
from tests import factories
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost
from tests.people import PASSWORD

NO_ROLE = (404, "", "The role does not exist")
NO_USER = (404, "inexistent_user", "The user does not exist.")


def make(api2, name="Clerk", **more):
    response = api2.post("roles", {"name": name} | more)
    assert response.status_code == 200, response.content
    return response.json()


def permission(world, value="read:orders"):
    return {"permission_name": value, "resource_server_identifier": world.api.identifier}


@pytest.fixture
def clerk(api2):
    return make(api2, description="Reads orders")


@pytest.fixture
def theirs(other2, globex):
    """A role of the second tenant with a permission."""
    made = make(other2)
    other2.post(f"roles/{made['id']}/permissions", {"permissions": [permission(globex)]})
    return made


def test_a_name_is_enough_and_a_description_is_never_missing(api2):
    made = make(api2)
    assert made["id"].startswith("rol_")
    assert len(made["id"]) == 20
    assert made == {"id": made["id"], "name": "Clerk", "description": ""}
    assert api2.get(f"roles/{made['id']}").json() == made


def test_a_patch_changes_what_it_says_and_null_clears(api2, clerk):
    path = f"roles/{clerk['id']}"
    assert api2.patch(path, {"name": "Seller"}).json() == clerk | {"name": "Seller"}
    assert api2.patch(path, {"description": None}).json() == {"id": clerk["id"], "name": "Seller", "description": ""}


def test_deleting_answers_an_empty_object_twice(api2, clerk):
    for _ in range(2):
        response = api2.delete(f"roles/{clerk['id']}")
        assert (response.status_code, response.json()) == (200, {})
    assert error(api2.get(f"roles/{clerk['id']}")) == NO_ROLE


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Payload validation error: 'This field is required' on property name."),
        ({"name": ""}, "Payload validation error: 'This field may not be blank' on property name."),
        ({"name": 7}, "Payload validation error: 'Expected type string but found type integer' on property name."),
        ({"name": "a", "tenant": 1}, "Payload validation error: 'Additional properties not allowed: tenant'."),
        ({"name": "<b>"}, "name: The name must not contain <, > or control characters."),
    ],
)
def test_a_role_that_is_not_right_is_told_what_is_wrong_with_it(api2, body, message):
    assert error(api2.post("roles", body)) == (400, "invalid_body", message)
    assert not Role.objects.exists()


def test_a_name_is_taken_once_per_tenant(api2, other2, clerk):
    assert error(api2.post("roles", {"name": "Clerk"})) == (409, "", "The role already exists.")
    other = make(api2, "Seller")
    assert error(api2.patch(f"roles/{other['id']}", {"name": "Clerk"})) == (409, "", "The role already exists.")
    make(other2)


def test_T139_a_role_of_another_tenant_does_not_exist(api2, other2, theirs, acme, people):
    path = f"roles/{theirs['id']}"
    asked = {"permissions": [permission(acme)]}
    refused = [
        api2.get(path),
        api2.patch(path, {"name": "Mine"}),
        api2.get(f"{path}/permissions"),
        api2.post(f"{path}/permissions", asked),
        api2.delete(f"{path}/permissions", asked),
        api2.get(f"{path}/users"),
        api2.post(f"{path}/users", {"users": [people.user.user_id]}),
    ]
    assert [error(response) for response in refused] == [NO_ROLE] * len(refused)
    assert api2.delete(path).status_code == 200
    assert other2.get(path).json() == theirs
    assert len(other2.get(f"{path}/permissions").json()) == 1
    assert other2.get(f"{path}/users").json() == []


def test_roles_are_listed_in_pages_and_by_part_of_a_name(api2, theirs):
    every = [make(api2, name) for name in ("Clerk", "Seller", "Head clerk", "a_b")]
    assert api2.get("roles").json() == every
    page = api2.get("roles", page=1, per_page=3, include_totals="true", type="tenant").json()
    assert page == {"start": 3, "limit": 3, "total": 4, "roles": every[3:]}
    assert api2.get("roles", name_filter="CLERK").json() == [every[0], every[2]]
    assert api2.get("roles", name_filter="_").json() == [every[3]]
    assert error(api2.get("roles", type="organization"))[:2] == (400, "invalid_query_string")
    assert error(api2.get("roles", name_filter="a\x00"))[:2] == (400, "invalid_query_string")


def test_permissions_are_put_in_and_taken_out(api2, acme, clerk):
    path = f"roles/{clerk['id']}/permissions"
    both = {"permissions": [permission(acme), permission(acme, "create:orders"), permission(acme)]}
    added = api2.post(path, both)
    assert (added.status_code, added.json()) == (201, {})
    row = {
        "permission_name": "read:orders",
        "description": "May read:orders",
        "resource_server_identifier": acme.api.identifier,
    }
    assert api2.get(path).json()[0] == row
    removed = api2.delete(path, {"permissions": [permission(acme, "create:orders")]})
    assert (removed.status_code, removed.content) == (204, b"")
    assert api2.get(path, include_totals="true").json() == {"start": 0, "limit": 50, "total": 1, "permissions": [row]}


def test_permissions_of_the_management_api_go_by_the_name_it_has_at_this_domain(api2, acme, clerk):
    path = f"roles/{clerk['id']}/permissions"
    named = {"permission_name": "read:users", "resource_server_identifier": f"{acme.issuer}api/v2/"}
    assert api2.post(path, {"permissions": [named]}).status_code == 201
    shown = api2.get(path).json()[0]
    assert shown.items() >= named.items()
    assert shown["resource_server_name"] == "Auth0 Management API"
    bare = named | {"resource_server_identifier": "/api/v2/"}
    assert error(api2.post(path, {"permissions": [bare]}))[0] == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"permission_name": "fly"}, 404),
        ({"resource_server_identifier": "urn:nothing"}, 404),
        ({"permission_name": "read:globex", "resource_server_identifier": "urn:globex"}, 404),
        ({"permission_name": ""}, 400),
        ({"permission_name": None}, 400),
        ({"id": 1}, 400),
    ],
)
def test_T139_a_permission_that_the_tenant_does_not_have_is_not_put_in_nor_is_its_neighbour(
    api2, globex, clerk, changes, status
):
    acme = api2.world
    factories.make_api(globex.tenant, "urn:globex", permissions=[apis.Scope("read:globex")])
    path = f"roles/{clerk['id']}/permissions"
    body = {"permissions": [permission(acme), permission(acme, "create:orders") | changes]}
    assert error(api2.post(path, body))[0] == status
    assert error(api2.delete(path, body))[0] == status
    assert api2.get(path).json() == []


@pytest.mark.parametrize("body", [{}, {"permissions": []}, {"permissions": ["read:orders"]}, {"permissions": {}}, []])
def test_a_body_without_permissions_is_refused(api2, clerk, body):
    assert error(api2.post(f"roles/{clerk['id']}/permissions", body))[:2] == (400, "invalid_body")
    assert error(api2.delete(f"roles/{clerk['id']}/permissions", body))[:2] == (400, "invalid_body")


def test_T142_more_permissions_than_a_role_may_have_are_refused(api2, acme, clerk):
    many = [permission(acme, f"p:{number}") for number in range(1_001)]
    assert error(api2.post(f"roles/{clerk['id']}/permissions", {"permissions": many}))[:2] == (400, "invalid_body")


def test_users_are_given_a_role_and_shown_in_both_kinds_of_pages(api2, acme, people, clerk):
    others = [
        create_user(people.connection, email=f"{name}@example.com", password=PASSWORD, by=BY, picture="https://x.example/p")
        for name in ("bob", "cyd")
    ]
    path = f"roles/{clerk['id']}/users"
    ids = [people.user.user_id, *(user.user_id for user in others)]
    given = api2.post(path, {"users": [*ids, ids[0]]})
    assert (given.status_code, given.json()) == (200, {})
    rows = api2.get(path).json()
    assert rows[0] == {"user_id": ids[0], "email": "ada@example.com", "name": "Ada Lovelace"}
    assert rows[1] == {
        "user_id": ids[1],
        "email": "bob@example.com",
        "name": "bob@example.com",
        "picture": "https://x.example/p",
    }
    totals = api2.get(path, include_totals="true", per_page=2, page=1).json()
    assert totals == {"start": 2, "limit": 2, "total": 3, "users": rows[2:]}
    # Terraform sends both styles at once (`wire.md` §3.5).
    assert api2.get(path, include_totals="true", per_page=50, take=100).json() == {"users": rows}
    first = api2.get(path, take=2).json()
    assert first["users"] == rows[:2]
    assert api2.get(path, **{"take": 2, "from": first["next"]}).json() == {"users": rows[2:]}


def test_T139_a_user_of_another_tenant_gets_no_role_nor_does_their_neighbour(api2, people, strangers, clerk):
    path = f"roles/{clerk['id']}/users"
    for unknown in (strangers.user.user_id, "auth0|nobody", "", "a\x00"):
        refusal = error(api2.post(path, {"users": [people.user.user_id, unknown]}))
        assert refusal == NO_USER or refusal[:2] == (400, "invalid_body")
    assert api2.get(path).json() == []
    assert not strangers.user.roles.exists()


def test_a_fifty_first_role_is_one_too_many(api2, acme, people):
    many = [roles.create_role(acme.tenant, f"R{number}", by=BY) for number in range(51)]
    for role in many[:49]:
        role.users.add(people.user)
    path = f"users/{people.user.user_id}/roles"
    assert error(api2.post(path, {"roles": [many[49].id, many[50].id]}))[:2] == (400, "invalid_body")
    assert people.user.roles.count() == 49
    # One that is held already takes no room.
    assert api2.post(path, {"roles": [many[0].id, many[49].id]}).status_code == 204
    assert error(api2.post(f"roles/{many[50].id}/users", {"users": [people.user.user_id]}))[0] == 400
    assert people.user.roles.count() == 50


def test_roles_are_assigned_to_a_user_and_removed(api2, people, clerk):
    seller = make(api2, "Seller")
    path = f"users/{people.user.user_id}/roles"
    assert api2.get(path).json() == []
    for _ in range(2):
        given = api2.post(path, {"roles": [seller["id"], clerk["id"]]})
        assert (given.status_code, given.content) == (204, b"")
    page = api2.get(path, include_totals="true").json()
    assert page == {"start": 0, "limit": 50, "total": 2, "roles": [clerk, seller]}
    for _ in range(2):
        taken = api2.delete(path, {"roles": [clerk["id"]]})
        assert (taken.status_code, taken.content) == (204, b"")
    assert api2.get(path).json() == [seller]


def test_T139_roles_and_users_of_two_tenants_do_not_meet(api2, people, strangers, clerk, theirs):
    mine, foreign = f"users/{people.user.user_id}/roles", f"users/{strangers.user.user_id}/roles"
    for unknown in (theirs["id"], "rol_0000000000000000"):
        body = {"roles": [clerk["id"], unknown]}
        assert error(api2.post(mine, body)) == error(api2.delete(mine, body)) == NO_ROLE
    body = {"roles": [clerk["id"]]}
    refused = [api2.get(foreign), api2.post(foreign, body), api2.delete(foreign, body)]
    assert [error(response) for response in refused] == [NO_USER] * 3
    assert api2.get(mine).json() == []
    assert error(api2.post(mine, {"roles": []}))[:2] == (400, "invalid_body")


def test_a_change_is_an_event_with_its_author_and_what_was_changed(api2, acme, people, clerk):
    api2.post(f"users/{people.user.user_id}/roles", {"roles": [clerk["id"]]})
    event = acme.events("sapi")[0]
    assert (event.description, event.details["target"]) == ("Assign roles to a user", people.user.user_id)
    assert event.details["changes"] == {"roles": [f"Clerk ({clerk['id']})"]}
    assert event.details["actor"] == {"type": "client", "name": event.client_id}


@pytest.mark.parametrize(
    ("path", "scopes"),
    [
        ("roles/{}/users", ("read:users", "read:roles", "read:role_members")),
        ("users/{user}/roles", ("read:users", "read:roles", "read:role_members")),
        ("roles/{}/permissions", ("read:roles",)),
    ],
)
def test_any_one_of_its_scopes_allows_an_operation_and_no_other_does(people, clerk, path, scopes):
    address = path.format(clerk["id"], user=people.user.user_id)
    for scope in ("read:users", "read:roles", "read:role_members", "update:roles"):
        status = Caller(people.world, (scope,)).get(address).status_code
        assert status == (200 if scope in scopes else 403)


def test_a_list_costs_the_same_few_statements_for_any_size(monkeypatch, api2, acme, people, clerk):
    role = Role.objects.get(pk=clerk["id"])
    for number in range(12):
        user = create_user(people.connection, email=f"u{number}@example.com", password=PASSWORD, by=BY)
        role.users.add(user)
        roles.create_role(acme.tenant, f"R{number}", by=BY).users.add(people.user)
    roles.set_role_permissions(role, API.objects.of(acme.tenant).get(is_system=True).permissions.all()[:12], by=BY)
    # Token, rows, totals, and whose they are.
    lists = {"roles": 3, f"roles/{role.pk}/permissions": 4, f"roles/{role.pk}/users": 4}
    for path, expected in (lists | {f"users/{people.user.user_id}/roles": 4}).items():
        assert cost(monkeypatch, api2, path, include_totals="true", per_page=2) == expected, path
        assert cost(monkeypatch, api2, path, include_totals="true", per_page=10) == expected, path
        assert cost(monkeypatch, api2, path, include_totals="true", per_page=50) == expected - 1, path
    assert cost(monkeypatch, api2, f"roles/{role.pk}/users", take=2) == 3
