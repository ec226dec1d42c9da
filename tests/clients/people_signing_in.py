"""People who really sign in to applications of a tenant, so that there are consents, sessions and refresh tokens."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.clients.browser import Browser
from tests.clients.server import RealServer

CALLBACK = "https://desk.example/callback"


@dataclass(frozen=True)
class Browsers:
    """The tenant's person with another browser for each visit, and so with another session."""

    tenant: RealServer

    def visit(self, address: str) -> dict[str, Any]:
        browser = Browser(self.tenant)
        try:
            return browser.visit(address)
        finally:
            browser.close()


def sign_in(tenant: RealServer, application: dict[str, Any], **asked: str) -> dict[str, Any]:
    """What the token endpoint answers to `application` when the tenant's person signed in."""
    client_id = application["client_id"]
    query = {"response_type": "code", "client_id": client_id, "redirect_uri": CALLBACK, "state": "x"} | asked
    came = Browsers(tenant).visit(f"{tenant.issuer}authorize?{urlencode(query)}")["url"]
    code = parse_qs(urlsplit(came).query)["code"][0]
    answer = _granted(tenant, application, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    return dict(answer.raise_for_status().json())


def refresh(tenant: RealServer, application: dict[str, Any], refresh_token: str) -> int:
    """The status of the token endpoint's answer to a refresh token."""
    return _granted(tenant, application, grant_type="refresh_token", refresh_token=refresh_token).status_code


def _granted(tenant: RealServer, application: dict[str, Any], **grant: str) -> httpx.Response:
    known = {name: application[name] for name in ("client_id", "client_secret")}
    return httpx.post(f"{tenant.issuer}oauth/token", json=known | grant, timeout=300)
