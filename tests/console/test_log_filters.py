"""The log can be asked by outcome, type, application, person, API and time, alone and together; nonsense is told kindly."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tenants.admin import log_search, log_statements
from tenants.models import LogEvent
from tests import factories
from tests.console.conftest import address


def add(world, kind="seccft", *, ago=timedelta(0), **columns):
    return LogEvent.objects.create(tenant=world.tenant, type=kind, date=timezone.now() - ago, **columns)


def ask(console, **query):
    answer = console.get(address(LogEvent, "changelist", **query))
    assert answer.status_code == 200, answer.status_code
    return answer


def listed(console, **query):
    return list(ask(console, **query).context["cl"].result_list)


@pytest.fixture
def log(acme):
    """A few events of acme, newest last, by name; what the fixtures left is not among them."""
    LogEvent.objects.all().delete()
    return {
        "issued": add(acme, "seccft", ago=timedelta(days=5), client_id="c1", audience="urn:a", ip="192.0.2.1"),
        "refused": add(
            acme, "feccft", ago=timedelta(hours=5), client_id="c1", audience="urn:b", details={"reason": "NotGranted"}
        ),
        "other": add(
            acme, "feccft", ago=timedelta(minutes=30), client_id="c2", audience="urn:a", details={"reason": "ClosedToAll"}
        ),
        "login": add(acme, "s", ago=timedelta(minutes=20), client_id="c2", user_id="auth0|1", user_name="ada@example.com"),
        "typed": add(acme, "fp", ago=timedelta(minutes=10), client_id="c2", user_name="Ada@example.com"),
        "change": add(acme, "sapi", user_name="ada"),
    }


FILTERS = [
    ({"outcome": "refused"}, ["typed", "other", "refused"]),
    ({"outcome": "changes"}, ["change"]),
    ({"type": "feccft"}, ["other", "refused"]),
    ({"client_id": "c1"}, ["refused", "issued"]),
    ({"audience": "urn:a"}, ["other", "issued"]),
    ({"user": "auth0|1"}, ["login"]),
    ({"user": "ada@example.com"}, ["login"]),
    ({"user": "Ada@example.com"}, ["typed", "login"]),
    ({"user": "ada"}, ["change"]),
    ({"last": "hour"}, ["change", "typed", "login", "other"]),
    ({"last": "day"}, ["change", "typed", "login", "other", "refused"]),
    ({"last": "week"}, ["change", "typed", "login", "other", "refused", "issued"]),
    ({"reason": "NotGranted"}, ["refused"]),
    ({"q": "192.0.2.1"}, ["issued"]),
    ({"outcome": "refused", "client_id": "c2"}, ["typed", "other"]),
    ({"outcome": "refused", "client_id": "c2", "audience": "urn:a"}, ["other"]),
    ({"type": "feccft", "client_id": "c1", "last": "day"}, ["refused"]),
    ({"type": "feccft", "client_id": "c1", "last": "hour"}, []),
    ({"q": "c2", "user": "auth0|1"}, ["login"]),
    ({"reason": "NotGranted", "client_id": "c2"}, []),
    ({"reason": "NotGranted", "outcome": "changes"}, []),
    ({"type": "s", "outcome": "refused"}, []),
    ({"type": "fp", "outcome": "refused"}, ["typed"]),
]


@pytest.mark.parametrize(("query", "names"), FILTERS, ids=str)
def test_each_filter_and_several_together_find_what_fits(query, names, ada, vera, log):
    for console in (ada, vera):
        assert listed(console, **query) == [log[name] for name in names]


@pytest.mark.parametrize(("query", "names"), FILTERS, ids=str)
def test_the_same_is_found_when_the_window_is_narrow_and_one_goes_on_looking_back(query, names, ada, log, monkeypatch):
    monkeypatch.setattr(log_statements, "WINDOW", 40)
    monkeypatch.setattr(log_statements, "_share", lambda legs: 1)
    found, url = [], address(LogEvent, "changelist", **query)
    for _ in range(12):
        context = ada.get(url).context
        found += context["cl"].result_list
        if not (url := context["older"]):
            break
    assert found == [log[name] for name in names]
    assert not url


@pytest.mark.parametrize(("query", "names"), FILTERS, ids=str)
def test_a_filter_never_reaches_into_another_tenant(query, names, grace, globex, log):
    assert not {event.pk for event in listed(grace, **query)} & {event.pk for event in log.values()}


def test_a_time_from_and_until_is_in_utc_and_without_its_end(ada, log):
    refused = log["refused"].date
    at = {"since": f"{refused:%Y-%m-%dT%H:%M}", "until": f"{refused + timedelta(minutes=1):%Y-%m-%d %H:%M}"}
    assert listed(ada, **at) == [log["refused"]]
    assert listed(ada, until=at["since"]) == [log["issued"]]
    assert listed(ada, since=f"{timezone.now() - timedelta(days=2):%Y-%m-%d}", outcome="refused") == [
        log[name] for name in ("typed", "other", "refused")
    ]


def test_every_filter_is_a_chip_that_takes_it_away_and_leaves_the_others(ada, log):
    query = {"outcome": "refused", "client_id": "c2", "last": "day"}
    chips = {chip.label: chip for chip in ask(ada, **query).context["chips"]}
    assert {label: chip.text for label, chip in chips.items()} == {
        "Outcome": "Refused",
        "Application": "c2",
        "Time": "24 hours",
    }
    kept = ada.get(chips["Application"].url)
    assert {chip.label for chip in kept.context["chips"]} == {"Outcome", "Time"}


def test_an_application_and_an_api_are_found_by_their_names(ada, acme):
    LogEvent.objects.all().delete()
    event = add(acme, client_id=acme.application.client_id, audience=acme.api.identifier)
    add(acme, client_id="other")
    for query in ({"client_id": acme.application.name[:4].lower()}, {"client_id": acme.application.client_id}):
        answer = ask(ada, **query)
        assert list(answer.context["cl"].result_list) == [event]
        assert [chip.text for chip in answer.context["chips"]] == [acme.application.name]


def test_a_name_that_may_mean_several_is_asked_about(ada, acme):
    several = [factories.make_application(acme.tenant, f"Shop {number}")[0] for number in range(10)]
    event = add(acme, client_id=several[3].client_id)
    (question,) = ask(ada, client_id="shop", outcome="").context["questions"]
    assert len(question.choices) == 8
    assert question.more
    chosen = next(choice for choice in question.choices if choice.text == "Shop 3")
    assert event in ada.get(chosen.url).context["cl"].result_list


def test_the_management_api_is_found_by_its_name_under_each_of_its_identifiers(ada, acme):
    event = add(acme, audience=f"{acme.issuer}api/v2/")
    assert event in listed(ada, audience="Management")
    assert event in listed(ada, audience=event.audience)


def test_names_of_another_tenant_are_not_known_here(ada, grace, acme, globex):
    factories.make_application(acme.tenant, "Secret plans")
    answer = ask(grace, client_id="secret")
    assert answer.context["questions"] == []
    assert [chip.text for chip in answer.context["chips"]] == ["secret"]


BAD = [
    {"since": "yesterday"},
    {"until": "2026-13-45"},
    {"since": "0001-01-01T00:00+14:00"},
    {"until": "9999-12-31T23:59"},
    {"since": "2026-11-22", "until": "2026-11-21"},
    {"outcome": "nonsense"},
    {"last": "year"},
    {"before": "9" * 40},
    {"before": "-1"},
    {"before": "x"},
    {"client_id": "x" * 256},
    {"audience": "x" * 601},
    {"type": "x" * 33},
    {"user": "\ud7ff" * 256},
]


@pytest.mark.parametrize("query", BAD, ids=lambda query: str(query)[:40])
def test_what_cannot_be_used_is_said_and_nothing_is_shown(query, ada, log):
    answer = ask(ada, **query)
    assert answer.context["cl"].result_list == []
    assert "cannot be used" in answer.content.decode()


def test_a_nul_is_refused_wherever_it_stands(ada, log):
    for name in ("q", "client_id", "user", "audience", "type", "reason"):
        assert ada.get(address(LogEvent, "changelist", **{name: "a\x00b"})).status_code == 400


def test_a_filter_that_the_log_does_not_have_is_refused(ada, log):
    assert ada.get(address(LogEvent, "changelist", details__reason="x")).status_code == 400
    assert ada.get(address(LogEvent, "changelist", tenant="1")).status_code == 400


def test_odd_texts_are_searched_for_and_not_found(ada, log):
    for term in ("%", "'; DROP TABLE x; --", "\U0001f511", "9" * 40, "{}", "<script>"):
        for name in ("q", "client_id", "user", "audience", "type", "reason"):
            answer = ask(ada, **{name: term[:32]})
            assert answer.context["cl"].result_list == []
            assert "<script>" not in answer.content.decode()


def test_pages_are_turned_by_number_so_that_new_events_move_nothing(ada, acme):
    LogEvent.objects.all().delete()
    LogEvent.objects.bulk_create([LogEvent(tenant=acme.tenant, type="seccft") for _ in range(120)])
    expected = list(LogEvent.objects.order_by("-pk"))
    first = ask(ada)
    add(acme)
    second = ada.get(first.context["older"])
    third = ada.get(second.context["older"])
    shown = [event for answer in (first, second, third) for event in answer.context["cl"].result_list]
    assert shown == expected
    assert third.context["older"] == ""
    assert first.context["newest"] == ""
    assert len(ada.get(third.context["newest"]).context["cl"].result_list) == log_search.PAGE


def test_an_operator_of_no_tenant_sees_an_empty_log(root):
    assert listed(root) == []


def test_an_empty_log_and_an_empty_answer_say_what_to_do(ada, acme):
    LogEvent.objects.all().delete()
    assert "Nothing has happened yet." in ask(ada).content.decode()
    assert "Nothing in the log fits these filters." in ask(ada, client_id="nobody").content.decode()


def test_a_search_that_stopped_says_how_far_it_looked_back_and_goes_on_from_there(ada, acme, log, monkeypatch):
    monkeypatch.setattr(log_statements, "_share", lambda legs: 2)
    LogEvent.objects.all().delete()
    wanted = add(acme, "feccft", client_id="c2", ago=timedelta(days=1))
    for _ in range(3):
        add(acme, "seccft", client_id="c2")
        add(acme, "feccft", client_id="c1")
    answer = ask(ada, client_id="c2", type="feccft")
    assert answer.context["cl"].result_list == []
    assert "Nothing fits among the latest events" in answer.content.decode()
    further = ada.get(answer.context["older"])
    while not further.context["cl"].result_list:
        further = ada.get(further.context["older"])
    assert further.context["cl"].result_list == [wanted]


def test_it_does_not_look_further_back_than_the_time_that_was_asked_for(ada, acme, monkeypatch):
    monkeypatch.setattr(log_statements, "_share", lambda legs: 2)
    LogEvent.objects.all().delete()
    for days in (9, 8, 7, 6, 5):
        add(acme, ago=timedelta(days=days))
    context = ask(ada, last="day").context
    assert context["cl"].result_list == []
    assert (context["older"], context["cl"].looked_back_to) == ("", None)
