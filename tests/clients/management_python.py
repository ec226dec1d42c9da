"""auth0-python's management client of one tenant, as a script of that tenant's operator makes it; and how it is asked.

The client gets host and port, client_id and client_secret. That the local CA is trusted is said by the environment only.
"""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.core.pagination import SyncPager

from tenants.config_cache import MAX_AGE
from tests.clients.server import RealServer

# It would send what it was refused for a conflict twice again, seconds later.
ONCE: Any = {"max_retries": 0}
LOOPBACK = "127.0.0.1"
# Within MAX_AGE each process of the server knows what another one changed.
SEEN_BY_ALL = MAX_AGE + 0.2


@contextmanager
def trusting(server: RealServer) -> Iterator[None]:
    """The operator's machine: it trusts the local CA, has no proxy before loopback, and knows names below .localhost."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, *rest: Any, **more: Any) -> Any:
        # RFC 6761 §6.3; not every resolver knows it.
        return resolve(LOOPBACK if str(host).endswith(".localhost") else host, *rest, **more)

    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("SSL_CERT_FILE", str(server.authority))
        machine.setenv("NO_PROXY", "localhost,.localhost")
        machine.setattr(socket, "getaddrinfo", resolved)
        # It logs addresses, and an authorization answer's address holds its code.
        machine.setattr(logging.getLogger("httpx"), "disabled", True)
        yield


@contextmanager
def client(server: RealServer, known: dict[str, str]) -> Iterator[ManagementClient]:
    """The management client of the application `known`: client_id and client_secret. It gets its tokens by itself."""
    secret = {name: known[name] for name in ("client_id", "client_secret")}
    # The SDK's own is never closed.
    with httpx.Client(timeout=300) as http:
        yield ManagementClient(domain=server.domain, httpx_client=http, **secret)


@contextmanager
def plain(server: RealServer) -> Iterator[httpx.Client]:
    """Without the SDK, for what it has no method for: with a token of the tenant's management application."""
    with httpx.Client(base_url=server.issuer, timeout=300) as http:
        asked = server.management | {"grant_type": "client_credentials"}
        token = http.post("/oauth/token", json=asked).raise_for_status().json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


def turned(pager: SyncPager[Any, Any], member: str) -> list[list[Any]]:
    """`member` of each item, page by page, as the SDK turns them."""
    return [[getattr(item, member) for item in page.items or []] for page in pager.iter_pages()]


def refused(call: Callable[..., Any], *arguments: Any, by: type[ApiError], **more: Any) -> tuple[Any, Any]:
    """`errorCode` and `message` of the refusal that the SDK raises as `by`."""
    with pytest.raises(by) as refusal:
        call(*arguments, request_options=ONCE, **more)
    body = refusal.value.body
    assert body["statusCode"] == refusal.value.status_code
    return body.get("errorCode"), body["message"]
