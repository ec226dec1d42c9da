"""Auth0's shape of a Management API error: `{statusCode, error, message, errorCode?}` (`wire.md` §2.3)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from tenants import languages
from tenants.branding.marks import image_sources, marks
from tenants.config_cache import CurrentTenant
from tenants.pages import page, wants_page


class ManagementError(Exception):
    """A refusal of the Management API. `message` goes to the client."""

    def __init__(self, status: int, message: str, error_code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.error_code = status, message, error_code

    def response(self) -> HttpResponse:
        body = {"statusCode": self.status, "error": HTTPStatus(self.status).phrase, "message": self.message}
        if self.error_code:
            body["errorCode"] = self.error_code
        response = JsonResponse(body, status=self.status)
        if self.status == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, as a page to who asks for one and as Auth0-shaped JSON to everyone else.

    A page of a tenant leads to its start page; at a host that nobody knows, and in the console, there is none.
    """
    if wants_page(request.META.get("HTTP_ACCEPT", "")):
        with languages.shown_to(request):
            return _missing(getattr(request, "tenant", None))
    return ManagementError(404, "Not Found").response()


def _missing(tenant: CurrentTenant | None) -> HttpResponse:
    if tenant is None:
        return page("404.html", status=404)
    return page("404.html", marks(tenant) | {"home_url": "/"}, status=404, image_sources=image_sources(tenant))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the reference that the log line has, and nothing of what went wrong."""
    reference = getattr(request, "request_id", "")
    if wants_page(request.META.get("HTTP_ACCEPT", "")):
        # Nothing of the tenant's: what broke may be just that.
        with languages.shown_to(request):
            return page("500.html", {"reference": reference}, status=500)
    return JsonResponse(
        {"error": "server_error", "error_description": f"Something went wrong on our side. Reference: {reference}"},
        status=500,
    )
