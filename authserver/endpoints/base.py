"""The DRF view that the protocol's endpoints are: one media type in, one out, nothing negotiated, errors in one place."""

from typing import Any

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from authserver import cors, errors
from authserver.endpoints.responses import error_response
from authserver.id_tokens import NoReadableSecretError
from tenants.http import TenantRequest, http_request
from tenants.keys.keyring import NoSigningKeyError

logger = structlog.get_logger("latchkey.endpoint")


class _NothingToNegotiate(BaseContentNegotiation):
    """JSON, whatever the Accept header says: an OAuth client gets the same answer from every server."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], "application/json"


_NOTHING_TO_NEGOTIATE = _NothingToNegotiate()


class OAuthEndpoint(APIView):
    """Base of an endpoint. A subclass answers `post` (or `get`) with an HttpResponse or raises OAuthError."""

    content_negotiation_class = _NothingToNegotiate
    # DRF would add Allow and Vary to every answer.
    default_response_headers: dict[str, str] = {}

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Without parsers and authenticators: `params` reads the body, `client_auth` asks who it is."""
        return Request(request, negotiator=_NOTHING_TO_NEGOTIATE, parser_context={})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing to negotiate, no version, no user and no throttle of DRF's."""

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        request = http_request(self.request)
        if isinstance(exc, MethodNotAllowed):
            exc = errors.MethodNotAllowed(method=request.method or "", allowed=" or ".join(self.methods))
        elif isinstance(exc, NoSigningKeyError | NoReadableSecretError):
            exc = errors.TemporarilyUnavailable(reason=str(exc))
        elif isinstance(exc, DatabaseError):
            logger.error("database_unavailable", exc_info=exc)
            exc = errors.TemporarilyUnavailable(reason="The database did not answer.")
        if not isinstance(exc, errors.OAuthError):
            raise exc
        self.refused(exc)
        return self.error_response(request, exc)

    def error_response(self, request: TenantRequest, error: errors.OAuthError) -> HttpResponse:
        """`error` as this endpoint says it."""
        return error_response(request, error)

    def refused(self, error: errors.OAuthError) -> None:
        """Told of every refusal, so that an endpoint can record it."""

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """A preflight is answered by `cors` on the way out; it has no body."""
        return HttpResponse(status=204)

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        finished = super().finalize_response(request, response, *args, **kwargs)
        if "HTTP_ORIGIN" in http_request(request).META:
            cors.allow_registered_origin(http_request(request), finished, ", ".join(self.methods))
        if finished.status_code == 405:
            finished.headers["Allow"] = ", ".join([*self.methods, "OPTIONS"])
        return finished

    @property
    def methods(self) -> list[str]:
        """The methods that a subclass answers."""
        return [name for name in ("GET", "POST") if hasattr(self, name.lower())]
