"""Answers of the protocol endpoints: JSON, never cached unless the endpoint says so."""

from typing import Any

import orjson
from django.http import HttpResponse

from authserver import dialects, errors
from authserver.profiles import profile
from tenants.http import TenantRequest


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """`body` as JSON that nobody may store (RFC 6749 §5.1)."""
    response = HttpResponse(orjson.dumps(body), content_type="application/json", status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def error_response(request: TenantRequest, error: errors.OAuthError) -> HttpResponse:
    """`error` in the dialect of the request's tenant (RFC 6749 §5.2)."""
    said = dialects.wording(profile(request.tenant.security_profile).dialect, error)
    headers = {}
    if said.status == 401 and "HTTP_AUTHORIZATION" in request.META:
        headers["WWW-Authenticate"] = f'Basic realm="{request.tenant.name}"'
    if said.status == 429:
        headers["Retry-After"] = error.particulars["seconds"]
    if said.status == 503:
        headers["Retry-After"] = "1"
    return json_response({"error": said.code, "error_description": said.text}, said.status, headers)
