"""The log is followed: what is new comes on top, in the right tenant, with the filters, and nothing is ever missed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tenants.models import LogEvent
from tests.console.conftest import address

OLD = timedelta(minutes=5)


def add(world, kind="seccft", ago=OLD, **columns):
    return LogEvent.objects.create(tenant=world.tenant, type=kind, date=timezone.now() - ago, **columns)


def new(console, world, **query):
    """The numbers of the new events, newest first, and the number to ask from the next time."""
    answer = console.get(address(LogEvent, "new", tenant=world.tenant.pk, **query))
    assert answer.status_code == 200
    page = answer.content.decode()
    return [int(number) for number in re.findall(r'data-event="(\d+)"', page)], int(
        re.search(r'data-after="(\d+)"', page)[1]
    )


@pytest.fixture
def start(acme):
    LogEvent.objects.all().delete()
    return add(acme)


def test_what_came_after_is_shown_newest_first_and_the_next_question_starts_there(ada, vera, acme, start):
    rows = [add(acme) for _ in range(3)]
    expected = [row.pk for row in reversed(rows)]
    for console in (ada, vera):
        assert new(console, acme, after=start.pk) == (expected, rows[-1].pk)
        assert new(console, acme, after=rows[-1].pk) == ([], rows[-1].pk)


def test_at_most_fifty_come_at_once_the_newest_of_them(ada, acme, start):
    rows = [add(acme) for _ in range(60)]
    numbers, after = new(ada, acme, after=start.pk)
    assert numbers == [row.pk for row in reversed(rows)][:50]
    assert after == rows[-1].pk


def test_an_event_that_is_younger_than_two_seconds_and_all_after_it_wait(ada, acme, start):
    settled = add(acme)
    young = add(acme, ago=timedelta(0))
    later = add(acme)
    assert new(ada, acme, after=start.pk) == ([settled.pk], settled.pk)
    LogEvent.objects.filter(pk=young.pk).update(date=timezone.now() - timedelta(seconds=3))
    assert new(ada, acme, after=settled.pk) == ([later.pk, young.pk], later.pk)


def test_the_page_begins_to_follow_from_what_is_settled(ada, acme, start):
    add(acme, ago=timedelta(0))
    context = ada.get(address(LogEvent, "changelist", outcome="refused")).context
    assert context["after"] == start.pk
    assert context["tail"] == address(LogEvent, "new", tenant=acme.tenant.pk, outcome="refused")


def test_the_filters_of_the_page_are_respected(ada, acme, start):
    add(acme, client_id="c1")
    wanted = add(acme, "feccft", client_id="c1")
    add(acme, "feccft", client_id="c2")
    latest = add(acme)
    assert new(ada, acme, after=start.pk, outcome="refused", client_id="c1") == ([wanted.pk], latest.pk)
    assert new(ada, acme, after=start.pk, last="hour", type="feccft", client_id="c1") == ([wanted.pk], latest.pk)


def test_there_is_nothing_to_follow_on_an_older_page_or_before_a_day_in_the_past(ada, acme, start):
    for query in ({"before": start.pk + 1}, {"until": "2026-01-01"}, {"since": "nonsense"}):
        assert "tail" not in ada.get(address(LogEvent, "changelist", **query)).context


def test_it_goes_on_in_its_tenant_when_the_operator_went_to_another(root, acme, globex, start):
    root.get(address(globex.api, "change", globex.api.pk))
    assert new(root, acme)[0] == [start.pk]


def test_another_tenants_events_are_not_followed(grace, ada, acme, globex, start):
    for tenant in (acme.tenant.pk, "", "x", "9" * 40, "-1", 0):
        assert grace.get(address(LogEvent, "new", tenant=tenant)).status_code == 404
    assert ada.get(address(LogEvent, "new")).status_code == 200


def test_what_is_no_filter_or_no_question_is_refused(ada, acme, start):
    for query in ({"after": "x"}, {"after": "9" * 30}, {"since": "x"}, {"outcome": "x"}):
        assert ada.get(address(LogEvent, "new", tenant=acme.tenant.pk, **query)).status_code == 404
    assert ada.post(address(LogEvent, "new", tenant=acme.tenant.pk)).status_code == 403
    assert new(ada, acme, after=0)[0] == [start.pk]


def test_an_empty_log_can_be_followed_too(ada, acme, start):
    LogEvent.objects.all().delete()
    context = ada.get(address(LogEvent, "changelist")).context
    assert context["after"] == 0
    first = add(acme)
    assert new(ada, acme, after=0) == ([first.pk], first.pk)
