"""A hundred guesses at once: the counter is not outrun (T-125)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tenants.models import Attempts
from tenants.throttle import Limit, spend
from tests.throttle.conftest import WHO, InDatabase, exhaust

HANDS = 100
LIMIT = Limit("login", tries=10, seconds=600)

needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection")


def guesses_at_once():
    """What each of a hundred attempts, started together, is answered. Each has a database connection of its own."""
    start = threading.Barrier(HANDS)

    def guess(_):
        start.wait(120)
        try:
            return spend(LIMIT, *WHO)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(guess, range(HANDS)))


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_T125_the_database_lets_through_what_the_limit_says():
    assert guesses_at_once().count(0) == 10
    assert Attempts.objects.get().count == HANDS


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_T125_a_window_that_just_ended_is_opened_once():
    exhaust(limit=LIMIT)
    InDatabase().end_windows()
    assert guesses_at_once().count(0) == 10
    assert Attempts.objects.get().count == HANDS


def test_T125_redis_lets_through_what_the_limit_says(in_a_redis):
    assert guesses_at_once().count(0) == 10
    assert int(in_a_redis.server.get(in_a_redis.server.keys()[0])) == HANDS
