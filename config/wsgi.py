"""The WSGI application that granian (or any WSGI server) loads as `config.wsgi:application`."""

import gc
import os
from collections.abc import Iterable
from typing import Any

from django.core import signals
from django.core.cache import close_caches
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's answer; a finished one as a list, which granian sends in one piece instead of asking for it part by part."""
    response: Any = _django(environ, start_response)
    if response.streaming:
        return response  # type: ignore[no-any-return]
    response.close()
    return [response.content]


# Django looks over every database and cache connection at the start and at the end of each request, which costs a tenth of
# a token. Once is enough, at the start: it closes what broke and has what is kept tested before its first use.
signals.request_started.disconnect(reset_queries)
signals.request_finished.disconnect(close_old_connections)
signals.request_finished.disconnect(close_caches)

# What start-up made lives as long as the process: the garbage collector need not look through it again and again. What a
# request makes is gone with it, almost all without the collector, which by default looks every 700 objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)
