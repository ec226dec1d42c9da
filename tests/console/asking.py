"""An operator at the Test tab of an API: chooses, sends, reads the answer."""

import re
from html import unescape
from typing import Any

from apis.models import API, Application
from tests.conftest import World
from tests.console.browser import Console
from tests.console.conftest import address

TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{20,}")


def tab(api: API, **query: Any) -> str:
    """The address of the tab."""
    return address(api, "test", api.pk, **query)


def send(console: Console, api: API, application: Application, *scopes: str, **more: Any) -> Any:
    """Ticks `scopes` (none: what is granted) and presses Send."""
    sent = {"application": application.client_id, "_send": "1"} | ({"scope": scopes} if scopes else {}) | more
    return console.post(tab(api), sent)


def evaluate(console: Console, api: API, application: Application, user: str) -> Any:
    """Types `user` and presses Evaluate."""
    return console.post(tab(api), {"application": application.client_id, "user": user, "_evaluate": "1"})


def text(response: Any) -> str:
    """What the page says, as one reads it."""
    assert response.status_code == 200, response.status_code
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(page))


def token_in(response: Any) -> str:
    """The one token on the page, however often it stands there."""
    assert "no-store" in response.headers["Cache-Control"]
    (token,) = set(TOKEN.findall(response.content.decode()))
    return str(token)


def snippets(response: Any) -> dict[str, str]:
    """The request on the page, by the name of the language."""
    return {snippet.name: snippet.text for snippet in response.context["choice"].snippets}


def event(world: World, kind: str) -> Any:
    """The newest event of that type."""
    return world.events(kind)[0]
