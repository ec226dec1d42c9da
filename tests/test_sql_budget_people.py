"""What tokens of people cost in SQL, BEGIN and COMMIT included: at most eight statements while the configuration is warm."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.services import apis, applications, roles
from tenants import config_cache
from tenants.services import update_tenant
from tests.factories import BY
from tests.people import PASSWORD
from tests.standing import introspect, revoke, userinfo

BUDGET = 8


@pytest.fixture(params=["rbac", "plain"])
def warm(request, people, monkeypatch):
    """People whose process knows all of its configuration, once with RBAC, which costs one statement more."""
    # However slow this machine is: no second passes in which the version would be looked at.
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    if request.param == "rbac":
        apis.update_api(people.world.api, enforce_policies=True, by=BY)
        roles.grant_permissions(people.user, list(people.world.api.permissions.all()), by=BY)
    update_tenant(people.world.tenant, default_directory=people.connection.name, by=BY)
    applications.update_application(people.web, refresh_token_leeway=60, refresh_token_rotation="rotating", by=BY)
    tokens = people.tokens()
    people.refresh(tokens["refresh_token"])
    userinfo(people.world, tokens["access_token"])
    return people


def cost(call):
    """How many statements `call` runs. It must succeed."""
    with CaptureQueriesContext(connection) as queries:
        response = call()
    assert response.status_code == 200, response.content
    # The test looks the tenant's host up before each request; the product remembers it.
    return len([query for query in queries.captured_queries if "tenants_domain" not in query["sql"]])


def test_a_code_exchange_stays_within_its_budget(warm):
    code = warm.code()
    assert 4 <= cost(lambda: warm.redeem(code)) <= BUDGET


def test_a_code_exchange_for_an_opaque_token_stays_within_its_budget(warm):
    code = warm.code(audience=None)
    assert 4 <= cost(lambda: warm.redeem(code)) <= BUDGET


def test_a_refresh_stays_within_its_budget_rotating_repeated_or_neither(warm):
    token = warm.tokens()["refresh_token"]
    assert 4 <= cost(lambda: warm.refresh(token)) <= BUDGET
    assert cost(lambda: warm.refresh(token)) <= BUDGET, "again, in the leeway"
    applications.update_application(warm.web, refresh_token_rotation="non-rotating", by=BY)
    token = warm.tokens()["refresh_token"]
    warm.refresh(token)
    assert cost(lambda: warm.refresh(token)) <= BUDGET


def test_what_is_asked_about_a_token_costs_one_statement_or_two(warm):
    tokens = warm.tokens()
    assert cost(lambda: userinfo(warm.world, tokens["access_token"])) == 1
    assert cost(lambda: introspect(warm, tokens["access_token"])) <= 2
    assert cost(lambda: introspect(warm, tokens["refresh_token"])) == 1
    assert cost(lambda: revoke(warm, tokens["refresh_token"])) <= 3, (
        "read it, end its family, a batch of events now and then"
    )


def test_a_password_costs_its_throttle_and_little_more(warm):
    asked = {"grant_type": "password", "username": warm.user.email, "password": PASSWORD, "scope": "openid"}
    warm.token(**asked, audience=warm.world.api.identifier)
    assert cost(lambda: warm.token(**asked, audience=warm.world.api.identifier)) <= 20


def test_a_warm_machine_still_runs_no_sql(warm):
    warm.world.ask()
    assert cost(warm.world.ask) == 0
