from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.http import http_request
from tenants.rest.bearer import caller
from tenants.rest.errors import ManagementError


class ManagementView(APIView):
    """Base of every operation of /api/v2: authenticates first, answers errors in Auth0's shape."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        self.caller = caller(http_request(request))

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        if isinstance(exc, ManagementError):
            return exc.response()
        raise exc


class UnknownResource(ManagementView):
    """What /api/v2 says about a resource that it does not have: 401 without a good token, so that nobody can map it."""

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        raise ManagementError(404, "Not Found")


unknown_resource = UnknownResource.as_view()
