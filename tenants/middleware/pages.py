"""Django's middleware for pages, which steps aside when the request is for an endpoint.

A token request has no session, no cookie, no form and no page: it should not pay for them. `request.is_page` is set by
`TenantMiddleware`. Subclasses rather than a wrapper, because Django's own system checks look for these classes.
"""

from typing import Any

import csp.middleware
import whitenoise.middleware
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.middleware import clickjacking, common, csrf, security


class _OnPages:
    """Works on a request for a page, below `TenantMiddleware`, which tells."""

    get_response: Any

    def __call__(self, request: Any) -> Any:
        return super().__call__(request) if request.is_page else self.get_response(request)  # type: ignore[misc]


class _OnHTML:
    """Works on every HTML answer, error pages included, and on nothing else: JSON is neither rendered nor framed."""

    get_response: Any

    def __call__(self, request: Any) -> Any:
        if "text/html" in request.META.get("HTTP_ACCEPT", ""):
            return super().__call__(request)  # type: ignore[misc]
        return self.process_response(request, self.get_response(request))

    def process_response(self, request: Any, response: Any) -> Any:
        if response.headers.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)  # type: ignore[misc]
        return response


class SecurityMiddleware(security.SecurityMiddleware):
    """HSTS, nosniff and the referrer policy belong on every answer, so this one does not step aside."""

    def process_response(self, request: Any, response: Any) -> Any:
        answered = super().process_response(request, response)
        if not getattr(request, "is_page", True):
            # A login in a popup must still find the window that opened it (`wire.md` §1.9). No page there opens any.
            answered.headers.pop("Cross-Origin-Opener-Policy", None)
        return answered


class XFrameOptionsMiddleware(_OnHTML, clickjacking.XFrameOptionsMiddleware):
    pass


class CSPMiddleware(_OnHTML, csp.middleware.CSPMiddleware):
    pass


class WhiteNoiseMiddleware(_OnPages, whitenoise.middleware.WhiteNoiseMiddleware):
    pass


class SessionMiddleware(_OnPages, sessions.SessionMiddleware):
    pass


class CommonMiddleware(_OnPages, common.CommonMiddleware):
    pass


class CsrfViewMiddleware(_OnPages, csrf.CsrfViewMiddleware):
    def process_view(self, request: Any, *args: Any) -> Any:
        return super().process_view(request, *args) if request.is_page else None


class AuthenticationMiddleware(_OnPages, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(_OnPages, messages.MessageMiddleware):
    pass
