"""An application that registers itself, and manages that by its token: every answer comes from the product by HTTP."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from apis.models import Application
from authserver.registration import limits
from tenants import throttle
from tenants.services import update_connection, update_tenant
from tests.conftest import World
from tests.factories import BY
from tests.people import CALLBACK, People

FLAG = "enable_dynamic_client_registration"
JSON = "application/json"
GOOD = {
    "client_name": "Newcomer",
    "redirect_uris": [CALLBACK],
    "grant_types": ["authorization_code", "refresh_token"],
    "token_endpoint_auth_method": "client_secret_post",
}


class Newcomer:
    """Registers at `world`, which lets everybody."""

    def __init__(self, world: World) -> None:
        self.world = world
        update_tenant(world.tenant, flags={FLAG: True}, by=BY)

    def asks(self, ip: str = "203.0.113.1", **changes: Any) -> Any:
        """POST /oidc/register with good metadata, changed by `changes`."""
        return self.world.http().post("/oidc/register", GOOD | changes, content_type=JSON, REMOTE_ADDR=ip)

    def registers(self, **changes: Any) -> dict[str, Any]:
        """What the answer says; it must be good."""
        response = self.asks(**changes)
        assert response.status_code == 201, response.content
        return dict(response.json())

    def reads(self, made: dict[str, Any], **headers: str) -> Any:
        return self._calls("get", made, **headers)

    def writes(self, made: dict[str, Any], values: dict[str, Any], **headers: str) -> Any:
        return self._calls("put", made, values, content_type=JSON, **headers)

    def leaves(self, made: dict[str, Any], **headers: str) -> Any:
        return self._calls("delete", made, **headers)

    def row(self, made: dict[str, Any]) -> Application:
        return Application.objects.of(self.world.tenant).get(client_id=made["client_id"])

    def _calls(self, method: str, made: dict[str, Any], *sent: Any, content_type: str = "", **headers: str) -> Any:
        token = {"authorization": f"Bearer {made['registration_access_token']}"}
        call = getattr(self.world.http(**(token | headers)), method)
        options = {"content_type": content_type} if content_type else {}
        return call(urlsplit(made["registration_client_uri"]).path, *sent, secure=True, **options)


def refused(response: Any) -> tuple[int, str]:
    """Status and code of a refusal, whose shape is checked on the way."""
    assert set(response.json()) == {"error", "error_description"}
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.json()["error"]


def sign_in(people: People, made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Tokens of the application that registered, by the whole way, Ada's consent included."""
    code = people.code(client_id=made["client_id"], **changes)
    who = {"client_id": made["client_id"], "client_secret": made.get("client_secret")}
    response = people.redeem(code, **who)
    assert response.status_code == 200, response.content
    return dict(response.json())


def open_to_strangers(people: People) -> People:
    """Ada's directory is for applications of others, too."""
    update_connection(people.connection, is_domain_connection=True, by=BY)
    return people


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test registers more often in a second than people do."""
    monkeypatch.setattr(limits, "PER_TENANT", throttle.Limit("of a test", 10_000, 1))
    monkeypatch.setattr(limits, "PER_NETWORK", throttle.Limit("of a test", 10_000, 60))


@pytest.fixture
def newcomer(acme: World, _unhurried: None) -> Newcomer:
    return Newcomer(acme)
