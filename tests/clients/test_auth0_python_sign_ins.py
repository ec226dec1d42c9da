"""auth0-python's management client, unmodified: what a real sign-in leaves behind, read and taken away again."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.errors import BadRequestError, ForbiddenError, NotFoundError

from tests.clients.management_python import refused, turned
from tests.clients.people_signing_in import CALLBACK, refresh, sign_in
from tests.clients.server import RealServer

SCOPE = "openid offline_access read:desk"


@dataclass(frozen=True)
class Arrived:
    """A person who signed in to two applications for one API, in two browsers."""

    user_id: str
    audience: str
    applications: list[dict[str, Any]]
    refresh_tokens: list[str]


@pytest.fixture
def arrived(auth0: ManagementClient, tenant: RealServer) -> Iterator[Arrived]:
    directory = auth0.connections.create(name="Visitors", strategy="auth0")
    user = auth0.users.create(connection="Visitors", **{name: tenant.person[name] for name in ("email", "password")})
    scopes = [{"value": "read:desk", "description": "Look at the desk"}]
    # Another one for each test: who signs in may for a second meet a process that still knows the one that is gone.
    audience = f"https://{uuid4().hex}.example.com/"
    api = auth0.resource_servers.create(identifier=audience, name="Desk", scopes=scopes, allow_offline_access=True)
    settings: dict[str, Any] = {"callbacks": [CALLBACK], "app_type": "regular_web"}
    settings["grant_types"] = ["authorization_code", "refresh_token"]
    made = [auth0.clients.create(name=name, **settings).model_dump() for name in ("Lamp", "Chair")]
    enabled = [{"client_id": one["client_id"], "status": True} for one in made]
    auth0.connections.clients.update(directory.id, request=enabled)
    tokens = [sign_in(tenant, one, audience=audience, scope=SCOPE) for one in made]
    yield Arrived(user.user_id, audience, made, [one["refresh_token"] for one in tokens])
    auth0.connections.delete(directory.id)
    for one in made:
        auth0.clients.delete(one["client_id"])
    auth0.resource_servers.delete(api.id)


def test_consents_of_users(auth0: ManagementClient, tenant: RealServer, arrived: Arrived) -> None:
    lamp, chair = (application["client_id"] for application in arrived.applications)
    assert turned(auth0.user_grants.list(user_id=arrived.user_id, per_page=1), "client_id") == [[lamp], [chair]]
    found = auth0.user_grants.list(client_id=lamp, audience=arrived.audience).items[0]
    assert (found.user_id, found.audience) == (arrived.user_id, arrived.audience)
    assert found.scope == ["offline_access", "read:desk"]
    auth0.user_grants.delete(found.id)
    assert turned(auth0.user_grants.list(), "client_id") == [[chair]]
    # A consent takes with it what it allowed.
    statuses = [refresh(tenant, *one) for one in zip(arrived.applications, arrived.refresh_tokens, strict=True)]
    assert statuses == [403, 200]
    auth0.user_grants.delete_by_user_id(user_id=arrived.user_id)
    assert auth0.user_grants.list().items == []


def test_sessions(auth0: ManagementClient, tenant: RealServer, arrived: Arrived) -> None:
    pages = turned(auth0.users.sessions.list(arrived.user_id, take=1), "id")
    assert [len(page) for page in pages] == [1, 1]
    (first,), (second,) = pages
    read = auth0.sessions.get(first)
    assert (read.user_id, read.clients[0].client_id) == (arrived.user_id, arrived.applications[0]["client_id"])
    assert (read.authentication.methods[0].name, read.cookie.mode) == ("pwd", "persistent")
    assert read.authenticated_at < read.idle_expires_at < read.expires_at
    auth0.sessions.update(first, session_metadata={"desk": "12"})
    assert auth0.sessions.get(first).session_metadata == {"desk": "12"}
    assert refused(auth0.sessions.update, first, session_metadata={"desk": 12}, by=BadRequestError)[0] == "invalid_body"
    auth0.sessions.delete(first)
    assert refused(auth0.sessions.get, first, by=NotFoundError)[0] == "inexistent_session"
    auth0.sessions.revoke(second)
    assert auth0.users.sessions.list(arrived.user_id).items == []
    statuses = [refresh(tenant, *one) for one in zip(arrived.applications, arrived.refresh_tokens, strict=True)]
    assert statuses == [200, 403], "only a revocation takes the refresh tokens along"


def test_refresh_tokens(auth0: ManagementClient, tenant: RealServer, arrived: Arrived) -> None:
    pages = turned(auth0.refresh_tokens.list(user_id=arrived.user_id, take=1), "id")
    (first,), (second,) = pages
    assert turned(auth0.users.refresh_token.list(arrived.user_id, take=1), "id") == pages
    read = auth0.refresh_tokens.get(first)
    assert (read.user_id, read.client_id) == (arrived.user_id, arrived.applications[0]["client_id"])
    assert [(granted.audience, granted.scopes) for granted in read.resource_servers] == [(arrived.audience, SCOPE)]
    assert read.session_id == auth0.users.sessions.list(arrived.user_id).items[0].id
    auth0.refresh_tokens.update(first, refresh_token_metadata={"till": "3"})
    assert auth0.refresh_tokens.get(first).refresh_token_metadata == {"till": "3"}
    auth0.refresh_tokens.delete(first)
    assert refused(auth0.refresh_tokens.get, first, by=NotFoundError)[0] == "inexistent_refresh_token"
    auth0.refresh_tokens.revoke(ids=[second])
    assert auth0.refresh_tokens.list(user_id=arrived.user_id).items == []
    statuses = [refresh(tenant, *one) for one in zip(arrived.applications, arrived.refresh_tokens, strict=True)]
    assert statuses == [403, 403]
    assert refused(auth0.refresh_tokens.revoke, by=BadRequestError)[0] == "invalid_body"


def test_device_credentials(auth0: ManagementClient, arrived: Arrived) -> None:
    listed = auth0.device_credentials.list(user_id=arrived.user_id, per_page=1)
    assert turned(listed, "client_id") == [[application["client_id"]] for application in arrived.applications]
    first, second = auth0.device_credentials.list(user_id=arrived.user_id)
    assert (first.user_id, first.type) == (arrived.user_id, "refresh_token")
    auth0.device_credentials.delete(first.id)
    assert turned(auth0.device_credentials.list(user_id=arrived.user_id), "id") == [[second.id]]
    key = {"device_name": "Phone", "device_id": "1", "type": "public_key", "value": "key"}
    code, text = refused(auth0.device_credentials.create_public_key, **key, by=ForbiddenError)
    assert (code, text.split(": ")[1]) == ("insufficient_scope", "create:current_user_device_credentials")


def test_access_of_users_is_revoked(auth0: ManagementClient, tenant: RealServer, arrived: Arrived) -> None:
    session = auth0.users.sessions.list(arrived.user_id).items[0].id
    auth0.users.revoke_access(arrived.user_id, session_id=session, preserve_refresh_tokens=True)
    left = [auth0.users.sessions.list(arrived.user_id).items, auth0.users.refresh_token.list(arrived.user_id).items]
    assert [len(rows) for rows in left] == [1, 2]
    auth0.users.sessions.delete(arrived.user_id)
    assert auth0.users.sessions.list(arrived.user_id).items == []
    auth0.users.revoke_access(arrived.user_id)
    assert auth0.users.refresh_token.list(arrived.user_id).items == []
    statuses = [refresh(tenant, *one) for one in zip(arrived.applications, arrived.refresh_tokens, strict=True)]
    assert statuses == [403, 403]
    auth0.users.refresh_token.delete(arrived.user_id)
    # Auth0 documents no 404 here, so the SDK has no name for it.
    assert refused(auth0.users.revoke_access, "auth0|nobody", by=ApiError)[0] == "inexistent_user"


def test_what_people_did_is_logged_and_counted(auth0: ManagementClient, arrived: Arrived) -> None:
    # The log is written behind the answers, and the newest event stands first.
    until = time.monotonic() + 60
    while len(auth0.users.logs.list(arrived.user_id).items) < 6:
        assert time.monotonic() < until
        time.sleep(0.1)
    told = list(auth0.users.logs.list(arrived.user_id, per_page=2))
    assert Counter(event.type for event in told) == {"s": 2, "consent": 2, "seacft": 2}
    assert {event.user_id for event in told} == {arrived.user_id}
    assert auth0.stats.get_active_users_count() == 1
    assert auth0.stats.get_daily()[-1].logins >= 2
