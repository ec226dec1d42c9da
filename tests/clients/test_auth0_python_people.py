"""auth0-python's management client, unmodified: database connections, the people in them."""

from collections.abc import Iterator
from typing import Any

import pytest
from auth0.management import ManagementClient
from auth0.management.errors import BadRequestError, ConflictError, NotFoundError

from tests.clients.management_python import refused, turned
from tests.people import PASSWORD


@pytest.fixture
def directory(auth0: ManagementClient) -> Iterator[Any]:
    made = auth0.connections.create(name="Staff", strategy="auth0", options={"passwordPolicy": "good"})
    yield made
    auth0.connections.delete(made.id)


@pytest.fixture
def grace(auth0: ManagementClient, directory: Any) -> Any:
    """Goes with her directory."""
    name = {"given_name": "Grace", "family_name": "Hopper"}
    metadata = {"user_metadata": {"theme": "dark"}, "app_metadata": {"plan": "navy"}}
    return auth0.users.create(connection="Staff", email="grace@example.com", password=PASSWORD, **name, **metadata)


def test_connections(auth0: ManagementClient, directory: Any) -> None:
    read = auth0.connections.get(directory.id)
    assert read.model_dump() == directory.model_dump()
    assert (read.name, read.strategy, read.realms, read.is_domain_connection) == ("Staff", "auth0", ["Staff"], False)
    more = [auth0.connections.create(name=f"Branch-{number}", strategy="auth0").id for number in range(2)]
    assert turned(auth0.connections.list(take=2), "id") == [[directory.id, more[0]], [more[1]]]
    assert turned(auth0.connections.list(name="Branch-1", strategy=["auth0"], fields="name"), "name") == [["Branch-1"]]
    changed = auth0.connections.update(directory.id, display_name="The staff", options={"disable_signup": True})
    assert auth0.connections.get(directory.id).model_dump() == changed.model_dump()
    assert (changed.display_name, changed.options["disable_signup"]) == ("The staff", True)
    assert refused(auth0.connections.create, name="Staff", strategy="auth0", by=ConflictError)[1].endswith("already exists")
    refusal = refused(auth0.connections.create, name="Social", strategy="google-oauth2", by=BadRequestError)
    assert (refusal[0], "strategy" in refusal[1]) == ("invalid_body", True)
    for connection_id in more:
        auth0.connections.delete(connection_id)
    assert refused(auth0.connections.get, more[0], by=NotFoundError)[0] == "inexistent_connection"


def test_enabled_clients_of_connections(auth0: ManagementClient, directory: Any) -> None:
    clients = [auth0.clients.create(name=f"Till {number}", app_type="spa").client_id for number in range(3)]
    auth0.connections.clients.update(directory.id, request=[{"client_id": one, "status": True} for one in clients])
    assert turned(auth0.connections.clients.get(directory.id, take=2), "client_id") == [clients[:2], clients[2:]]
    assert [found.name for found in auth0.clients.connections.get(clients[0])] == ["Staff"]
    auth0.connections.clients.update(directory.id, request=[{"client_id": clients[0], "status": False}])
    assert auth0.connections.get(directory.id).enabled_clients == clients[1:]
    nobody = [{"client_id": "nobody", "status": True}]
    assert refused(auth0.connections.clients.update, directory.id, request=nobody, by=BadRequestError)[0] == "invalid_body"
    for one in clients:
        auth0.clients.delete(one)
    assert auth0.connections.clients.get(directory.id).items == []


def test_users(auth0: ManagementClient, directory: Any, grace: Any) -> None:
    read = auth0.users.get(grace.user_id)
    assert read.model_dump() == grace.model_dump()
    assert (read.email, read.given_name, read.user_metadata) == ("grace@example.com", "Grace", {"theme": "dark"})
    assert [(found.connection, found.provider) for found in read.identities] == [("Staff", "auth0")]
    wanted = [{"email": f"user{number}@example.com", "user_id": f"chosen-{number}"} for number in range(3)]
    more = [auth0.users.create(connection="Staff", password=PASSWORD, **one).user_id for one in wanted]
    assert more[0] == "auth0|chosen-0"
    assert turned(auth0.users.list(per_page=2), "user_id") == [[grace.user_id, more[0]], more[1:]]
    assert turned(auth0.users.list(q='email:"user1@example.com"', search_engine="v3"), "user_id") == [[more[1]]]
    assert [found.user_id for found in auth0.users.list_users_by_email(email="GRACE@example.com")] == [grace.user_id]
    auth0.users.update(grace.user_id, nickname="Amazing", app_metadata={"rank": "admiral"}, blocked=True)
    changed = auth0.users.get(grace.user_id)
    assert (changed.nickname, changed.blocked) == ("Amazing", True)
    assert (changed.app_metadata, changed.user_metadata) == ({"plan": "navy", "rank": "admiral"}, {"theme": "dark"})
    auth0.connections.users.delete_by_email(directory.id, email="user0@example.com")
    auth0.users.delete(more[1])
    gone = [refused(auth0.users.get, one, by=NotFoundError) for one in more[:2]]
    assert gone == [("inexistent_user", "The user does not exist.")] * 2


def test_users_that_are_refused(auth0: ManagementClient, grace: Any) -> None:
    again: dict[str, Any] = {"connection": "Staff", "email": grace.email, "password": PASSWORD}
    assert "already exists" in refused(auth0.users.create, **again, by=ConflictError)[1]
    code, text = refused(
        auth0.users.create, **(again | {"email": "new@example.com", "password": "short"}), by=BadRequestError
    )
    assert (code, text.split(":")[0]) == ("invalid_body", "PasswordStrengthError")
    assert refused(auth0.users.update, "auth0|nobody", name="New", by=NotFoundError)[0] == "inexistent_user"
