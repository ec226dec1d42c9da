"""Whether what was issued still works, asked at every endpoint that answers to a token, by HTTP only."""

from typing import Any
from urllib.parse import urlencode

import jwt

from apis.models import AppType
from tests import factories
from tests.conftest import World
from tests.people import FORM, People


def claims(token: str) -> dict[str, Any]:
    """What stands in a JWT, unverified: for tests whose subject is not the signature."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def userinfo(world: World, token: str, **headers: str) -> Any:
    """GET /userinfo."""
    return world.http(authorization=f"Bearer {token}", **headers).get("/userinfo")


def post(world: World, path: str, **parameters: Any) -> Any:
    """POST of a form; None leaves a parameter out."""
    sent = {name: value for name, value in parameters.items() if value is not None}
    return world.http().post(path, urlencode(sent), content_type=FORM)


def introspect(people: People, token: str, **changes: Any) -> Any:
    """POST /oauth/introspect as the web application, unless told otherwise."""
    client = {"client_id": people.web.client_id, "client_secret": people.secret}
    return post(people.world, "/oauth/introspect", **(client | {"token": token} | changes))


def revoke(people: People, token: str, **changes: Any) -> Any:
    """POST /oauth/revoke as the web application, unless told otherwise."""
    client = {"client_id": people.web.client_id, "client_secret": people.secret}
    return post(people.world, "/oauth/revoke", **(client | {"token": token} | changes))


def backend(people: People) -> dict[str, str]:
    """A new API backend of the people's API: the credentials with which it introspects."""
    application, secret = factories.make_application(
        people.world.tenant, "Orders backend", app_type=AppType.RESOURCE_SERVER, resource_server=people.world.api
    )
    return {"client_id": application.client_id, "client_secret": secret}


def is_alive(people: People, tokens: dict[str, Any]) -> bool:
    """Every endpoint takes the tokens. Uses nothing up. Raises AssertionError where endpoints disagree."""
    said = {
        "userinfo": userinfo(people.world, tokens["access_token"]).status_code == 200,
        "introspection": introspect(people, tokens["access_token"]).json()["active"],
        "introspection of the refresh token": introspect(people, tokens["refresh_token"]).json()["active"],
    }
    assert len(set(said.values())) == 1, said
    return said["userinfo"]


def is_dead(people: People, tokens: dict[str, Any]) -> bool:
    """No endpoint takes the tokens, and they cannot be refreshed."""
    return not is_alive(people, tokens) and people.refresh(tokens["refresh_token"]).status_code == 403
