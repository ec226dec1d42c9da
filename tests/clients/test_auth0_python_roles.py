"""auth0-python's management client, unmodified: roles, the permissions in them, and the people who hold both."""

from collections.abc import Iterator
from typing import Any

import pytest
from auth0.management import ManagementClient
from auth0.management.errors import ConflictError, NotFoundError

from tests.clients.management_python import refused, turned
from tests.people import PASSWORD

SHOP = "https://shop.example.com/"
BUY = {"permission_name": "buy:goods", "resource_server_identifier": SHOP}
SELL = {"permission_name": "sell:goods", "resource_server_identifier": SHOP}
NAMES = ["buy:goods", "sell:goods"]


@pytest.fixture
def grace(auth0: ManagementClient) -> Iterator[Any]:
    directory = auth0.connections.create(name="Staff", strategy="auth0")
    yield auth0.users.create(connection="Staff", email="grace@example.com", password=PASSWORD)
    auth0.connections.delete(directory.id)


@pytest.fixture
def role(auth0: ManagementClient) -> Iterator[Any]:
    made = auth0.roles.create(name="Clerk", description="Sells")
    yield made
    auth0.roles.delete(made.id)


@pytest.fixture
def _api(auth0: ManagementClient) -> Iterator[None]:
    made = auth0.resource_servers.create(identifier=SHOP, name="Shop", scopes=[{"value": name} for name in NAMES])
    yield
    auth0.resource_servers.delete(made.id)


def test_roles(auth0: ManagementClient, role: Any) -> None:
    read = auth0.roles.get(role.id)
    assert read.model_dump() == role.model_dump()
    assert (read.name, read.description) == ("Clerk", "Sells")
    more = [auth0.roles.create(name=f"Guard {number}").id for number in range(3)]
    assert turned(auth0.roles.list(per_page=2), "id") == [[role.id, more[0]], more[1:]]
    assert turned(auth0.roles.list(name_filter="guard 2"), "id") == [[more[2]]]
    assert auth0.roles.list(per_page=2).response.total == 4
    auth0.roles.update(role.id, name="Cashier", description="Takes the money")
    changed = auth0.roles.get(role.id)
    assert (changed.name, changed.description) == ("Cashier", "Takes the money")
    assert refused(auth0.roles.create, name="Cashier", by=ConflictError)[1] == "The role already exists."
    for role_id in more:
        auth0.roles.delete(role_id)
    assert refused(auth0.roles.get, more[0], by=NotFoundError)[1] == "The role does not exist"


@pytest.mark.usefixtures("_api")
def test_permissions_of_roles(auth0: ManagementClient, role: Any) -> None:
    auth0.roles.permissions.add(role.id, permissions=[BUY, SELL])
    permissions = auth0.roles.permissions
    assert turned(permissions.list(role.id, per_page=1), "permission_name") == [["buy:goods"], ["sell:goods"]]
    held = permissions.list(role.id).items[0]
    assert (held.resource_server_identifier, held.resource_server_name) == (SHOP, "Shop")
    unknown = [BUY | {"permission_name": "steal:goods"}]
    assert "steal:goods" in refused(permissions.add, role.id, permissions=unknown, by=NotFoundError)[1]
    permissions.delete(role.id, permissions=[BUY])
    assert turned(permissions.list(role.id), "permission_name") == [["sell:goods"]]


def test_users_of_roles_and_roles_of_users(auth0: ManagementClient, role: Any, grace: Any) -> None:
    more = [auth0.users.create(connection="Staff", email=f"u{n}@example.com", password=PASSWORD).user_id for n in range(2)]
    auth0.roles.users.assign(role.id, users=[grace.user_id, *more])
    assert turned(auth0.roles.users.list(role.id, take=2), "user_id") == [[grace.user_id, more[0]], [more[1]]]
    second = auth0.roles.create(name="Second")
    auth0.users.roles.assign(grace.user_id, roles=[second.id])
    assert turned(auth0.users.roles.list(grace.user_id, per_page=1), "name") == [["Clerk"], ["Second"]]
    auth0.users.roles.delete(grace.user_id, roles=[role.id])
    assert turned(auth0.users.roles.list(grace.user_id), "id") == [[second.id]]
    auth0.roles.delete(second.id)
    assert auth0.users.roles.list(grace.user_id).items == []
    refusal = refused(auth0.users.roles.assign, grace.user_id, roles=[second.id], by=NotFoundError)
    assert refusal[1] == "The role does not exist"


@pytest.mark.usefixtures("_api")
def test_permissions_of_users(auth0: ManagementClient, role: Any, grace: Any) -> None:
    permissions = auth0.users.permissions
    permissions.create(grace.user_id, permissions=[BUY])
    auth0.roles.permissions.add(role.id, permissions=[SELL])
    auth0.users.roles.assign(grace.user_id, roles=[role.id])
    assert turned(permissions.list(grace.user_id, per_page=1), "permission_name") == [["buy:goods"], ["sell:goods"]]
    sources = [permission.sources[0] for permission in permissions.list(grace.user_id)]
    assert [source["source_type"] for source in sources] == ["DIRECT", "ROLE"]
    assert sources[1] == {"source_id": role.id, "source_name": "Clerk", "source_type": "ROLE"}
    permissions.delete(grace.user_id, permissions=[BUY])
    assert turned(permissions.list(grace.user_id), "permission_name") == [["sell:goods"]]
    assert refused(permissions.create, "auth0|nobody", permissions=[BUY], by=NotFoundError)[0] == "inexistent_user"
