"""A browser with scripts off and a person in front of it: follows redirects, fills in forms, clicks. Knows no protocol."""

import ssl
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from tests.clients.server import RealServer

MAX_STEPS = 12


class Form(HTMLParser):
    """The first form of a page: where it goes, and the hidden fields that go with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.hidden: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = found.get("action") or ""
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[str(found["name"])] = found.get("value") or ""


class Browser:
    """One person's cookies. `shown` are the paths of the forms that they sent, `secrets` the cookies' values so far."""

    def __init__(self, server: RealServer) -> None:
        trust = ssl.create_default_context(cafile=server.authority)
        headers = {"Accept": "text/html,application/xhtml+xml"}
        self.http = httpx.Client(verify=trust, trust_env=False, headers=headers, timeout=300)
        self.issuer = server.issuer
        self.shown: list[str] = []
        self.secrets: set[str] = set()
        self._typed: dict[str, dict[str, str]] = {
            "/u/login": {"username": server.person["email"], "password": server.person["password"], "action": "login"},
            "/u/consent": {"action": "allow"},
            "/u/logout": {"action": "yes"},
        }

    def visit(self, address: str) -> dict[str, Any]:
        """Goes on until the server lets go: `url` is where the person ends, `fields` what a form posts there, if one does.

        Ends at the server itself when it shows a page without a form.
        """
        response = self.http.get(address)
        for _ in range(MAX_STEPS):
            assert response.status_code < 400, (response.status_code, response.text)
            self.secrets.update(response.cookies.values())
            if response.is_redirect:
                target = urljoin(str(response.url), response.headers["Location"])
                if not target.startswith(self.issuer):
                    return {"url": target, "fields": None}
                response = self.http.get(target)
                continue
            form = Form(response.text)
            if form.action is None:
                return {"url": str(response.url), "fields": None}
            target = urljoin(str(response.url), form.action)
            if not target.startswith(self.issuer):
                return {"url": target, "fields": form.hidden}
            path = urlsplit(target).path
            self.shown.append(path)
            response = self.http.post(target, data=form.hidden | self._typed[path])
        raise AssertionError(f"The server does not come to an end: {self.shown}")

    def close(self) -> None:
        self.http.close()
