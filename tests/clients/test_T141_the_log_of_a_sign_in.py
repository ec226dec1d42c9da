"""What the real server writes while a person signs in: its log has the requests, and none of the secrets in them."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.canary import SECRET
from tests.clients.browser import Browser
from tests.clients.server import RealServer
from tests.clients.test_authlib import Shop


@pytest.mark.usefixtures("_trusted")
def test_T141_the_log_of_a_sign_in_holds_no_secret(server: RealServer, browser: Browser) -> None:
    shop = Shop(server)
    before = sum('"/oauth/revoke"' in line for line in log_lines(server))
    arrived = browser.visit(shop.login())["url"]
    token = shop.callback(arrived)
    new = shop.requests(token).refresh_token(refresh_token=token["refresh_token"])
    browser.visit(shop.oauth.logout_redirect(shop.request("/"), id_token_hint=token["id_token"]).headers["Location"])
    shop.requests(new).revoke_token(shop.endpoint("revocation"), token=new["refresh_token"])
    secrets = [token["refresh_token"], new["refresh_token"], *parse_qs(urlsplit(arrived).query)["code"]]
    secrets += [shop.known["client_secret"], server.person["password"], *browser.secrets]
    assert len(browser.secrets) >= 2, "the session's and the browser's own"
    lines = wait_for_requests(server, "/oauth/revoke", before + 1)
    assert not [line for line in lines if SECRET.search(line) or any(secret in line for secret in secrets)]


def log_lines(server: RealServer) -> list[str]:
    return [line for line in server.log.read_text().splitlines() if line.startswith('{"')]


def wait_for_requests(server: RealServer, path: str, count: int) -> list[str]:
    """All lines, once `count` requests to `path` are among them."""
    until = time.monotonic() + 60
    while sum(f'"{path}"' in line for line in log_lines(server)) < count:
        assert time.monotonic() < until, "the requests were not logged"
        time.sleep(0.1)
    return log_lines(server)
