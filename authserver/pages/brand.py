"""GET /u/brand.<version>.css: the tenant's colours. From the cached configuration; no SQL while that is warm."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from tenants.branding.stylesheet import stylesheet
from tenants.http import TenantRequest

_FOR_EVER = "public, max-age=31536000, immutable"


def brand(request: HttpRequest, version: str) -> HttpResponse:
    """The style sheet of this moment. Only under its own version may a cache keep it: a process may lag a second behind."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(("GET", "HEAD"))
    found = stylesheet(cast("TenantRequest", request).tenant)
    response = HttpResponse(found.text, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = _FOR_EVER if version == found.version else "no-store"
    return response
