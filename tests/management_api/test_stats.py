"""/api/v2/stats: active users and the days (`wire.md` §2.6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tenants.models import LogEvent, User
from tenants.services import create_user
from tests.factories import BY
from tests.management_api.caller import error
from tests.management_api.statements import cost
from tests.people import PASSWORD

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def happened(world, moment, *types):
    for event_type in types:
        LogEvent.objects.create(tenant=world.tenant, date=moment, type=event_type)


def days(api2, first, last):
    response = api2.get("stats/daily", **{"from": first, "to": last})
    assert response.status_code == 200, response.content
    return {row["date"][:10]: (row["logins"], row["signups"]) for row in response.json()}


def test_active_users_are_those_who_signed_in_in_thirty_days_and_a_bare_number(api2, other2, people, strangers):
    assert api2.get("stats/active-users").json() == 0
    for number, since in enumerate((1, 29, 31)):
        user = create_user(people.connection, email=f"u{number}@example.com", password=PASSWORD, by=BY)
        User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(days=since))
    response = api2.get("stats/active-users")
    assert response.content == b"2"
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert other2.get("stats/active-users").json() == 0


def test_a_login_on_the_page_counts(api2, people):
    people.through(people.browser())
    assert api2.get("stats/active-users").json() == 1
    assert api2.get("stats/daily").json()[-1]["logins"] == 1


def test_days_are_counted_by_utc_and_empty_ones_are_there(api2, acme):
    happened(acme, NOON - timedelta(days=5), "s")
    happened(acme, NOON.replace(hour=0), "s", "s", "sepft", "ss", "ssa", "fp", "seccft")
    happened(acme, NOON.replace(hour=23, minute=59, second=59), "s")
    happened(acme, NOON + timedelta(days=2), "ss")
    happened(acme, NOON + timedelta(days=5), "s")
    assert days(api2, "20260309", "20260312") == {
        "2026-03-09": (0, 0),
        "2026-03-10": (4, 1),
        "2026-03-11": (0, 0),
        "2026-03-12": (0, 1),
    }


def test_an_event_that_was_written_late_counts_on_the_day_it_happened(api2, acme):
    """Numbers follow the writing, dates the happening: the range of numbers must not cut off what came in late."""
    happened(acme, NOON.replace(day=8, hour=22, minute=59), "s")
    happened(acme, NOON + timedelta(minutes=30), "s")
    happened(acme, NOON.replace(day=9, hour=23, minute=59), "s")
    happened(acme, NOON.replace(day=10, hour=0), "s")
    happened(acme, NOON.replace(day=9, hour=23, minute=58), "s")
    happened(acme, NOON.replace(day=8, hour=23, minute=1), "s")
    assert days(api2, "20260309", "20260310") == {"2026-03-09": (2, 0), "2026-03-10": (2, 0)}


def test_a_day_has_auth0s_members(api2):
    [row] = api2.get("stats/daily", **{"from": "20260310", "to": "20260310"}).json()
    assert row == {
        "date": "2026-03-10T00:00:00.000Z",
        "logins": 0,
        "signups": 0,
        "leaked_passwords": 0,
        "created_at": "2026-03-10T00:00:00.000Z",
        "updated_at": "2026-03-11T00:00:00.000Z",
    }


def test_without_a_range_it_is_the_last_thirty_days_and_none_is_still_to_come(api2):
    today = timezone.now().date()
    shown = [row["date"][:10] for row in api2.get("stats/daily").json()]
    assert shown == [(today - timedelta(days=29 - number)).isoformat() for number in range(30)]
    later = f"{today + timedelta(days=9):%Y%m%d}"
    assert list(days(api2, f"{today:%Y%m%d}", later)) == [today.isoformat()]
    assert days(api2, later, later) == {}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"from": "2026-03-10"}, "written YYYYMMDD"),
        ({"from": "20260231"}, "on property from"),
        ({"to": "0001010"}, "written YYYYMMDD"),
        ({"from": "00010101", "to": "00010102"}, "not before 20000101"),
        ({"from": "20240101", "to": "20250301"}, "At most 366 days"),
        ({"days": "3"}, "Additional properties"),
    ],
)
def test_a_range_that_is_not_right_is_refused(api2, query, reason):
    status, code, message = error(api2.get("stats/daily", **query))
    assert (status, code) == (400, "invalid_query_string")
    assert reason in message


def test_T139_another_tenants_events_do_not_count(api2, other2, globex):
    happened(globex, NOON, "s", "ss")
    assert days(api2, "20260310", "20260310") == {"2026-03-10": (0, 0)}
    assert days(other2, "20260310", "20260310") == {"2026-03-10": (1, 1)}


def test_a_year_costs_as_few_statements_as_a_day(api2, acme, monkeypatch):
    for month in range(1, 7):
        happened(acme, NOON.replace(month=month), "s", "ss")
    first = date(2026, 1, 1)
    for last in (first, date(2026, 6, 30)):
        query = {"from": f"{first:%Y%m%d}", "to": f"{last:%Y%m%d}"}
        assert cost(monkeypatch, api2, "stats/daily", **query) == 3
    assert cost(monkeypatch, api2, "stats/active-users") == 2
