"""Permissions of an API: which values are scopes, how many, and that one which goes is in no grant and no token."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import ClientGrant, Permission
from apis.services.apis import Scope, create_api, set_permissions
from tests import factories

BY = factories.BY


def scope_of(world):
    return world.ask().json().get("scope", "")


@pytest.mark.parametrize("value", ["read:orders", "orders.read", "https://example.com/read", "a", "!", "~", "x" * 280])
def test_a_scope_of_visible_ascii_is_granted_and_issued(acme, value):
    set_permissions(acme.api, [Scope(value)], by=BY)
    ClientGrant.objects.get(api=acme.api).permissions.set(acme.api.permissions.all())
    assert scope_of(acme) == value
    assert acme.ask(scope=value).status_code == 200


@pytest.mark.parametrize(
    "value",
    ["", " ", "read orders", "read:orders\n", "read\torders", 'read:"orders"', "read\\orders", "lésen", "x\x00", "x" * 281],
)
def test_a_scope_that_rfc_6749_does_not_allow_is_refused(acme, value):
    with pytest.raises(ValidationError):
        set_permissions(acme.api, [Scope("read:orders"), Scope(value)], by=BY)
    with pytest.raises(ValidationError):
        create_api(acme.tenant, "urn:example:new", by=BY, permissions=[Scope(value)])
    assert [permission.value for permission in acme.api.permissions.all()] == list(factories.SCOPES)


def test_a_description_has_500_characters_at_most(acme):
    set_permissions(acme.api, [Scope("read:orders", "x" * 500)], by=BY)
    with pytest.raises(ValidationError):
        set_permissions(acme.api, [Scope("read:orders", "x" * 501)], by=BY)


def test_a_thousand_permissions_are_written_in_a_few_statements(acme, django_assert_max_num_queries):
    scopes = [Scope(f"read:{number}", f"Read {number}") for number in range(1_000)]
    with django_assert_max_num_queries(17):
        set_permissions(acme.api, scopes, by=BY)
    with django_assert_max_num_queries(17):
        set_permissions(acme.api, [Scope(scope.value, "Changed") for scope in scopes], by=BY)
    assert acme.api.permissions.filter(description="Changed").count() == 1_000


def test_a_thousand_and_one_permissions_are_refused(acme):
    with pytest.raises(ValidationError, match="at most 1000"):
        set_permissions(acme.api, [Scope(f"read:{number}") for number in range(1_001)], by=BY)
    assert acme.api.permissions.count() == 2


def test_a_permission_that_goes_leaves_the_next_token_and_every_grant(acme, globex):
    assert scope_of(acme) == "read:orders create:orders"
    set_permissions(acme.api, [Scope("read:orders")], by=BY)
    assert scope_of(acme) == "read:orders"
    assert acme.ask(scope="create:orders").status_code == 403
    grant = ClientGrant.objects.get(api=acme.api)
    assert [permission.value for permission in grant.permissions.all()] == ["read:orders"]
    assert scope_of(globex) == "read:orders create:orders"


def test_a_permission_that_comes_back_is_granted_anew_not_by_itself(acme):
    set_permissions(acme.api, [Scope("read:orders")], by=BY)
    set_permissions(acme.api, [Scope("read:orders"), Scope("create:orders")], by=BY)
    assert scope_of(acme) == "read:orders"


def test_a_grant_without_scopes_still_opens_the_api(acme):
    set_permissions(acme.api, [], by=BY)
    answer = acme.ask()
    assert answer.status_code == 200
    assert "scope" not in answer.json()


def test_a_new_description_leaves_the_permission_granted(acme):
    kept = acme.api.permissions.get(value="read:orders")
    set_permissions(acme.api, [Scope("read:orders", "See orders"), Scope("create:orders")], by=BY)
    assert Permission.objects.get(pk=kept.pk).description == "See orders"
    assert scope_of(acme) == "read:orders create:orders"


def test_a_scope_named_twice_is_one_permission(acme):
    set_permissions(acme.api, [Scope("read:orders", "first"), Scope("read:orders", "second")], by=BY)
    assert [permission.description for permission in acme.api.permissions.all()] == ["second"]


def test_permissions_may_come_from_a_generator_and_are_told_in_the_event(acme):
    api = create_api(acme.tenant, "urn:example:new", by=BY, permissions=(Scope(value) for value in ("b", "a")))
    assert [permission.value for permission in api.permissions.all()] == ["b", "a"]
    assert acme.events("sapi")[0].details["changes"]["scopes"] == ["b", "a"]
