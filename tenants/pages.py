"""Pages that people see outside the console: home and errors now, login and consent later. They need no script.

Each carries the strict policy itself: the middleware for pages steps aside for endpoints, and a host that nobody knows
never gets as far as that.
"""

from typing import Any

from csp.utils import build_policy
from django.http import HttpResponse
from django.template.loader import render_to_string


def page(template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """`template` as an answer that no cache keeps and no frame shows. Without request: it works when nothing else does."""
    response = HttpResponse(render_to_string(template, context), status=status)
    response.headers["Content-Security-Policy"] = build_policy(replace={"script-src": ["'none'"], "connect-src": ["'none'"]})
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def wants_page(accept: str) -> bool:
    """Whether an Accept header is a browser's."""
    return "text/html" in accept
