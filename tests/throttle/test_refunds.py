"""An attempt that was none after all is given back, in whichever store it was counted."""

from tenants.models import Attempts
from tenants.throttle import refund, spend
from tests.throttle.conftest import LOGIN, WHO, exhaust

BOB = ("42", "bob@example.com", "203.0.113.9")


def test_a_refund_gives_back_one_attempt_and_no_more(counters):
    exhaust()
    refund(LOGIN, *WHO)
    assert spend(LOGIN, *WHO) == 0
    assert spend(LOGIN, *WHO) > 0


def test_a_refund_is_for_its_own_counter_only(counters):
    exhaust()
    exhaust(*BOB)
    refund(LOGIN, *BOB)
    assert spend(LOGIN, *WHO) > 0
    assert spend(LOGIN, *BOB) == 0


def test_refunds_of_what_was_never_spent_are_no_credit(counters):
    for _ in range(5):
        refund(LOGIN, *WHO)
    assert exhaust() == [0, 0, 0]
    assert spend(LOGIN, *WHO) > 0


def test_a_refund_does_not_prolong_the_window(counters):
    exhaust()
    refund(LOGIN, *WHO)
    spend(LOGIN, *WHO)
    assert 50 <= spend(LOGIN, *WHO) <= 60
    counters.end_windows()
    assert exhaust() == [0, 0, 0]


def test_L09_what_was_counted_while_redis_was_away_is_given_back_there(in_a_redis, settings, db):
    url, settings.REDIS_URL = settings.REDIS_URL, ""
    exhaust()
    settings.REDIS_URL = url
    refund(LOGIN, *WHO)
    assert Attempts.objects.get().count == 2


def test_what_redis_counted_is_not_given_back_a_second_time_in_the_database(in_a_redis, settings, db):
    url, settings.REDIS_URL = settings.REDIS_URL, ""
    exhaust()
    settings.REDIS_URL = url
    spend(LOGIN, *WHO)
    refund(LOGIN, *WHO)
    assert Attempts.objects.get().count == 3


def test_L09_a_refund_waits_for_no_redis_that_is_away(redis_down, db):
    exhaust()
    refund(LOGIN, *WHO)
    assert spend(LOGIN, *WHO) == 0
