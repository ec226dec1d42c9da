"""Roles and permissions of users: who holds what, within one tenant, and how many."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.held_permissions import held_permissions
from apis.models import DirectPermission, Permission, Role
from apis.services import apis, roles
from tenants.models import User
from tenants.services import create_connection, create_user, delete_user
from tests import factories

BY = factories.BY


def person(world, email="eve@example.com"):
    people = world.tenant.connections.first() or create_connection(world.tenant, "people", by=BY)
    return create_user(people, email=email, password="a long password", by=BY)


def make_role(world, name="Clerk", *values):
    role = roles.create_role(world.tenant, name, by=BY)
    roles.set_role_permissions(role, world.api.permissions.filter(value__in=values), by=BY)
    return role


@pytest.fixture
def eve(acme):
    return person(acme)


@pytest.fixture
def clerk(acme):
    return make_role(acme, "Clerk", "read:orders")


def held(world, user):
    return held_permissions(user.pk, world.api.pk)


def test_a_user_holds_what_roles_and_direct_grants_say_and_nobody_else_does(acme, eve, clerk):
    bob = person(acme, "bob@example.com")
    assert held(acme, eve) == frozenset()
    roles.add_role_users(clerk, [eve], by=BY)
    assert held(acme, eve) == {"read:orders"}
    roles.grant_permissions(eve, acme.api.permissions.filter(value="create:orders"), by=BY)
    assert held(acme, eve) == {"read:orders", "create:orders"}
    assert held(acme, bob) == frozenset()
    assert held_permissions(eve.pk, factories.make_api(acme.tenant, "urn:other").pk) == frozenset()


def test_what_is_taken_back_is_held_no_more_unless_it_is_held_twice(acme, eve, clerk):
    read = acme.api.permissions.filter(value="read:orders")
    roles.add_role_users(clerk, [eve], by=BY)
    roles.grant_permissions(eve, read, by=BY)
    roles.revoke_permissions(eve, read, by=BY)
    assert held(acme, eve) == {"read:orders"}
    roles.remove_role_users(clerk, [eve], by=BY)
    assert held(acme, eve) == frozenset()


def test_permissions_that_leave_the_role_or_the_api_are_held_no_more(acme, eve):
    role = make_role(acme, "Clerk", *factories.SCOPES)
    roles.add_role_users(role, [eve], by=BY)
    roles.remove_role_permissions(role, acme.api.permissions.filter(value="read:orders"), by=BY)
    assert held(acme, eve) == {"create:orders"}
    roles.add_role_permissions(role, acme.api.permissions.filter(value="read:orders"), by=BY)
    assert held(acme, eve) == set(factories.SCOPES)
    apis.set_permissions(acme.api, [apis.Scope("read:orders")], by=BY)
    assert held(acme, eve) == {"read:orders"}
    roles.delete_role(role, by=BY)
    assert held(acme, eve) == frozenset()


def test_what_a_user_holds_is_read_in_one_statement_however_much_it_is(acme, eve):
    scopes = [apis.Scope(f"read:{number}") for number in range(40)]
    apis.set_permissions(acme.api, scopes, by=BY)
    everything = list(acme.api.permissions.all())
    others = [person(acme, f"{number}@example.com") for number in range(10)]
    for number in range(20):
        role = roles.create_role(acme.tenant, f"Role {number}", by=BY)
        roles.set_role_permissions(role, everything[number : number + 20], by=BY)
        roles.add_role_users(role, [eve, *others], by=BY)
    roles.grant_permissions(eve, everything[30:], by=BY)
    with CaptureQueriesContext(connection) as queries:
        assert held(acme, eve) == {scope.value for scope in scopes}
    assert len(queries) == 1


def test_T139_nothing_of_another_tenant_can_be_put_into_a_role_or_given(acme, globex, eve, clerk):
    stranger, theirs = person(globex), globex.api.permissions.all()
    attempts = [
        lambda: roles.add_role_users(clerk, [eve, stranger], by=BY),
        lambda: roles.remove_role_users(clerk, [stranger], by=BY),
        lambda: roles.set_role_permissions(clerk, theirs, by=BY),
        lambda: roles.add_role_permissions(clerk, theirs, by=BY),
        lambda: roles.grant_permissions(eve, theirs, by=BY),
        lambda: roles.revoke_permissions(eve, theirs, by=BY),
        lambda: roles.update_role(clerk, by=BY, tenant=globex.tenant),
    ]
    before = len(acme.events("sapi"))
    for attempt in attempts:
        with pytest.raises(ValidationError):
            attempt()
    assert list(clerk.permissions.values_list("value", flat=True)) == ["read:orders"]
    assert not clerk.users.exists()
    assert not DirectPermission.objects.exists()
    assert held_permissions(eve.pk, globex.api.pk) == held_permissions(stranger.pk, acme.api.pk) == frozenset()
    assert len(acme.events("sapi")) == before


def test_a_name_is_given_once_in_a_tenant_and_again_in_the_next(acme, globex, clerk):
    with pytest.raises(ValidationError, match="already exists"):
        roles.create_role(acme.tenant, "Clerk", by=BY)
    assert roles.create_role(globex.tenant, "Clerk", by=BY).pk != clerk.pk


@pytest.mark.parametrize("name", ["", "<b>", "a\nb", "x" * 201])
def test_a_role_has_a_plain_name(acme, clerk, name):
    with pytest.raises(ValidationError):
        roles.create_role(acme.tenant, name, by=BY)
    with pytest.raises(ValidationError):
        roles.update_role(clerk, by=BY, name=name)
    assert [role.name for role in Role.objects.all()] == ["Clerk"]


def test_a_role_is_renamed_and_nothing_but_name_and_description_can_be_set(acme, clerk):
    roles.update_role(clerk, by=BY, name="Seller", description="Sells")
    clerk.refresh_from_db()
    assert (clerk.name, clerk.description) == ("Seller", "Sells")
    with pytest.raises(ValidationError, match="cannot be set"):
        roles.update_role(clerk, by=BY, id="rol_mine")


def test_a_role_has_a_thousand_permissions_of_several_apis_and_not_one_more(acme, clerk, django_assert_max_num_queries):
    apis.set_permissions(acme.api, [apis.Scope(f"read:{number}") for number in range(roles.MAX_PERMISSIONS)], by=BY)
    other = factories.make_api(acme.tenant, "urn:other", permissions=[apis.Scope("one:more")])
    with django_assert_max_num_queries(20):
        roles.set_role_permissions(clerk, acme.api.permissions.all(), by=BY)
    with pytest.raises(ValidationError, match="at most 1000"):
        roles.add_role_permissions(clerk, other.permissions.all(), by=BY)
    roles.remove_role_permissions(clerk, acme.api.permissions.filter(value="read:0"), by=BY)
    roles.add_role_permissions(clerk, other.permissions.all(), by=BY)
    assert clerk.permissions.count() == roles.MAX_PERMISSIONS


def test_a_user_holds_a_thousand_permissions_without_a_role_and_not_one_more(acme, eve):
    apis.set_permissions(acme.api, [apis.Scope(f"read:{number}") for number in range(roles.MAX_PERMISSIONS)], by=BY)
    other = factories.make_api(acme.tenant, "urn:other", permissions=[apis.Scope("one:more")])
    roles.grant_permissions(eve, acme.api.permissions.all(), by=BY)
    roles.grant_permissions(eve, acme.api.permissions.all(), by=BY)
    with pytest.raises(ValidationError, match="at most 1000"):
        roles.grant_permissions(eve, other.permissions.all(), by=BY)
    assert eve.direct_permissions.count() == roles.MAX_PERMISSIONS


def test_a_user_has_fifty_roles_and_not_one_more(acme, eve):
    bob = person(acme, "bob@example.com")
    made = [roles.create_role(acme.tenant, f"Role {number}", by=BY) for number in range(roles.MAX_ROLES + 1)]
    for role in made[:-1]:
        roles.add_role_users(role, [eve], by=BY)
    roles.add_role_users(made[0], [eve, bob], by=BY)
    with pytest.raises(ValidationError, match=r"at most 50 roles: eve@example\.com"):
        roles.add_role_users(made[-1], [eve, bob], by=BY)
    assert eve.roles.count() == roles.MAX_ROLES
    assert list(bob.roles.all()) == [made[0]]


def test_every_change_is_told_with_who_made_it_and_what_it_named(acme, eve, clerk):
    read = acme.api.permissions.filter(value="read:orders")
    roles.add_role_users(clerk, [eve], by=BY)
    roles.remove_role_users(clerk, [eve], by=BY)
    roles.grant_permissions(eve, read, by=BY)
    roles.revoke_permissions(eve, read, by=BY)
    roles.delete_role(clerk, by=BY)
    told = acme.events("sapi")[:5]
    assert [event.description for event in told] == [
        "Delete a role",
        "Revoke permissions of a user",
        "Grant permissions to a user",
        "Remove users from a role",
        "Add users to a role",
    ]
    assert {event.user_name for event in told} == {"a test"}
    assert told[2].details["changes"] == {"permissions": ["read:orders (https://orders.example.com)"]}
    assert told[4].details["changes"] == {"name": "Clerk", "users": [eve.user_id]}


def test_every_change_is_seen_by_every_process(acme, eve, clerk):
    for change in (
        lambda: roles.add_role_users(clerk, [eve], by=BY),
        lambda: roles.grant_permissions(eve, acme.api.permissions.all(), by=BY),
        lambda: roles.set_role_permissions(clerk, [], by=BY),
    ):
        acme.tenant.refresh_from_db()
        version = acme.tenant.config_version
        change()
        acme.tenant.refresh_from_db()
        assert acme.tenant.config_version > version


def test_a_user_who_goes_leaves_roles_and_permissions_behind(acme, eve, clerk):
    roles.add_role_users(clerk, [eve], by=BY)
    roles.grant_permissions(eve, acme.api.permissions.all(), by=BY)
    delete_user(eve, by=BY)
    assert not User.objects.exists()
    assert Role.objects.get() == clerk
    assert not DirectPermission.objects.exists()
    assert Permission.objects.filter(api=acme.api).count() == 2
