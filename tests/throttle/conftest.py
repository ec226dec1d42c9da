"""The two stores of the counters, each real: the run's database, and a Redis of the tests' own."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone

from tenants.models import Attempts
from tenants.throttle import Limit, in_redis, spend
from tests.postgres import free_port
from tests.throttle.redis_server import temporary_redis

LOGIN = Limit("login", tries=3, seconds=60)
WHO = ("42", "ada@example.com", "203.0.113.9")


def exhaust(*parts: str, limit: Limit = LOGIN) -> list[int]:
    """As many attempts as `limit` allows, and what each was answered."""
    return [spend(limit, *(parts or WHO)) for _ in range(limit.tries)]


class InDatabase:
    def end_windows(self) -> None:
        Attempts.objects.update(resets_at=timezone.now() - timedelta(seconds=1))

    def size(self) -> int:
        return Attempts.objects.count()


class InRedis:
    """`server` is a client of the Redis, for what the product does not do."""

    def __init__(self, url: str) -> None:
        self.server = redis.Redis.from_url(url)
        self.server.config_set("maxmemory", "0")
        self.server.flushall()

    def end_windows(self) -> None:
        for key in self.server.scan_iter():
            self.server.pexpire(key, 1)
        time.sleep(0.05)

    def size(self) -> int:
        return int(self.server.dbsize())


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with temporary_redis() as url:
        yield url


@pytest.fixture
def never_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The process knows of no Redis yet, neither one that answers nor one that is left alone."""
    in_redis._server.cache_clear()
    yield monkeypatch
    in_redis._server.cache_clear()


@pytest.fixture
def in_a_redis(redis_url: str, settings: Any, never_asked: pytest.MonkeyPatch) -> Iterator[InRedis]:
    # A busy test machine must not look like a Redis that is away.
    never_asked.setattr(in_redis, "TIMEOUT_SECONDS", 30)
    settings.REDIS_URL = redis_url
    counters = InRedis(redis_url)
    yield counters
    counters.server.close()


@pytest.fixture
def redis_down(settings: Any, never_asked: pytest.MonkeyPatch) -> None:
    """A REDIS_URL at which nobody answers."""
    settings.REDIS_URL = f"redis://user:the-redis-password@127.0.0.1:{free_port()}/0"


@pytest.fixture(params=["database", "redis"])
def counters(request: pytest.FixtureRequest, db: None) -> Any:
    """The same story with either store."""
    return InDatabase() if request.param == "database" else request.getfixturevalue("in_a_redis")
