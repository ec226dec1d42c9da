"""A client of the Management API: asks for a token as any client does, and calls with it."""

from dataclasses import dataclass, field
from typing import Any

from apis.models import API
from apis.services import client_grants
from tests import factories
from tests.conftest import World
from tests.factories import BY
from tests.replay import replayed


@dataclass(slots=True)
class Caller:
    """Calls /api/v2 of `world` with a token of `scopes`, by default all of them."""

    world: World
    scopes: tuple[str, ...] | None = None
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self.token = self.token or management_token(self.world, self.scopes)

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = None, **query: Any) -> Any:
        """`method` on /api/v2/`path`; `body` is sent as JSON. `token` "" sends none."""
        token = self.token if token is None else token
        headers = {"authorization": f"Bearer {token}"} if token else {}
        about: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
        send = getattr(self.world.http(**headers), method.lower())
        return send(f"/api/v2/{path}", secure=True, query_params=query, **about)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("get", path, **query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.call("post", path, body, **query)

    def patch(self, path: str, body: Any, **query: Any) -> Any:
        return self.call("patch", path, body, **query)

    def put(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.call("put", path, body, **query)

    def delete(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.call("delete", path, body, **query)


def management_token(world: World, scopes: tuple[str, ...] | None = None) -> str:
    """An access token for the Management API, asked for at the token endpoint by an application made for it."""
    return _token(world, _deploy_tool(world, scopes))


def ready_caller(world: World) -> Caller:
    """A caller with every scope, whose application comes from the record. One in a test; `world` from the record, too."""
    credentials = replayed(f"deploy tool of {world.tenant.name}", lambda: _deploy_tool(world, None))
    return Caller(world, token=_token(world, credentials))


def _token(world: World, credentials: tuple[str, str]) -> str:
    client_id, secret = credentials
    response = world.ask(client_id=client_id, client_secret=secret, audience=f"{world.issuer}api/v2/")
    assert response.status_code == 200, response.content
    return str(response.json()["access_token"])


def _deploy_tool(world: World, scopes: tuple[str, ...] | None) -> tuple[str, str]:
    """client_id and secret of an application that may have `scopes` of the Management API, None: all."""
    system = API.objects.of(world.tenant).get(is_system=True)
    granted = scopes if scopes is not None else tuple(system.permissions.values_list("value", flat=True))
    application, secret = factories.make_application(world.tenant, "Deploy tool")
    client_grants.create_client_grant(application, system, granted, by=BY)
    return application.client_id, secret


def error(response: Any) -> tuple[int, str, str]:
    """Status, errorCode and message of a refusal, once its shape is right."""
    body = response.json()
    assert body["statusCode"] == response.status_code
    assert set(body) <= {"statusCode", "error", "message", "errorCode", "attributes"}
    return response.status_code, body.get("errorCode", ""), body["message"]
