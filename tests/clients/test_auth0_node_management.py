"""The npm package auth0, unmodified, in Node: each story creates, reads, pages, updates and deletes (management_*.mjs).

The stories judge the answers. Here stands how the SDK names each refusal: its own type, Auth0's code, words of the message.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import node
from tests.clients.management_python import trusting
from tests.clients.people_signing_in import Browsers
from tests.clients.server import RealServer
from tests.people import PASSWORD

Refusal = tuple[str, str | None, str]

BODY = "invalid_body"
OPERATION = "operation_not_supported"
QUERY = "invalid_query_string"
REPEATED: Refusal = ("ConflictError", None, "already exists")
NO_CLIENT: Refusal = ("NotFoundError", "inexistent_client", "The client does not exist")
NO_API: Refusal = ("NotFoundError", "inexistent_resource_server", "The resource server does not exist")
NO_USER: Refusal = ("NotFoundError", "inexistent_user", "The user does not exist.")
NO_CONNECTION: Refusal = ("NotFoundError", "inexistent_connection", "The connection does not exist")
NO_ROLE: Refusal = ("NotFoundError", None, "The role does not exist")

STORIES: dict[str, dict[str, Refusal]] = {
    "resourceServers": {
        "repeated": REPEATED,
        "wrong": ("BadRequestError", BODY, "token_lifetime"),
        "system": ("BadRequestError", OPERATION, "System resource servers cannot be deleted"),
        "gone": NO_API,
    },
    "clients": {"wrong": ("BadRequestError", BODY, "app_type"), "gone": NO_CLIENT},
    "rotateSecret": {"gone": NO_CLIENT},
    "credentials": {
        "wrong": ("BadRequestError", BODY, "pem"),
        "gone": ("NotFoundError", None, "The credential does not exist"),
        "withoutClient": NO_CLIENT,
    },
    "clientGrants": {
        "repeated": REPEATED,
        "wrong": ("BadRequestError", BODY, "burn:books"),
        "nowhere": NO_API,
        "gone": ("NotFoundError", None, "The client grant does not exist"),
    },
    "connections": {
        "repeated": REPEATED,
        "social": ("BadRequestError", BODY, "strategy"),
        "gone": NO_CONNECTION,
    },
    "enabledClients": {"unknown": ("BadRequestError", BODY, "nobody"), "gone": NO_CONNECTION},
    "users": {"repeated": REPEATED, "weak": ("BadRequestError", BODY, "PasswordStrengthError"), "gone": NO_USER},
    "roles": {"repeated": REPEATED, "gone": NO_ROLE},
    "permissions": {"ofRole": ("NotFoundError", None, "steal"), "ofNobody": NO_USER, "gone": NO_ROLE},
    # Auth0 documents no 400 for grants and for revoking keys, so the SDK has no name for it.
    "userGrants": {"tooMany": ("ManagementError", QUERY, "per_page")},
    "sessions": {
        "wrong": ("BadRequestError", BODY, "session_metadata"),
        "gone": ("NotFoundError", "inexistent_session", "The session does not exist"),
    },
    "refreshTokens": {
        "gone": ("NotFoundError", "inexistent_refresh_token", "The refresh token does not exist"),
        "which": ("BadRequestError", BODY, "Say which"),
    },
    "deviceCredentials": {
        "ofSomebodyElse": ("ForbiddenError", "insufficient_scope", "create:current_user_device_credentials")
    },
    "revokeAccess": {"nobody": NO_USER},
    "counted": {"day": ("BadRequestError", QUERY, "YYYYMMDD")},
    "tenantSettings": {"wrong": ("BadRequestError", BODY, "session_lifetime")},
    "logs": {
        "nothing": ("NotFoundError", "inexistent_log", "The log event does not exist"),
        "sort": ("BadRequestError", QUERY, "sort"),
    },
    "signingKeys": {
        "current": ("ManagementError", OPERATION, "Only a previous key can be revoked"),
        "dead": ("UnauthorizedError", None, "Invalid token"),
        "gone": ("NotFoundError", "inexistent_signing_key", "The signing key does not exist"),
    },
}


@pytest.fixture
def play(server: RealServer, tmp_path: Path) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Plays a story of management_node.mjs as the operator of the tenant that is Node's."""
    tenant = server.at("node", {"email": "grace@example.com", "password": PASSWORD})
    settings = {"domain": tenant.domain, "management": tenant.management, "person": tenant.person}
    with trusting(tenant):
        browsers = Browsers(tenant)
        yield lambda story: node.play(story, tenant, browsers, tmp_path / "errors", "management_node.mjs", **settings)


@pytest.mark.parametrize("story", STORIES)
def test_a_script_does_all_of_it_and_the_sdk_knows_every_refusal(play: Callable, story: str) -> None:
    told, expected = play(story), STORIES[story]
    assert told.keys() == expected.keys()
    assert {name: tuple(said[:2]) for name, said in told.items()} == {name: known[:2] for name, known in expected.items()}
    assert not {name: said for name, said in told.items() if expected[name][2] not in said[2]}


def test_a_script_without_the_scope_is_told_which_one_it_lacks(play: Callable) -> None:
    told = play("withoutScopes")
    assert len(told) == 14
    for scope, (name, code, text) in told.items():
        assert (name, code) == ("ForbiddenError", "insufficient_scope")
        assert scope in text
