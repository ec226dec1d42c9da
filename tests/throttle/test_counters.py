"""Counted attempts: the limit holds for whom it is meant, ends when it should, and tells nobody who tried."""

import time

import pytest
from django.db import connection, transaction

from tenants.models import Attempts
from tenants.throttle import Limit, forgive, network, spend
from tests.throttle.conftest import LOGIN, WHO, exhaust

BOB = ("42", "bob@example.com", "203.0.113.9")


def test_as_many_attempts_as_the_limit_says_go_ahead_and_the_next_hears_how_long_to_wait(counters):
    assert exhaust() == [0, 0, 0]
    assert 50 <= spend(LOGIN, *WHO) <= 60


@pytest.mark.parametrize(
    "other",
    [
        ("43", "ada@example.com", "203.0.113.9"),
        BOB,
        ("42", "ada@example.com", "203.0.113.10"),
        ("42", "ada@example.com"),
        ("42ada@example.com", "203.0.113.9"),
        ("42", 'ada@example.com", "203.0.113.9'),
        ("42\x00ada@example.com\x00203.0.113.9",),
    ],
)
def test_whoever_else_tries_is_counted_apart(counters, other):
    exhaust()
    assert spend(LOGIN, *WHO)
    assert spend(LOGIN, *other) == 0


def test_another_limit_counts_the_same_parts_apart(counters):
    exhaust()
    assert spend(Limit("reset", tries=3, seconds=60), *WHO) == 0


def test_a_success_forgives_its_own_attempts_and_nobody_elses(counters):
    exhaust()
    exhaust(*BOB)
    forgive(LOGIN, *WHO)
    assert exhaust() == [0, 0, 0]
    assert spend(LOGIN, *BOB)


def test_T124_attempts_beyond_the_limit_do_not_prolong_the_window(counters):
    exhaust()
    wait = spend(LOGIN, *WHO)
    time.sleep(1.1)
    assert 0 < spend(LOGIN, *WHO) < wait


def test_T124_after_the_window_the_whole_limit_is_there_again(counters):
    exhaust()
    assert spend(LOGIN, *WHO)
    counters.end_windows()
    assert exhaust() == [0, 0, 0]
    assert 50 <= spend(LOGIN, *WHO) <= 60


def test_neither_names_nor_addresses_are_stored(db, in_a_redis, settings):
    spend(LOGIN, *WHO)
    settings.REDIS_URL = ""
    spend(LOGIN, *WHO)
    [row], [key] = Attempts.objects.values(), in_a_redis.server.keys()
    assert key == b"latchkey:attempts:" + row["key"].encode()
    assert len(row["key"]) == 64
    assert not [part for part in WHO[1:] if part in f"{row}{key}"]


def test_in_a_transaction_whose_rollback_would_undo_it_an_attempt_is_an_error(db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        spend(LOGIN, *WHO)
    assert not Attempts.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_attempt_is_committed_when_it_is_counted():
    spend(LOGIN, *WHO)
    assert not connection.in_atomic_block
    assert Attempts.objects.get().count == 1


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_T124_an_ipv6_address_counts_as_its_network(address, counts_as):
    assert network(address) == counts_as
