"""The view that the protocol's endpoints are: errors in one place, and the origins that a browser may call from."""

from typing import Any

import structlog
from django.db import DatabaseError
from django.http import HttpResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request

from authserver import cors, errors
from authserver.endpoints.responses import error_response
from authserver.id_tokens import NoReadableSecretError
from tenants.endpoint import PlainAPIView
from tenants.http import TenantRequest, http_request
from tenants.keys.keyring import NoSigningKeyError

logger = structlog.get_logger("latchkey.endpoint")


class OAuthEndpoint(PlainAPIView):
    """Base of an endpoint. A subclass answers `post` (or `get`) with an HttpResponse or raises OAuthError."""

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
        return [name for name in ("GET", "POST", "PUT", "DELETE") if hasattr(self, name.lower())]
