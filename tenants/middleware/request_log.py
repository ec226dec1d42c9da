"""Outermost: trusts or ignores the proxy's headers, gives the request an id, and writes one JSON line when it is answered.

The line has method, path, status and time; never the query, a header or a body, where secrets travel.
"""

import itertools
import os
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpResponse

from tenants.http import TenantRequest
from tenants.middleware.proxies import trust_proxy

logger = structlog.get_logger("latchkey.request")

# Asked every few seconds by a balancer: no news.
UNLOGGED = frozenset({"/livez", "/readyz"})


# A request id is unique, not secret: names of the process and a count cost less than new random bytes.
_PROCESS = secrets.token_hex(6)
_requests = itertools.count(1)


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[TenantRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponse:
        started = time.perf_counter()
        trust_proxy(request.META)
        request.request_id = request_id = f"{_PROCESS}{os.getpid():x}{next(_requests):08x}"
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response.headers["X-Auth0-RequestId"] = request_id
        if not response.streaming and "Content-Length" not in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
        if request.path not in UNLOGGED:
            logger.info(
                "request",
                method=request.method,
                path=request.path[:500],
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 2),
                ip=request.META.get("REMOTE_ADDR", ""),
            )
        return response
