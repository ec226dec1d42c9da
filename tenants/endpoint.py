"""The DRF view that every endpoint is: one media type in, one out, nothing negotiated."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView


class _NothingToNegotiate(BaseContentNegotiation):
    """JSON, whatever the Accept header says: a client gets the same answer from every server."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], "application/json"


_NOTHING_TO_NEGOTIATE = _NothingToNegotiate()


class PlainAPIView(APIView):
    """A subclass answers methods with an HttpResponse. DRF's phases before them do nothing."""

    content_negotiation_class = _NothingToNegotiate
    # DRF would add Allow and Vary to every answer.
    default_response_headers: dict[str, str] = {}

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Without parsers and authenticators: what the request carries is read where it is judged."""
        return Request(request, negotiator=_NOTHING_TO_NEGOTIATE, parser_context={})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing to negotiate, no version, no user and no throttle of DRF's."""

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """An answer without a body; what it allows stands in its headers, if anything."""
        return HttpResponse(status=204)
