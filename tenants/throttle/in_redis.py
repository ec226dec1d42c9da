"""The counters in Redis, if `REDIS_URL` names one. The only door to the redis library.

Redis may be slow or away: then nothing here raises, callers count in the database instead, and Redis is left alone for a
while so that not every login waits for it.
"""

import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

T = TypeVar("T")

logger = structlog.get_logger("latchkey.throttle")

PREFIX = "latchkey:attempts:"
TIMEOUT_SECONDS = 0.5
PAUSE_SECONDS = 5.0

# A script is one step to everybody else, and in it no key expires between two commands. A counter that has lost its end gets
# a new one, so that nobody stays locked out.
COUNT = """
    local count = redis.call('INCRBY', KEYS[1], ARGV[2])
    local left = redis.call('PTTL', KEYS[1])
    if left < 0 then
        left = tonumber(ARGV[1])
        redis.call('PEXPIRE', KEYS[1], left)
    end
    return {count, left}
"""

UNCOUNT = """
    if tonumber(redis.call('GET', KEYS[1]) or 0) > 0 then
        redis.call('DECR', KEYS[1])
        return 1
    end
    return 0
"""


def count(key: str, seconds: int, tries: int = 1) -> tuple[int, float] | None:
    """As `database.count`; None when there is no Redis or it does not answer."""
    answer = _ask(lambda server: server.count(keys=[PREFIX + key], args=[seconds * 1000, tries]))
    return (int(answer[0]), int(answer[1]) / 1000) if answer else None


def uncount(key: str) -> bool:
    """As `database.uncount`. False when there was no count to take it off, no Redis, or no answer."""
    return bool(_ask(lambda server: server.uncount(keys=[PREFIX + key])))


def forget(key: str) -> None:
    """Drops the counter of `key`, if there is one and Redis answers."""
    _ask(lambda server: server.client.delete(PREFIX + key))


class _Server:
    """A Redis, and until when (`time.monotonic`) it is left alone."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # Once more, at once: a connection from the pool may have been closed by the other side.
            retry=Retry(NoBackoff(), 1),
        )
        self.count: Callable[..., Any] = self.client.register_script(COUNT)
        self.uncount: Callable[..., Any] = self.client.register_script(UNCOUNT)
        self.paused_until = 0.0


@lru_cache(maxsize=1)
def _server(urls: str) -> _Server:
    """The server that is written to: the first, as in Django's cache."""
    return _Server(re.split("[;,]", urls)[0])


def _ask(question: Callable[[_Server], T]) -> T | None:
    if not settings.REDIS_URL or time.monotonic() < (server := _server(settings.REDIS_URL)).paused_until:
        return None
    try:
        return question(server)
    except redis.RedisError as problem:
        server.paused_until = time.monotonic() + PAUSE_SECONDS
        # The kind only: a message may repeat the address, and a password stands in it.
        logger.warning("redis_unavailable", kind=type(problem).__name__, counted_in="database", seconds=PAUSE_SECONDS)
        return None
