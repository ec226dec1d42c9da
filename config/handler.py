"""Django's WSGI handler for a process that stays: what a token request never needs is not done for each (`make bench`).

Needs what a production process has: one URL table, one database, DEBUG off.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.core.cache import close_caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, reset_queries
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver


class Handler(WSGIHandler):
    """Answers as Django's does."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # type: ignore[override]
        """A finished answer as a list, which granian sends in one piece instead of asking for it part by part."""
        response: Any = super().__call__(environ, start_response)
        if getattr(response, "streaming", True):
            # A file among them: the server sends that by itself.
            return response  # type: ignore[no-any-return]
        response.close()
        return [response.content]

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        request.resolver_match = match = _resolve(request.path_info)
        return match


@lru_cache(maxsize=1024)
def _resolve(path: str) -> ResolverMatch:
    """The URL table is read once for each address; one that it does not know is not remembered."""
    return get_resolver().resolve(path)


def keep_house_once() -> None:
    """Django looks after every connection and cache four times a request. Once, at its start, keeps them sound:

    what broke is closed, and what is kept is tested before its first use.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    request_finished.disconnect(close_caches)
    request_started.connect(_look_after_connection)


def _look_after_connection(**_: Any) -> None:
    connection.close_if_unusable_or_obsolete()
