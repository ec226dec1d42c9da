"""What may go wrong with Redis (L-09): the limit holds in the database meanwhile, and nobody waits long."""

import socket
import time

import pytest

from tenants.models import Attempts
from tenants.throttle import forgive, in_redis, spend
from tests.throttle.conftest import LOGIN, WHO, exhaust

pytestmark = pytest.mark.django_db


def test_a_redis_that_answers_is_the_only_one_that_counts(in_a_redis):
    exhaust()
    assert (in_a_redis.size(), Attempts.objects.count()) == (1, 0)


def test_L09_without_redis_the_limit_holds_in_the_database(redis_down):
    assert exhaust() == [0, 0, 0]
    assert 50 <= spend(LOGIN, *WHO) <= 60
    forgive(LOGIN, *WHO)
    assert spend(LOGIN, *WHO) == 0


def test_L09_one_warning_says_so_and_keeps_the_password(redis_down, capsys):
    capsys.readouterr()
    exhaust()
    lines = capsys.readouterr().out
    assert lines.count("redis_unavailable") == 1
    assert "ConnectionError" in lines
    assert "the-redis-password" not in lines


def test_L09_a_redis_that_hangs_is_waited_for_once(never_asked, settings):
    never_asked.setattr(in_redis, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        started = time.monotonic()
        assert exhaust() == [0, 0, 0]
        assert spend(LOGIN, *WHO)
        assert 0.2 <= time.monotonic() - started < 2
    assert Attempts.objects.get().count == 4


def test_L09_a_redis_that_refuses_to_write_is_replaced_until_it_recovers(in_a_redis, monkeypatch):
    monkeypatch.setattr(in_redis, "PAUSE_SECONDS", 0.1)
    in_a_redis.server.config_set("maxmemory", "1")
    assert spend(LOGIN, *WHO) == 0
    assert (in_a_redis.size(), Attempts.objects.get().count) == (0, 1)
    in_a_redis.server.config_set("maxmemory", "0")
    time.sleep(0.15)
    assert spend(LOGIN, *WHO) == 0
    assert (in_a_redis.size(), Attempts.objects.get().count) == (1, 1)


def test_L09_a_success_forgives_what_was_counted_while_redis_was_away(in_a_redis, settings):
    url, settings.REDIS_URL = settings.REDIS_URL, ""
    exhaust()
    settings.REDIS_URL = url
    forgive(LOGIN, *WHO)
    settings.REDIS_URL = ""
    assert spend(LOGIN, *WHO) == 0


def test_T124_a_counter_that_lost_its_end_gets_one(in_a_redis):
    exhaust()
    [key] = in_a_redis.server.keys()
    in_a_redis.server.persist(key)
    assert spend(LOGIN, *WHO) == 60
    assert in_a_redis.server.ttl(key) > 0


def test_of_several_redis_addresses_the_first_counts(in_a_redis, settings):
    settings.REDIS_URL += ",redis://127.0.0.1:1/0"
    exhaust()
    assert spend(LOGIN, *WHO)
    assert in_a_redis.size() == 1
