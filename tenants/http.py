"""The request as our middleware leaves it, for annotations."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from tenants.config_cache import CurrentTenant


class TenantRequest(HttpRequest):
    """Never made, only named: a request for one tenant (`tenant` is unset for console and health), with its id for logs."""

    tenant: CurrentTenant
    request_id: str
    is_page: bool


def http_request(request: Request) -> TenantRequest:
    """The HttpRequest inside a DRF request, with what the middleware put on it."""
    return cast("TenantRequest", request._request)
