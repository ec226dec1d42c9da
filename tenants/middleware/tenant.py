"""Host → tenant. Everything below this middleware belongs to exactly one tenant, or is the console or a health check.

The issuer comes from the configured domain that the Host matches, never from the header itself (T-049).
"""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404

from tenants import config_cache
from tenants.http import TenantRequest
from tenants.rest.errors import not_found

CONSOLE = "/admin/"
HEALTH = frozenset({"/livez", "/readyz"})
STATIC = "/static/"
# Public and cacheable, so better stale than missing while the database is away.
METADATA = "/.well-known/"


class TenantMiddleware:
    def __init__(self, get_response: Callable[[TenantRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponse:
        path = request.path
        request.is_page = False
        if path in HEALTH:
            return self.get_response(request)
        host = canonical_host(request)
        if path.startswith((CONSOLE, STATIC)) or path == CONSOLE.rstrip("/"):
            # Static files serve the pages of every host.
            if path.startswith(CONSOLE) and settings.CONSOLE_HOSTS and host not in settings.CONSOLE_HOSTS:
                return not_found(request, Resolver404())
            request.is_page = True
            return self.get_response(request)
        try:
            tenant = config_cache.resolve(host, stale_ok=path.startswith(METADATA))
        except DatabaseError:
            structlog.get_logger("latchkey.tenant").exception("database_unavailable")
            return unavailable()
        return not_found(request, Resolver404()) if tenant is None else self._at(tenant, request)

    def _at(self, tenant: config_cache.CurrentTenant, request: TenantRequest) -> HttpResponse:
        structlog.contextvars.bind_contextvars(tenant=tenant.name)
        if tenant.scheme == "https" and request.scheme != "https":
            return _wrong_scheme(tenant)
        request.tenant = tenant
        return self.get_response(request)


def canonical_host(request: HttpRequest) -> str:
    """The Host header in the form that `Domain.host` is stored in: lower case, without the scheme's own port."""
    host: str = request.META.get("HTTP_HOST", "").lower()
    return host.removesuffix(":443" if request.scheme == "https" else ":80")


def unavailable() -> HttpResponse:
    """503 while the database is away; clients may try again in a second."""
    return JsonResponse(
        {"error": "temporarily_unavailable", "error_description": "Please try again in a moment."},
        status=503,
        headers={"Retry-After": "1", "Cache-Control": "no-store"},
    )


def _wrong_scheme(tenant: config_cache.CurrentTenant) -> HttpResponse:
    """421: what came over plain http may have been read on the way, so it is not acted upon (RFC 9700 §2.6)."""
    return JsonResponse(
        {
            "error": "invalid_request",
            "error_description": f"{tenant.host} is served over https only. If a proxy ends TLS in front of this server, "
            "name its address in TRUSTED_PROXIES.",
        },
        status=421,
    )
