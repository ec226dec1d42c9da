"""RBAC in the tokens of people: scopes are narrowed to what is held, and `permissions` shows all of it."""

import pytest

from apis.models import DirectPermission
from apis.services import apis, applications, roles
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.people import PASSWORD, answer
from tests.standing import claims

ASKED = "openid offline_access read:orders create:orders"


@pytest.fixture
def guarded(people):
    """People whose API enforces RBAC and shows permissions in its tokens."""
    apis.update_api(people.world.api, enforce_policies=True, token_dialect="access_token_authz", by=BY)
    return people


def permission(people, value):
    return people.world.api.permissions.get(value=value)


def give(people, *values, name="Clerk"):
    """Ada holds `values` by a role."""
    role = roles.create_role(people.world.tenant, name, by=BY)
    roles.set_role_permissions(role, [permission(people, value) for value in values], by=BY)
    roles.add_role_users(role, [people.user], by=BY)
    return role


def seen(body):
    stated = claims(body["access_token"])
    return stated.get("scope", ""), stated["permissions"]


def test_a_person_who_holds_nothing_gets_no_scope_of_the_api(guarded):
    assert seen(guarded.tokens(scope=ASKED)) == ("openid offline_access", [])


def test_a_role_and_a_permission_of_ones_own_are_worth_the_same(guarded):
    give(guarded, "read:orders")
    assert seen(guarded.tokens(scope=ASKED)) == ("openid offline_access read:orders", ["read:orders"])
    roles.grant_permissions(guarded.user, [permission(guarded, "create:orders")], by=BY)
    scope, permissions = seen(guarded.tokens(scope=ASKED))
    assert scope == "openid offline_access read:orders create:orders"
    assert permissions == ["read:orders", "create:orders"]


def test_permissions_are_all_that_is_held_not_what_was_asked_for(guarded):
    give(guarded, "read:orders", "create:orders")
    assert seen(guarded.tokens(scope="read:orders")) == ("read:orders", ["read:orders", "create:orders"])
    assert seen(guarded.tokens(scope="openid")) == ("openid", ["read:orders", "create:orders"])


def test_a_machines_permissions_are_its_grant(guarded):
    assert seen(guarded.world.ask(scope="read:orders").json()) == ("read:orders", ["read:orders"])
    assert seen(guarded.world.ask().json())[1] == ["read:orders", "create:orders"]


def test_without_rbac_the_person_gets_what_was_asked_for(guarded):
    apis.update_api(guarded.world.api, enforce_policies=False, by=BY)
    assert seen(guarded.tokens(scope=ASKED)) == (ASKED, [])


def test_the_dialect_without_permissions_narrows_all_the_same(guarded):
    apis.update_api(guarded.world.api, token_dialect="access_token", by=BY)
    give(guarded, "read:orders")
    stated = claims(guarded.tokens(scope=ASKED)["access_token"])
    assert "permissions" not in stated
    assert stated["scope"] == "openid offline_access read:orders"


def test_a_role_taken_away_between_code_and_exchange_counts(guarded):
    role = give(guarded, "read:orders")
    code = guarded.code(scope=ASKED)
    roles.remove_role_users(role, [guarded.user], by=BY)
    assert seen(guarded.redeem(code).json()) == ("openid offline_access", [])


def test_a_refresh_shows_what_is_held_by_then(guarded):
    role = give(guarded, "read:orders", "create:orders")
    tokens = guarded.tokens(scope=ASKED)
    assert tokens["scope"] == ASKED
    roles.set_role_permissions(role, [permission(guarded, "create:orders")], by=BY)
    assert seen(guarded.refresh(tokens["refresh_token"]).json()) == (
        "openid offline_access create:orders",
        ["create:orders"],
    )
    roles.delete_role(role, by=BY)
    assert seen(guarded.refresh(tokens["refresh_token"]).json()) == ("openid offline_access", [])


def test_a_permission_that_came_after_consent_is_not_added_by_a_refresh(guarded):
    give(guarded, "read:orders")
    tokens = guarded.tokens(scope=ASKED)
    give(guarded, "create:orders", name="Manager")
    scope, permissions = seen(guarded.refresh(tokens["refresh_token"]).json())
    assert scope == "openid offline_access read:orders"
    assert permissions == ["read:orders", "create:orders"]


def test_the_implicit_and_the_password_grant_narrow_too(guarded):
    give(guarded, "read:orders")
    sent = answer(guarded.through(guarded.browser(), response_type="token", scope=ASKED))
    assert seen(sent) == ("openid read:orders", ["read:orders"])
    update_tenant(guarded.world.tenant, default_directory=guarded.connection.name, by=BY)
    asked = {"grant_type": "password", "username": guarded.user.email, "password": PASSWORD}
    assert seen(guarded.token(**asked, audience=guarded.world.api.identifier).json()) == ("read:orders", ["read:orders"])


def test_T032_the_same_scope_of_another_api_is_worth_nothing_here(guarded):
    twin = factories.make_api(guarded.world.tenant, "urn:acme:twin", enforce_policies=True)
    roles.grant_permissions(guarded.user, list(twin.permissions.all()), by=BY)
    assert seen(guarded.tokens(scope=ASKED)) == ("openid offline_access", [])


def test_T032_a_permission_of_another_tenant_is_worth_nothing_here(guarded, strangers):
    """Not even when a row says so, which the services refuse to write."""
    foreign = strangers.world.api.permissions.get(value="read:orders")
    DirectPermission.objects.create(tenant=guarded.world.tenant, user=guarded.user, permission=foreign)
    assert seen(guarded.tokens(scope=ASKED)) == ("openid offline_access", [])


RBAC = "The user holds no role or permission with it (the API enforces RBAC)."
UNKNOWN = "The API has no such permission."


def not_granted(people, event_type):
    """What the newest event of this type says was not granted, and why."""
    return people.world.events(event_type)[0].details.get("not_granted")


def test_the_event_of_a_login_says_why_a_scope_was_not_granted(guarded):
    give(guarded, "read:orders")
    browser = guarded.browser()
    location = guarded.through(browser, scope=f"{ASKED} delete:all").headers["Location"]
    assert not_granted(guarded, "s") == {"create:orders": RBAC, "delete:all": UNKNOWN}
    assert "not_granted" not in location
    guarded.authorize(browser, scope=ASKED, prompt="none")
    assert not_granted(guarded, "ssa") == {"create:orders": RBAC}
    guarded.authorize(browser, scope="openid read:orders", prompt="none")
    assert not_granted(guarded, "ssa") is None, "all was granted"


def test_the_event_of_an_exchange_says_what_was_lost_since_the_login(guarded):
    role = give(guarded, "read:orders", "create:orders")
    code = guarded.code(scope=ASKED)
    roles.set_role_permissions(role, [permission(guarded, "read:orders")], by=BY)
    answered = guarded.redeem(code)
    assert not_granted(guarded, "seacft") == {"create:orders": RBAC}
    assert "not_granted" not in answered.json()
    assert guarded.tokens(scope=ASKED)["scope"] == "openid offline_access read:orders"
    assert not_granted(guarded, "seacft") is None, "nothing since the login, which said it"


def test_the_event_of_a_refresh_says_what_was_lost_since_the_login(guarded):
    role = give(guarded, "read:orders", "create:orders")
    tokens = guarded.tokens(scope=ASKED)
    assert guarded.refresh(tokens["refresh_token"]).status_code == 200
    assert not_granted(guarded, "sertft") is None
    roles.remove_role_users(role, [guarded.user], by=BY)
    narrowed = guarded.refresh(tokens["refresh_token"]).json()
    assert not_granted(guarded, "sertft") == {"read:orders": RBAC, "create:orders": RBAC}
    assert (narrowed["scope"], "not_granted" in narrowed) == ("openid offline_access", False)


def test_the_event_of_a_password_grant_says_why_a_scope_was_not_granted(guarded):
    update_tenant(guarded.world.tenant, default_directory="Users", by=BY)
    asked = {"grant_type": "password", "username": guarded.user.email, "password": PASSWORD}
    audience = guarded.world.api.identifier
    assert guarded.token(**asked, audience=audience, scope="openid read:orders").status_code == 200
    assert not_granted(guarded, "sepft") == {"read:orders": RBAC}
    give(guarded, "read:orders")
    assert guarded.token(**asked, audience=audience, scope="openid read:orders").status_code == 200
    assert not_granted(guarded, "sepft") is None


def test_the_event_says_what_keeps_offline_access_back(people):
    people.tokens(scope="openid offline_access")
    assert not_granted(people, "s") is None
    people.through(people.browser(), scope="openid offline_access", response_type="id_token")
    assert not_granted(people, "s") == {
        "offline_access": "Only a code leads to a refresh token, and the request asks for none."
    }
    apis.update_api(people.world.api, allow_offline_access=False, by=BY)
    people.tokens(scope="openid offline_access")
    assert not_granted(people, "s") == {"offline_access": "The API does not allow offline access."}
    apis.update_api(people.world.api, allow_offline_access=True, by=BY)
    applications.update_application(people.web, grant_types=["authorization_code"], by=BY)
    people.tokens(scope="openid offline_access")
    assert not_granted(people, "s") == {"offline_access": "The application may not use refresh tokens."}


def test_without_an_api_and_at_the_management_api_the_event_says_so(people):
    people.tokens(scope="openid read:orders", audience=None)
    assert not_granted(people, "s") == {
        "read:orders": "The request means no API: it needs an audience, or the tenant a default audience."
    }
    people.tokens(scope="openid read:users", audience=f"{people.world.issuer}api/v2/")
    assert not_granted(people, "s") == {"read:users": "Nobody gets at the Management API by logging in to an application."}


def test_T142_a_flood_of_scopes_fills_no_event(people):
    people.tokens(scope="openid " + " ".join(f"scope{number}:{'x' * 60}" for number in range(60)))
    assert len(not_granted(people, "s")) == 20
    people.tokens(scope="openid " + "y" * 3_000)
    assert not_granted(people, "s") == {"y" * 100: UNKNOWN}
