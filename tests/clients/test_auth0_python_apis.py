"""auth0-python's management client, unmodified: APIs, applications with secrets and keys, and client grants."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from auth0.management import ManagementClient
from auth0.management.errors import BadRequestError, ConflictError, NotFoundError
from httpx import HTTPStatusError

from tests.client_keys import pem, private_key
from tests.clients.management_python import SEEN_BY_ALL, client, refused, turned
from tests.clients.server import RealServer

BOOKS = "https://books.example.com/api/"
SCOPES = [{"value": "read:books", "description": "Read books"}, {"value": "write:books", "description": "Write books"}]


@pytest.fixture
def api(auth0: ManagementClient) -> Iterator[Any]:
    made = auth0.resource_servers.create(identifier=BOOKS, name="Books", scopes=SCOPES, signing_alg="RS256")
    yield made
    auth0.resource_servers.delete(made.id)


@pytest.fixture
def machine(auth0: ManagementClient) -> Iterator[Any]:
    made = auth0.clients.create(name="Librarian", app_type="non_interactive", grant_types=["client_credentials"])
    yield made
    auth0.clients.delete(made.client_id)


def test_resource_servers(auth0: ManagementClient, tenant: RealServer, api: Any) -> None:
    read = auth0.resource_servers.get(api.id)
    assert read.model_dump() == auth0.resource_servers.get(BOOKS).model_dump() == api.model_dump()
    assert [scope.model_dump() for scope in read.scopes] == SCOPES
    assert (read.token_lifetime, read.token_dialect, read.is_system) == (86_400, "access_token", None)
    more = [auth0.resource_servers.create(identifier=f"{BOOKS}{number}").id for number in range(3)]
    pages = turned(auth0.resource_servers.list(per_page=2), "id")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [found for page in pages for found in page][1:] == [api.id, *more]
    assert turned(auth0.resource_servers.list(identifiers=[BOOKS]), "id") == [[api.id]]
    auth0.resource_servers.update(api.id, token_lifetime=60, enforce_policies=True, scopes=SCOPES[:1])
    changed = auth0.resource_servers.get(BOOKS)
    assert (changed.token_lifetime, changed.enforce_policies, changed.name) == (60, True, "Books")
    assert [scope.value for scope in changed.scopes] == ["read:books"]
    for identifier in more:
        auth0.resource_servers.delete(identifier)
    assert refused(auth0.resource_servers.get, more[0], by=NotFoundError)[0] == "inexistent_resource_server"


def test_resource_servers_that_are_refused(auth0: ManagementClient, tenant: RealServer, api: Any) -> None:
    code, text = refused(auth0.resource_servers.create, identifier=BOOKS, by=ConflictError)
    assert text == "A resource server with the same identifier already exists."
    code, text = refused(auth0.resource_servers.update, api.id, token_lifetime=-1, by=BadRequestError)
    assert (code, "token_lifetime" in text) == ("invalid_body", True)
    system = tenant.management["audience"]
    assert "System resource servers" in refused(auth0.resource_servers.delete, system, by=BadRequestError)[1]


def test_clients(auth0: ManagementClient, machine: Any) -> None:
    read = auth0.clients.get(machine.client_id)
    assert len(machine.client_secret) == 64
    # It was shown once; we keep what verifies it.
    assert read.model_dump() == machine.model_dump() | {"client_secret": None}
    assert (read.name, read.grant_types, read.is_first_party) == ("Librarian", ["client_credentials"], True)
    more = [auth0.clients.create(name=f"Shelf {number}", app_type="spa").client_id for number in range(3)]
    pages = turned(auth0.clients.list(per_page=2), "client_id")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [found for page in pages for found in page][1:] == [machine.client_id, *more]
    assert turned(auth0.clients.list(app_type="spa", fields="name", per_page=50), "name") == [
        [f"Shelf {n}" for n in range(3)]
    ]
    changed = auth0.clients.update(
        machine.client_id, description="Lends books", callbacks=["https://x.example/"], client_metadata={"floor": "2"}
    )
    assert auth0.clients.get(machine.client_id).model_dump() == changed.model_dump()
    assert (changed.description, changed.callbacks) == ("Lends books", ["https://x.example/"])
    assert changed.client_metadata == {"floor": "2"}
    for client_id in more:
        auth0.clients.delete(client_id)
    assert refused(auth0.clients.get, more[0], by=NotFoundError) == ("inexistent_client", "The client does not exist")


def test_clients_that_are_refused(auth0: ManagementClient, machine: Any) -> None:
    code, text = refused(auth0.clients.create, name="Wrong", app_type="spaceship", by=BadRequestError)
    assert (code, "app_type" in text) == ("invalid_body", True)
    assert refused(auth0.clients.update, "nobody", name="New", by=NotFoundError)[0] == "inexistent_client"


def test_a_rotated_secret_is_another_and_the_old_one_gets_no_token(
    auth0: ManagementClient, tenant: RealServer, machine: Any, api: Any
) -> None:
    auth0.client_grants.create(client_id=machine.client_id, audience=tenant.management["audience"], scope=["read:roles"])
    with client(tenant, machine.model_dump()) as before:
        assert before.roles.list().items == []
    rotated = auth0.clients.rotate_secret(machine.client_id)
    assert rotated.client_id == machine.client_id
    assert rotated.client_secret != machine.client_secret
    time.sleep(SEEN_BY_ALL)
    with client(tenant, machine.model_dump()) as old, pytest.raises(HTTPStatusError, match="401 Unauthorized"):
        old.roles.list()
    with client(tenant, rotated.model_dump()) as new:
        assert new.roles.list().items == []


def test_credentials_of_clients(auth0: ManagementClient, machine: Any) -> None:
    key = {"credential_type": "public_key", "pem": pem(private_key(0)), "alg": "RS256"}
    made = auth0.clients.credentials.create(machine.client_id, name="First", kid="first-key-01", **key)
    read = auth0.clients.credentials.get(machine.client_id, made.id)
    assert (read.id, read.kid, read.alg, read.name) == (made.id, "first-key-01", "RS256", "First")
    other = auth0.clients.credentials.create(machine.client_id, **(key | {"pem": pem(private_key(1))}))
    assert [found.id for found in auth0.clients.credentials.list(machine.client_id)] == [made.id, other.id]
    end = datetime(2099, 1, 1, tzinfo=UTC)
    auth0.clients.credentials.update(machine.client_id, made.id, expires_at=end)
    assert auth0.clients.credentials.get(machine.client_id, made.id).expires_at == end
    refusal = refused(auth0.clients.credentials.create, machine.client_id, **(key | {"pem": "no key"}), by=BadRequestError)
    assert (refusal[0], "pem" in refusal[1]) == ("invalid_body", True)
    auth0.clients.credentials.delete(machine.client_id, made.id)
    gone = refused(auth0.clients.credentials.get, machine.client_id, made.id, by=NotFoundError)
    assert gone[1] == "The credential does not exist"


def test_client_grants(auth0: ManagementClient, api: Any, machine: Any) -> None:
    made = auth0.client_grants.create(client_id=machine.client_id, audience=BOOKS, scope=["read:books"])
    read = auth0.client_grants.get(made.id)
    assert read.model_dump() == made.model_dump()
    assert (read.client_id, read.audience, read.scope) == (machine.client_id, BOOKS, ["read:books"])
    for_people = auth0.client_grants.create(client_id=machine.client_id, audience=BOOKS, subject_type="user", scope=[])
    pages = turned(auth0.client_grants.list(take=1, audience=BOOKS), "id")
    assert pages == [[made.id], [for_people.id]]
    assert turned(auth0.client_grants.list(client_id="nobody"), "id") == [[]]
    auth0.client_grants.update(made.id, scope=["write:books"])
    assert auth0.client_grants.get(made.id).scope == ["write:books"]
    again = {"client_id": machine.client_id, "audience": BOOKS}
    assert "already exists" in refused(auth0.client_grants.create, **again, scope=[], by=ConflictError)[1]
    assert refused(auth0.client_grants.update, made.id, scope=["burn:books"], by=BadRequestError)[0] == "invalid_body"
    nowhere = refused(auth0.client_grants.create, client_id=machine.client_id, audience="https://no/", by=NotFoundError)
    assert nowhere[0] == "inexistent_resource_server"
    auth0.client_grants.delete(made.id)
    assert refused(auth0.client_grants.get, made.id, by=NotFoundError)[1] == "The client grant does not exist"
