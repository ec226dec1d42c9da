"""/api/v2/logs: shape, pages, search and the walk forward (`wire.md` §2.6)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tenants import audit
from tenants.management_api import log_search
from tenants.models import LogEvent
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost

OLD = datetime(2026, 1, 31, 12, tzinfo=UTC)
MISSING = (404, "inexistent_log", "The log event does not exist")


def log_id(event):
    return f"{event.pk:054}"


@pytest.fixture
def told(api2, acme):
    """Five events of acme and no others."""
    audit.flush()
    LogEvent.objects.all().delete()
    shared = {"tenant": acme.tenant, "client_id": "shop", "client_name": "Shop"}
    return [
        LogEvent.objects.create(
            date=OLD, type="s", ip="192.0.2.1", user_name="ada@example.com", user_id="auth0|1", **shared
        ),
        LogEvent.objects.create(date=OLD + timedelta(hours=1), type="fp", ip="192.0.2.2", description="Wrong", **shared),
        LogEvent.objects.create(
            date=OLD + timedelta(days=1), type="fp", ip="192.0.2.1", audience="https://a.example/", **shared
        ),
        LogEvent.objects.create(date=OLD + timedelta(days=2), type="seccft", scope="read:a read:b", **shared),
        LogEvent.objects.create(date=OLD + timedelta(days=3), type="sapi", tenant=acme.tenant, hostname="acme.example.com"),
    ]


def found(api2, **query):
    response = api2.get("logs", **query)
    assert response.status_code == 200, response.content
    return [int(row["log_id"]) for row in response.json()]


def numbers(told, *positions):
    return [told[position].pk for position in positions]


def test_an_event_has_auth0s_members_and_leaves_out_what_it_does_not_say(api2, told):
    event = told[0]
    event.details = {"request_id": "r", "connection": "Users"}
    event.user_agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"
    event.save()
    shown = api2.get(f"logs/{log_id(event)}").json()
    assert shown == {
        "date": "2026-01-31T12:00:00.000Z",
        "type": "s",
        "connection": "Users",
        "client_id": "shop",
        "client_name": "Shop",
        "ip": "192.0.2.1",
        "user_agent": event.user_agent,
        "user_id": "auth0|1",
        "user_name": "ada@example.com",
        "details": {"request_id": "r", "connection": "Users"},
        "log_id": log_id(event),
        "_id": log_id(event),
        "isMobile": True,
        "tenant_name": "acme",
    }
    assert len(shown["log_id"]) == 54
    assert api2.get(f"logs/{log_id(told[1])}").json()["isMobile"] is False


@pytest.mark.parametrize("unknown", ["0", "9" * 54, "9" * 55, "nobody", "-1", "٣"])
def test_an_event_that_is_not_there_is_404(api2, unknown):
    assert error(api2.get(f"logs/{unknown}")) == MISSING


def test_pages_show_the_newest_first_unless_asked_otherwise(api2, told):
    assert found(api2) == numbers(told, 4, 3, 2, 1, 0)
    assert found(api2, sort="date:-1", page=1, per_page=2) == numbers(told, 2, 1)
    assert found(api2, sort="date:1", per_page=2) == numbers(told, 0, 1)


def test_totals_are_told_when_asked_for(api2, told):
    page = api2.get("logs", page=1, per_page=2, include_totals="true").json()
    assert [int(row["log_id"]) for row in page.pop("logs")] == numbers(told, 2, 1)
    assert page == {"start": 2, "limit": 2, "length": 2, "total": 5}


def test_of_an_endless_log_pages_show_only_so_much(api2, told, monkeypatch):
    monkeypatch.setattr(log_search, "MOST_BY_PAGE", 4)
    monkeypatch.setattr("tenants.management_api.logs.MOST_BY_PAGE", 4)
    assert api2.get("logs", per_page=2, page=1, include_totals="true").json()["total"] == 4
    status, code, message = error(api2.get("logs", per_page=2, page=2))
    assert (status, code) == (400, "invalid_query_string")
    assert "walk forward with from and take" in message


def test_the_walk_goes_forward_as_a_bare_list_and_meets_each_event_once(api2, told):
    assert found(api2, take=3) == numbers(told, 0, 1, 2)
    walked, after = [], "0"
    while page := api2.get("logs", take=2, **{"from": after}).json():
        assert isinstance(page, list)
        walked += [int(row["log_id"]) for row in page]
        after = page[-1]["log_id"]
    assert walked == numbers(told, 0, 1, 2, 3, 4)


def test_the_walk_stops_before_an_event_that_others_may_still_overtake(api2, told, acme):
    fresh = LogEvent.objects.create(tenant=acme.tenant, type="s", date=timezone.now())
    late = LogEvent.objects.create(tenant=acme.tenant, type="seccft", date=OLD)
    assert found(api2, **{"from": log_id(told[4])}) == []
    LogEvent.objects.filter(pk=fresh.pk).update(date=timezone.now() - timedelta(seconds=3))
    assert found(api2, **{"from": log_id(told[4])}) == [fresh.pk, late.pk]


@pytest.mark.parametrize("start", ["9" * 54, "9" * 30])
def test_beyond_the_end_there_is_nothing(api2, told, start):
    assert found(api2, **{"from": start}) == []


@pytest.mark.parametrize(
    ("q", "positions"),
    [
        ("type:fp", [2, 1]),
        ("type:(s OR seccft)", [3, 0]),
        ("type:fp AND ip:192.0.2.1", [2]),
        ("type:fp AND NOT ip:192.0.2.1", [1]),
        ('user_name:"ada@example.com"', [0]),
        ("client_name:sh*", [3, 2, 1, 0]),
        ("-_exists_:client_id", [4]),
        ("date:[2026-01-31 TO 2026-02-01]", [2, 1, 0]),
        ("date:{2026-01-31T12:00:00Z TO 2026-02-01T12:00:00.000Z}", [1]),
        ("date:>2026-02-01", [4, 3]),
        ('audience:"https://a.example/"', [2]),
        ("scope:*read\\:b", [3]),
        ("hostname:acme.example.com", [4]),
        ("description:wrong", [1]),
        (" ", [4, 3, 2, 1, 0]),
    ],
)
def test_a_search_finds_what_it_says_in_pages_and_on_the_walk(api2, told, q, positions):
    assert found(api2, q=q) == numbers(told, *positions)
    assert found(api2, search=q) == numbers(told, *positions)
    assert found(api2, q=q, take=50) == numbers(told, *reversed(positions))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"q": "colour:red"}, "Unknown field colour"),
        ({"q": "fp"}, "A value needs a field"),
        ({"q": "type:fp ip:192.0.2.1"}, "AND or OR stands between two conditions"),
        ({"search": "type:(fp"}, "on property search"),
        ({"q": "date:yesterday"}, "date: This field is a moment"),
        ({"q": "date:[0001-01-01T00:00:00+14:00 TO *]"}, "beyond what can be asked for"),
        ({"q": "type:[a TO b]"}, "no order"),
        ({"q": "type:a\x00"}, "Null characters"),
        ({"sort": "type:1"}, "on property sort"),
        ({"from": "nobody"}, "A log id is a number"),
        ({"take": "1", "sort": "date:-1"}, "the way is forward"),
        ({"per_page": "101"}, "on property per_page"),
    ],
)
def test_a_query_that_is_not_right_is_told_what_is_wrong_with_it(api2, query, reason):
    status, code, message = error(api2.get("logs", **query))
    assert (status, code) == (400, "invalid_query_string")
    assert reason in message


def test_only_the_fields_asked_for_are_shown(api2, told):
    assert api2.get("logs", fields="type", per_page=1).json() == [{"type": "sapi"}]
    assert "type" not in api2.get("logs", fields="type", include_fields="false", per_page=1).json()[0]


def test_T139_another_tenants_events_do_not_exist(api2, other2, told, globex):
    theirs = LogEvent.objects.create(tenant=globex.tenant, date=OLD, type="s", client_id="shop")
    assert error(api2.get(f"logs/{log_id(theirs)}")) == MISSING
    assert theirs.pk not in found(api2)
    assert theirs.pk not in found(api2, q="client_id:shop OR NOT client_id:shop")
    assert theirs.pk not in found(api2, take=50)
    assert not set(found(other2)) & {event.pk for event in told}
    assert not set(found(other2, take=50)) & {event.pk for event in told}


def test_who_reads_the_events_of_users_reads_them_here_too_and_others_do_not(acme):
    assert Caller(acme, ("read:logs_users",)).get("logs").status_code == 200
    assert error(Caller(acme, ("read:users",)).get("logs"))[:2] == (403, "insufficient_scope")


def test_a_list_costs_the_same_few_statements_however_long(api2, told, acme, monkeypatch):
    LogEvent.objects.bulk_create(LogEvent(tenant=acme.tenant, type="s", date=OLD) for _ in range(60))
    pages = [cost(monkeypatch, api2, "logs", per_page=size, include_totals="true", q="type:s") for size in (2, 50)]
    assert pages == [3, 3]
    assert [cost(monkeypatch, api2, "logs", take=size) for size in (2, 50)] == [2, 2]
