"""Our tokens at APIs that Auth0's own libraries protect, unmodified: express-oauth2-jwt-bearer and auth0-api-python."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from auth0_api_python import ApiClient, ApiClientOptions
from auth0_api_python.errors import BaseAuthError

from tests.clients import node, tokens
from tests.clients.provision import STRICT_API
from tests.clients.server import RealServer
from tests.clients.tokens import Tokens

BAD = (
    "audience",
    "issuer",
    "expired",
    "another tenant's key",
    "alg none",
    "HS256 with the public key",
    "more scopes",
    "garbage",
    "empty",
)


@pytest.fixture(scope="module")
def issued(server: RealServer) -> Tokens:
    return tokens.gather(server, STRICT_API)


@pytest.fixture(scope="module")
def express(server: RealServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """protected_api.mjs while it runs."""
    settings = {"issuer": server.issuer, "audience": server.audience, "strictAudience": STRICT_API}
    settings |= {"otherIssuer": server.tenants["staging"]["issuer"]}
    command = [*node.command(), "--require", str(node.HERE / "localhost_names.cjs"), str(node.HERE / "protected_api.mjs")]
    environment = {"PATH": "", "NODE_EXTRA_CA_CERTS": str(server.authority)}
    log = tmp_path_factory.mktemp("express") / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, log.read_text()
        with httpx.Client(base_url=f"http://127.0.0.1:{json.loads(line)['port']}", trust_env=False, timeout=300) as http:
            yield http
    finally:
        process.kill()
        process.communicate()


def called(express: httpx.Client, path: str, token: str | None, method: str = "GET") -> tuple[int, str]:
    """Status and WWW-Authenticate of a call with `token`."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = express.request(method, path, headers=headers)
    return answer.status_code, answer.headers.get("WWW-Authenticate", "")


def test_express_accepts_a_good_token_and_hands_its_claims_on(express: httpx.Client, issued: Tokens) -> None:
    answer = express.get("/orders", headers={"Authorization": f"Bearer {issued.good}"})
    assert answer.json() == jwt.decode(issued.good, options={"verify_signature": False})
    assert called(express, "/others/orders", issued.others) == (200, "")


@pytest.mark.parametrize("wrong", BAD)
def test_express_refuses_every_other_token(express: httpx.Client, issued: Tokens, wrong: str) -> None:
    status, challenge = called(express, "/orders", issued.bad[wrong])
    assert status == 401
    assert 'Bearer realm="api", error="invalid_token"' in challenge


def test_express_refuses_who_comes_without_a_token(express: httpx.Client) -> None:
    status, challenge = called(express, "/orders", None)
    assert status == 401
    assert challenge.startswith('Bearer realm="api"')
    assert "error" not in challenge


def test_express_refuses_a_scope_that_the_token_lacks(express: httpx.Client, issued: Tokens) -> None:
    status, challenge = called(express, "/orders", issued.good, "DELETE")
    assert status == 403
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="delete:orders"' in challenge


def test_express_accepts_strictly_what_is_as_rfc_9068_says_and_nothing_else(express: httpx.Client, issued: Tokens) -> None:
    assert called(express, "/strict/stock", issued.strict) == (200, "")
    assert called(express, "/strict/stock", issued.good)[0] == 401
    status, challenge = called(express, "/strict/orders", issued.good)
    assert status == 401
    assert "typ" in challenge


class Orders:
    """A small API that auth0-api-python protects. Scopes are its own to compare: the library hands on the claims."""

    def __init__(self, server: RealServer) -> None:
        self._client = ApiClient(ApiClientOptions(domain=server.domain, audience=server.audience))

    def call(self, token: str | None, scope: str = "read:orders") -> tuple[int, str, dict[str, Any]]:
        """Status, error code, claims."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            claims = asyncio.run(self._client.verify_request(headers))
        except BaseAuthError as refusal:
            return refusal.get_status_code(), refusal.get_error_code(), {}
        allowed = scope in claims["scope"].split()
        return (200, "", claims) if allowed else (403, "insufficient_scope", {})


@pytest.fixture
def orders(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> Orders:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    monkeypatch.setenv("NO_PROXY", "localhost")
    return Orders(server)


def test_auth0_api_python_accepts_a_good_token_and_hands_its_claims_on(orders: Orders, issued: Tokens) -> None:
    claims = jwt.decode(issued.good, options={"verify_signature": False})
    assert orders.call(issued.good) == (200, "", claims)
    assert orders.call(issued.good, "delete:orders")[:2] == (403, "insufficient_scope")


@pytest.mark.parametrize("wrong", BAD)
def test_auth0_api_python_refuses_every_other_token(orders: Orders, issued: Tokens, wrong: str) -> None:
    assert orders.call(issued.bad[wrong])[:2] == (401, "invalid_token")


def test_auth0_api_python_refuses_who_comes_without_a_token(orders: Orders) -> None:
    assert orders.call(None)[:2] == (400, "invalid_request")
