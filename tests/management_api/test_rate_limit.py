"""How often a client may call: the headers, 429 beyond the limit, and counters that processes share (`wire.md` §2.4)."""

import time

import pytest

from tenants.rest import rate_limit
from tenants.rest.rate_limit import RateLimit
from tests.management_api.caller import Caller, error
from tests.throttle import conftest as stores

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")

# The two stores of the counters, each real: the run's database, and a Redis of the tests' own.
redis_url, never_asked, in_a_redis, counters = stores.redis_url, stores.never_asked, stores.in_a_redis, stores.counters


@pytest.fixture(autouse=True)
def five_a_minute(settings):
    settings.MANAGEMENT_API_REQUESTS_PER_MINUTE = 5


def told(response):
    """Limit, what remains, and seconds until the reset."""
    limit, remaining, resets_at = (int(response.headers[name]) for name in HEADERS)
    return limit, remaining, resets_at - time.time()


def test_every_answer_to_a_known_caller_says_how_many_calls_remain(acme):
    reader = Caller(acme, ("read:clients",))
    answers = [
        (reader.get("clients"), 200),
        (reader.get("roles"), 403),
        (reader.get("clients/nobody"), 404),
        (reader.get("clients", colour="red"), 400),
        (reader.get("no-such-resource"), 404),
    ]
    for spent, (response, status) in enumerate(answers, 1):
        limit, remaining, seconds = told(response)
        assert (response.status_code, limit, remaining) == (status, 5, 5 - spent)
        assert 0 < seconds <= 61


def test_nobody_is_told_anything_about_limits(acme):
    for headers in ({}, {"authorization": "Basic x"}, {"authorization": "Bearer x"}):
        response = acme.http(**headers).get("/api/v2/clients")
        assert response.status_code in (400, 401)
        assert not set(HEADERS) & set(response.headers)


def test_what_is_too_much_is_refused_with_the_time_to_wait(api2, acme):
    for _ in range(5):
        assert api2.get("roles").status_code == 200
    response = api2.post("roles", {"name": "One too many"})
    assert error(response) == (429, "too_many_requests", "Global limit has been reached")
    limit, remaining, seconds = told(response)
    assert (limit, remaining) == (5, 0)
    # Who comes back then is not refused again: rounded up.
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    assert abs(int(response.headers["Retry-After"]) - seconds) <= 2
    assert not acme.tenant.roles.exists()


def test_once_the_window_has_ended_calls_are_answered_again(api2, monkeypatch):
    for _ in range(6):
        refused = api2.get("roles")
    assert refused.status_code == 429
    stores.InDatabase().end_windows()
    for window in rate_limit._limits._windows.values():
        window.resets_at = time.time()
    assert told(api2.get("roles"))[:2] == (5, 4)


def test_each_client_and_each_tenant_has_its_own_limit(api2, other2, acme):
    for _ in range(6):
        response = api2.get("roles")
    assert response.status_code == 429
    assert other2.get("roles").status_code == 200
    neighbour = Caller(acme, ("read:roles",))
    assert neighbour.get("roles").status_code == 200


def test_with_zero_there_is_no_limit_and_no_header(api2, settings):
    settings.MANAGEMENT_API_REQUESTS_PER_MINUTE = 0
    for _ in range(10):
        response = api2.get("roles")
        assert response.status_code == 200
        assert not set(HEADERS) & set(response.headers)


def test_two_processes_learn_of_each_other_when_they_settle(counters, acme, monkeypatch):
    monkeypatch.setattr(rate_limit, "SETTLE_EVERY", 0.0)
    one, other = RateLimit(), RateLimit()
    left = [process.spend(acme.tenant.id, "client").remaining for process in (one, other, one, other, one, other, other)]
    assert left == [4, 3, 2, 1, 0, -1, -1]
    assert one.spend(acme.tenant.id, "another client").remaining == 4
    assert counters.size() == 2


def test_between_two_settlements_a_call_asks_no_store(counters, acme, monkeypatch):
    monkeypatch.setattr(rate_limit, "SETTLE_EVERY", 3600.0)
    one, other = RateLimit(), RateLimit()
    asked = []
    add = rate_limit.throttle.add
    monkeypatch.setattr(rate_limit.throttle, "add", lambda *told: asked.append(told) or add(*told))
    # Each counts by itself, from what it learnt when it settled last.
    assert [one.spend(acme.tenant.id, "client").remaining for _ in range(3)] == [4, 3, 2]
    assert [other.spend(acme.tenant.id, "client").remaining for _ in range(3)] == [3, 2, 1]
    assert len(asked) == 2
    # Then they settle, and both know of all.
    monkeypatch.setattr(rate_limit, "SETTLE_EVERY", 0.0)
    assert one.spend(acme.tenant.id, "client").remaining == 0
    assert other.spend(acme.tenant.id, "client").remaining == -1
    assert [told[1] for told in asked] == [1, 1, 3, 3]


def test_a_shared_window_that_ended_begins_anew(counters, acme, monkeypatch):
    monkeypatch.setattr(rate_limit, "SETTLE_EVERY", 0.0)
    process = RateLimit()
    assert [process.spend(acme.tenant.id, "client").remaining for _ in range(6)] == [4, 3, 2, 1, 0, -1]
    counters.end_windows()
    assert process.spend(acme.tenant.id, "client").remaining == 4


def test_a_process_does_not_remember_clients_without_end(acme, monkeypatch):
    monkeypatch.setattr(rate_limit, "MAX_CLIENTS", 3)
    process = RateLimit()
    for number in range(10):
        assert process.spend(acme.tenant.id, f"client {number}").remaining == 4
        assert len(process._windows) <= 3
