"""A person with a browser, and the two applications they sign in to: one with a secret, one without (PKCE).

`People` asks as an application would, and clicks as a person would; every answer comes from the product by HTTP.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from apis.models import Application, AppType
from apis.services import connections as connection_services
from tenants.models import Connection, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.conftest import World
from tests.factories import BY
from tests.replay import replayed

PASSWORD = "canary-A-long-passphrase-that-nobody-else-has-chosen-0123456789"
VERIFIER = "v" * 50
CALLBACK = "https://shop.example/callback"
FORM = "application/x-www-form-urlencoded"


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 code_challenge of `verifier`."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the first form on a page."""
    html = page.content.decode()
    form = html[html.index("<form") : html.index("</form>")]
    return {
        name: unescape(value) for name, value in re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form)
    }


def answer(response: Any) -> dict[str, str]:
    """The parameters that the application is sent, from the address's query or fragment."""
    parts = urlsplit(response.headers["Location"])
    return {name: values[0] for name, values in parse_qs(parts.fragment or parts.query, keep_blank_values=True).items()}


def is_to_application(response: Any) -> bool:
    return response.headers.get("Location", "").startswith(CALLBACK)


@dataclass(slots=True)
class People:
    """Ada, a user of `world`, her directory, and two applications that she may sign in to."""

    world: World
    connection: Connection
    user: User
    web: Application
    secret: str
    spa: Application

    def asked(self, **changes: Any) -> dict[str, str]:
        """The parameters of a good request of the web application for a code; None leaves one out."""
        good = {
            "client_id": self.web.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid profile email offline_access read:orders",
            "audience": self.world.api.identifier,
            "state": "state-1",
            "nonce": "nonce-1",
        }
        return {name: str(value) for name, value in (good | changes).items() if value is not None}

    def of_spa(self, **changes: Any) -> dict[str, str]:
        """The same for the single-page application, with PKCE."""
        proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
        return self.asked(**({"client_id": self.spa.client_id} | proof | changes))

    def browser(self, **headers: str) -> Client:
        """A browser without cookies."""
        return self.world.http(accept="text/html,application/xhtml+xml", **headers)

    def authorize(self, browser: Client, asked: dict[str, str] | None = None, **changes: Any) -> Any:
        """GET /authorize."""
        return browser.get("/authorize?" + urlencode(asked if asked is not None else self.asked(**changes)))

    def post(self, browser: Client, path: str, fields: dict[str, str]) -> Any:
        """What a browser sends for a form."""
        return browser.post(path, urlencode(fields), content_type=FORM)

    def log_in(self, browser: Client, response: Any, *, username: str = "", password: str = PASSWORD, **fields: str) -> Any:
        """Fills in the login page that `response` leads to. Returns what comes after /authorize/resume."""
        page = browser.get(response.headers["Location"])
        assert page.status_code == 200, page.content
        typed = {"username": username or self.user.email, "password": password, "action": "login"}
        posted = self.post(browser, "/u/login", hidden(page) | typed | fields)
        location = posted.headers.get("Location", "")
        # A refusal leads straight to the application, which is nobody's page here.
        return browser.get(location) if location.startswith("/") else posted

    def decide(self, browser: Client, response: Any, action: str = "allow") -> Any:
        """Answers the consent page that `response` leads to. Returns what comes after it."""
        page = browser.get(response.headers["Location"])
        assert page.status_code == 200, page.content
        posted = self.post(browser, "/u/consent", hidden(page) | {"action": action})
        location = posted.headers.get("Location", "")
        return browser.get(location) if location.startswith("/authorize/resume") else posted

    def through(self, browser: Client, asked: dict[str, str] | None = None, **changes: Any) -> Any:
        """The whole way: request, login and consent where they are asked for. Returns the answer to the application."""
        response = self.authorize(browser, asked if asked is not None else self.asked(**changes))
        if response.headers.get("Location", "").startswith("/u/login"):
            response = self.log_in(browser, response)
        if response.headers.get("Location", "").startswith("/u/consent"):
            response = self.decide(browser, response)
        return response

    def signed_in(self) -> Client:
        """A browser in which Ada is signed in and has allowed both applications what they usually ask for."""
        browser = self.browser()
        self.through(browser)
        self.through(browser, self.of_spa())
        return browser

    def code(self, browser: Client | None = None, asked: dict[str, str] | None = None, **changes: Any) -> str:
        """A fresh code of the web application (or of who `asked`)."""
        return answer(self.through(browser or self.browser(), asked, **changes))["code"]

    def redeem(self, code: str, **changes: Any) -> Any:
        """POST /oauth/token with a code of the web application."""
        good = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.token(**(good | changes))

    def redeem_spa(self, code: str, **changes: Any) -> Any:
        """POST /oauth/token with a code of the single-page application and its verifier."""
        public = {"client_id": self.spa.client_id, "client_secret": None, "code_verifier": VERIFIER}
        return self.redeem(code, **(public | changes))

    def refresh(self, refresh_token: str, **changes: Any) -> Any:
        """POST /oauth/token with a refresh token of the web application."""
        return self.token(**({"grant_type": "refresh_token", "refresh_token": refresh_token} | changes))

    def refresh_spa(self, refresh_token: str, **changes: Any) -> Any:
        """The same for the single-page application."""
        return self.refresh(refresh_token, **({"client_id": self.spa.client_id, "client_secret": None} | changes))

    def token(self, **parameters: Any) -> Any:
        """POST /oauth/token as the web application, unless told otherwise."""
        sent = {"client_id": self.web.client_id, "client_secret": self.secret} | parameters
        return self.world.http().post(
            "/oauth/token", urlencode({k: v for k, v in sent.items() if v is not None}), content_type=FORM
        )

    def tokens(self, **changes: Any) -> dict[str, Any]:
        """Tokens of the web application, by the whole way."""
        return dict(self.redeem(self.code(**changes)).json())

    def spa_tokens(self, **changes: Any) -> dict[str, Any]:
        """Tokens of the single-page application, by the whole way."""
        return dict(self.redeem_spa(self.code(asked=self.of_spa(**changes))).json())


def make_people(world: World) -> People:
    """Ada in a directory of `world`, whose API allows offline access, and two first-party applications with all grants."""
    connection = create_connection(world.tenant, "Users", by=BY)
    user = create_user(connection, email="ada@example.com", password=PASSWORD, name="Ada Lovelace", by=BY)
    world.api.allow_offline_access = True
    world.api.save()
    grants = ["authorization_code", "refresh_token", "implicit", "client_credentials", "password"]
    shared = {"redirect_uris": CALLBACK, "web_origins": "https://shop.example", "allowed_origins": "https://shop.example"}
    web, secret = factories.make_application(
        world.tenant, "Shop", app_type=AppType.REGULAR_WEB, grant_types=grants, **shared
    )
    public = [grant for grant in grants if grant != "client_credentials"]
    spa, _ = factories.make_application(world.tenant, "Tracker", app_type=AppType.SPA, grant_types=public, **shared)
    for application in (web, spa):
        connection_services.set_connections(application, [connection], by=BY)
    return People(world, connection, user, web, secret, spa)


def ready_people(world: World) -> People:
    """`make_people` at a world that came from the record, from the record, too."""
    made = replayed(f"people of {world.tenant.name}", lambda: make_people(world))
    if made.world is not world:
        # A record holds rows that were inserted; this one is changed.
        world.api.allow_offline_access = True
        world.api.save()
        made.world = world
    return made


@pytest.fixture
def people(acme: World) -> People:
    return ready_people(acme)


@pytest.fixture
def strangers(globex: World) -> People:
    """The same people at the second tenant."""
    return ready_people(globex)
