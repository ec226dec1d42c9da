"""Auth0's shape of a Management API error: `{statusCode, error, message, errorCode?}` (`wire.md` §2.3)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

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
        home_url = "/" if hasattr(request, "tenant") else ""
        return page("404.html", {"home_url": home_url}, status=404)
    return ManagementError(404, "Not Found").response()


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the reference that the log line has, and nothing of what went wrong."""
    reference = getattr(request, "request_id", "")
    if wants_page(request.META.get("HTTP_ACCEPT", "")):
        return page("500.html", {"reference": reference}, status=500)
    return JsonResponse(
        {"error": "server_error", "error_description": f"Something went wrong on our side. Reference: {reference}"},
        status=500,
    )
