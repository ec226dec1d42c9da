"""GET /api/v2/openapi.json and /api/v2/docs. Both are public: they say what the server can do, and nothing of a tenant."""

from typing import cast

import orjson
from csp.utils import build_policy
from django.http import Http404, HttpRequest, HttpResponse

from tenants.http import TenantRequest
from tenants.pages import page
from tenants.rest.openapi.document import document

# Swagger UI is a program in files of ours that asks this origin only.
_POLICY = {"form-action": ["'none'"]}


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document of this tenant's Management API. Raises Http404 for another method than GET."""
    _reads(request)
    found = orjson.dumps(document(cast("TenantRequest", request).tenant.issuer))
    return HttpResponse(found, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page to read and try out, with Swagger UI. Raises Http404 for another method than GET."""
    _reads(request)
    response = page("management_api.html")
    response.headers["Content-Security-Policy"] = build_policy(replace=_POLICY)
    return response


def _reads(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise Http404
