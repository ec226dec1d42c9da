"""Evaluate for a user: what an application would get on a person's behalf, and why not more. Issues nothing."""

import json
import re

import pytest

from apis.models import API
from apis.services import apis, applications, connections, roles
from authserver.models import AccessToken, TokenFamily
from tenants import audit
from tenants.models import LogEvent
from tenants.services import create_connection, create_user, update_user
from tests import factories
from tests.console.asking import TOKEN, evaluate, tab, text
from tests.console.conftest import address
from tests.factories import BY
from tests.verification import verified


@pytest.fixture
def rbac(people):
    """`people`, where Ada holds one of the two permissions and the API asks for them."""
    api = people.world.api
    apis.update_api(api, enforce_policies=True, token_dialect="access_token_authz", by=BY)
    roles.grant_permissions(people.user, api.permissions.filter(value="read:orders"), by=BY)
    return people


def test_it_shows_the_scopes_and_the_reason_for_each_that_is_left_out(rbac, ada):
    page = evaluate(ada, rbac.world.api, rbac.web, "ada@example.com")
    found = page.context["evaluation"]
    assert found.scopes == ("openid", "profile", "email", "offline_access", "read:orders")
    assert list(found.not_granted) == ["create:orders"]
    assert "The user holds no role or permission with it" in text(page)
    assert f'href="{address(rbac.user, "change", rbac.user.pk)}"' in page.content.decode()


def test_the_claims_are_those_that_the_person_s_token_really_has(rbac, ada):
    page = evaluate(ada, rbac.world.api, rbac.web, "ada@example.com")
    shown = {claim.name: json.loads(claim.value) for claim in page.context["evaluation"].claims}
    asked = "openid profile email offline_access read:orders create:orders"
    real = verified(rbac.world, rbac.tokens(scope=asked)["access_token"])
    assert set(shown) == set(real)
    moving = {"iat", "exp", "jti"}
    assert {k: v for k, v in shown.items() if k not in moving} == {k: v for k, v in real.items() if k not in moving}
    assert shown["exp"] - shown["iat"] == real["exp"] - real["iat"]


def test_nothing_is_issued_stored_or_logged(rbac, ada, vera):
    audit.flush()
    before = LogEvent.objects.count()
    for console in (ada, vera):
        page = evaluate(console, rbac.world.api, rbac.web, rbac.user.user_id)
        assert page.context["evaluation"].claims
        assert not TOKEN.search(page.content.decode())
    audit.flush()
    assert LogEvent.objects.count() == before
    assert not AccessToken.objects.exists()
    assert not TokenFamily.objects.exists()


@pytest.mark.parametrize("typed", ["ADA@example.com", " ada@example.com "])
def test_a_user_is_found_by_e_mail_however_it_is_typed(people, ada, typed):
    assert evaluate(ada, people.world.api, people.web, typed).context["evaluation"].user == people.user


def test_a_user_of_another_tenant_is_not_found(people, strangers, ada):
    foreign = strangers.user
    update_user(foreign, email="only@globex.example", by=BY)
    for typed in (foreign.user_id, foreign.email, "", "%"):
        page = evaluate(ada, people.world.api, people.web, typed)
        assert "evaluation" not in page.context
        assert "Nobody found" in text(page)


def test_of_several_users_with_an_e_mail_one_is_chosen_by_connection(people, ada):
    staff = create_connection(people.world.tenant, "Staff", by=BY)
    second = create_user(staff, email="ada@example.com", password="a long password", by=BY)
    connections.set_connections(people.web, [people.connection, staff], by=BY)
    page = evaluate(ada, people.world.api, people.web, "ada@example.com")
    assert "Several users have this e-mail" in text(page)
    assert re.search(rf'name="user"\s+value="{re.escape(second.user_id)}"', page.content.decode())
    assert evaluate(ada, people.world.api, people.web, second.user_id).context["evaluation"].user == second


def test_to_a_machine_nobody_signs_in(people, ada):
    page = evaluate(ada, people.world.api, people.world.application, "ada@example.com")
    assert "Nobody signs in to Warehouse" in text(page)
    assert not page.context["evaluation"].scopes


def test_a_blocked_user_gives_nothing(people, ada):
    update_user(people.user, blocked=True, by=BY)
    page = evaluate(ada, people.world.api, people.web, "ada@example.com")
    assert "The user is blocked" in text(page)
    assert page.context["evaluation"].remedy.url == address(people.user, "change", people.user.pk)


def test_a_user_whose_connection_is_switched_off_gives_nothing(people, ada):
    connections.set_connections(people.web, [], by=BY)
    assert "connection is switched off" in text(evaluate(ada, people.world.api, people.web, "ada@example.com"))


def test_an_application_that_is_disabled_gets_nothing(people, ada):
    applications.update_application(people.web, enabled=False, by=BY)
    assert "The application is disabled" in text(evaluate(ada, people.world.api, people.web, "ada@example.com"))


def test_an_api_that_is_closed_to_users_says_so_and_leads_to_the_setting(people, ada):
    apis.update_api(people.world.api, user_policy="deny_all", by=BY)
    page = evaluate(ada, people.world.api, people.web, "ada@example.com")
    assert "is closed to every application" in text(page)
    assert address(API, "change", people.world.api.pk) in page.context["evaluation"].remedy.url


def test_an_application_without_a_grant_for_users_is_led_to_the_switch(people, ada):
    apis.update_api(people.world.api, user_policy="require_client_grant", by=BY)
    page = evaluate(ada, people.world.api, people.web, "ada@example.com")
    assert "asks for a client grant on behalf of users" in text(page)
    assert address(API, "applications", people.world.api.pk) in page.context["evaluation"].remedy.url


def test_more_refused_scopes_than_anybody_reads_are_counted(people, ada):
    many = [apis.Scope(f"do:{number}", "") for number in range(40)]
    api = factories.make_api(people.world.tenant, "urn:many", permissions=many, enforce_policies=True)
    page = evaluate(ada, api, people.web, "ada@example.com")
    assert page.context["evaluation"].unexplained == 41 - 20
    assert "And 21 more." in text(page)


def test_for_the_management_api_nobody_is_evaluated(people, ada):
    system = API.objects.get(tenant=people.world.tenant, is_system=True)
    factories.grant(people.world.application, system, ("read:clients",))
    page = evaluate(ada, system, people.world.application, "ada@example.com")
    assert "evaluation" not in page.context
    assert 'name="_evaluate"' not in ada.get(tab(system)).content.decode()


def test_an_e_mail_with_markup_is_shown_as_typed(people, ada):
    page = evaluate(ada, people.world.api, people.web, "<script>alert(1)</script>")
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()
