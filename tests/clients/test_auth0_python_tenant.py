"""auth0-python's management client, unmodified: settings, log and statistics; and tokens that lack the scope."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from auth0.management import ManagementClient
from auth0.management.errors import BadRequestError, ForbiddenError, NotFoundError

from tenants.management_api.logs import SETTLED
from tests.clients.management_python import client, plain, refused, turned
from tests.clients.server import RealServer

# What a script with a token for something else asks first, resource by resource.
FIRST_CALLS: dict[str, Callable[[ManagementClient], Callable[..., Any]]] = {
    "read:resource_servers": lambda auth0: auth0.resource_servers.list,
    "read:clients": lambda auth0: auth0.clients.list,
    "read:client_grants": lambda auth0: auth0.client_grants.list,
    "read:grants": lambda auth0: auth0.user_grants.list,
    "read:tenant_settings": lambda auth0: auth0.tenants.settings.get,
    "read:users": lambda auth0: auth0.users.list,
    "read:roles": lambda auth0: auth0.roles.list,
    "read:connections": lambda auth0: auth0.connections.list,
    "read:device_credentials": lambda auth0: auth0.device_credentials.list,
    "read:refresh_tokens": lambda auth0: partial(auth0.refresh_tokens.list, user_id="auth0|anybody"),
    "read:sessions": lambda auth0: partial(auth0.sessions.get, "any"),
    "read:signing_keys": lambda auth0: auth0.keys.signing.list,
    "read:logs": lambda auth0: auth0.logs.list,
    "read:stats": lambda auth0: auth0.stats.get_daily,
}


@pytest.fixture(scope="module")
def stranger(auth0: ManagementClient, tenant: RealServer) -> Iterator[ManagementClient]:
    """A script that may use the Management API for hardly anything."""
    made = auth0.clients.create(name="Stranger", app_type="non_interactive")
    audience = tenant.management["audience"]
    auth0.client_grants.create(client_id=made.client_id, audience=audience, scope=["read:custom_domains"])
    with client(tenant, made.model_dump()) as limited:
        yield limited
    auth0.clients.delete(made.client_id)


@pytest.fixture
def http(tenant: RealServer) -> Iterator[httpx.Client]:
    """For what the SDK has no method for."""
    with plain(tenant) as opened:
        yield opened


def test_tenant_settings(auth0: ManagementClient) -> None:
    before = auth0.tenants.settings.get()
    assert (before.session_lifetime, before.idle_session_lifetime, before.default_audience) == (168, 72, "")
    changed = auth0.tenants.settings.update(friendly_name="Pythons", session_lifetime=24, idle_session_lifetime=12)
    assert (changed.friendly_name, changed.session_lifetime, changed.idle_session_lifetime) == ("Pythons", 24, 12)
    assert auth0.tenants.settings.get(fields="friendly_name").model_dump(exclude_unset=True) == {"friendly_name": "Pythons"}
    refusal = refused(auth0.tenants.settings.update, session_lifetime=-1, by=BadRequestError)
    assert (refusal[0], "session_lifetime" in refusal[1]) == ("invalid_body", True)
    back = {"friendly_name": before.friendly_name, "session_lifetime": 168, "idle_session_lifetime": 72}
    assert auth0.tenants.settings.update(**back).model_dump() == before.model_dump()


def test_logs(auth0: ManagementClient, http: httpx.Client) -> None:
    made = auth0.roles.create(name="Logged")
    auth0.roles.delete(made.id)
    newest = auth0.logs.list(search="type:sapi", per_page=1)
    (gone,), (was,) = [page.items for _, page in zip(range(2), newest.iter_pages(), strict=False)]
    assert (was.type, was.description, gone.description) == ("sapi", "Create a role", "Delete a role")
    read = auth0.logs.get(was.log_id)
    assert read.model_dump() == was.model_dump()
    assert read.details["target"] in {made.id, "Logged"}
    assert turned(auth0.logs.list(search=f"client_id:{read.client_id} AND type:scoa"), "type") == [[]]
    # Auth0 took the checkpoint out of its SDKs, not out of its API. It does not go past what may still be on its way.
    time.sleep(SETTLED.total_seconds())
    walked = [was.log_id]
    while after := http.get("/api/v2/logs", params={"from": walked[-1], "take": "1"}).json():
        walked += [event["log_id"] for event in after]
    assert gone.log_id in walked
    assert walked == sorted(set(walked))
    assert refused(auth0.logs.get, "0" * 54, by=NotFoundError)[0] == "inexistent_log"
    assert refused(auth0.logs.list, sort="colour:1", by=BadRequestError)[0] == "invalid_query_string"


def test_statistics(auth0: ManagementClient) -> None:
    assert auth0.stats.get_active_users_count() >= 0
    days = auth0.stats.get_daily(from_="20260101", to="20260103")
    assert [(day.date[:10], day.logins) for day in days] == [(f"2026-01-0{number}", 0) for number in (1, 2, 3)]
    assert refused(auth0.stats.get_daily, from_="yesterday", by=BadRequestError)[0] == "invalid_query_string"


@pytest.mark.parametrize("scope", FIRST_CALLS)
def test_a_script_without_the_scope_is_told_which_one_it_lacks(stranger: ManagementClient, scope: str) -> None:
    code, text = refused(FIRST_CALLS[scope](stranger), by=ForbiddenError)
    assert code == "insufficient_scope"
    assert scope in text
