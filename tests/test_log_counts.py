"""How many tokens were issued and refused in each hour: counted with the events, and added up by the database."""

import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants import audit
from tenants.models import LogCount, LogEvent
from tests import factories

HOUR = datetime(2026, 11, 20, 14, tzinfo=UTC)


def event(world, event_type="seccft", *, minutes=0, **fields):
    return audit.Event(type=event_type, tenant_id=world.tenant.pk, date=HOUR + timedelta(minutes=minutes), **fields)


def refusal(world, reason, **fields):
    return event(world, fields.pop("event_type", "feccft"), details={"reason": reason}, **fields)


def record(*events):
    for each in events:
        audit.record(each)
    audit.flush()


def counted(world):
    rows = LogCount.objects.of(world.tenant).order_by("hour", "audience", "reason")
    return [(row.hour, row.audience, row.reason, row.total) for row in rows]


def test_tokens_are_counted_by_api_reason_and_hour(acme):
    api = acme.api.identifier
    record(
        *(event(acme, audience=api, minutes=minutes) for minutes in (0, 59, 60)),
        refusal(acme, "NotGranted", audience=api),
        refusal(acme, "ScopeNotGranted", audience=api),
    )
    assert counted(acme) == [
        (HOUR, api, "", 2),
        (HOUR, api, "NotGranted", 1),
        (HOUR, api, "ScopeNotGranted", 1),
        (HOUR + timedelta(hours=1), api, "", 1),
    ]


def test_a_second_batch_is_added_to_the_first(acme):
    for _ in range(3):
        record(event(acme, audience=acme.api.identifier), event(acme, audience=acme.api.identifier))
    assert counted(acme) == [(HOUR, acme.api.identifier, "", 6)]


@pytest.mark.parametrize("event_type", ["seccft", "seacft", "sertft", "sepft"])
def test_a_token_of_each_exchange_is_counted_as_issued(acme, event_type):
    record(event(acme, event_type))
    assert counted(acme) == [(HOUR, "", "", 1)]


@pytest.mark.parametrize("event_type", ["feccft", "feacft", "fertft", "ferrt", "fepft"])
def test_a_refusal_of_each_exchange_is_counted_under_its_reason(acme, event_type):
    record(refusal(acme, "InvalidCode", event_type=event_type))
    assert counted(acme) == [(HOUR, "", "InvalidCode", 1)]


def test_a_refusal_that_says_no_reason_is_still_a_refusal(acme):
    record(event(acme, "feccft"))
    assert counted(acme) == [(HOUR, "", "feccft", 1)]


def test_what_is_no_answer_of_the_token_endpoint_is_not_counted(acme):
    record(*(event(acme, other) for other in ("s", "fp", "sapi", "fapi", "srrt", "limit_wc", "consent")))
    assert counted(acme) == []


def test_being_locked_out_at_the_token_endpoint_is_a_refusal(acme):
    record(event(acme, "limit_wc", details={"reason": "TooManyAttempts", "grant_type": "password"}))
    assert counted(acme) == [(HOUR, "", "TooManyAttempts", 1)]


def test_real_answers_are_counted_as_they_come(acme):
    acme.ask()
    acme.ask(client_secret="wrong")
    acme.ask(scope="read:nothing")
    audit.flush()
    api = acme.api.identifier
    assert [row[1:] for row in counted(acme)] == [
        (api, "", 1),
        (api, "ClientAuthenticationFailed", 1),
        (api, "ScopeNotGranted", 1),
    ]


def test_a_flood_of_made_up_audiences_is_one_row(acme, globex):
    factories.make_api(globex.tenant, "urn:only:theirs")
    made_up = [f"urn:made:up:{number}" for number in range(50)]
    strange = ["urn:only:theirs", "x" * 5_000, "a\x00b", "ü", "\ud800", "\n", "https://elsewhere.example.com/api/v2/", ""]
    record(*(refusal(acme, "UnknownAudience", audience=audience) for audience in made_up + strange))
    assert counted(acme) == [(HOUR, "", "UnknownAudience", 58)]


def test_the_management_api_is_one_api_at_every_domain(acme):
    record(event(acme, audience=f"{acme.issuer}api/v2/"), event(acme, audience="/api/v2/"))
    assert [row[1:] for row in counted(acme)] == [("", "", 1), ("/api/v2/", "", 1)]


def test_another_tenants_tokens_are_another_tenants_counts(acme, globex):
    record(event(acme), event(globex), event(globex))
    assert counted(acme) == [(HOUR, "", "", 1)]
    assert counted(globex) == [(HOUR, "", "", 2)]


def test_a_batch_costs_one_write_however_many_tenants_and_apis_it_is_about(acme, globex):
    for world in (acme, globex):
        for number in range(20):
            audit.record(event(world, audience=factories.make_api(world.tenant, f"urn:{number}").identifier))
    with CaptureQueriesContext(connection) as queries:
        audit.flush()
    written = [query["sql"] for query in queries if "tenants_logcount" in query["sql"]]
    assert len(written) == 1
    assert LogCount.objects.count() == 40
    assert len(queries) <= 8, [query["sql"][:90] for query in queries]


def test_events_of_people_and_changes_cost_no_statement_more(acme):
    with CaptureQueriesContext(connection) as queries:
        audit.record(event(acme, "fp", details={"reason": "WrongPassword"}))
    assert not [query for query in queries if "logcount" in query["sql"]]


def test_a_count_is_not_kept_when_its_events_are_not(acme):
    with transaction.atomic():
        audit.record(refusal(acme, "RefreshTokenReused", event_type="ferrt"))
        transaction.set_rollback(True)
    assert counted(acme) == []


def test_the_token_path_itself_counts_nothing(acme):
    acme.ask()
    with CaptureQueriesContext(connection) as queries:
        acme.ask()
    assert not [query for query in queries if "logcount" in query["sql"]]


def test_a_refusal_of_a_persons_token_waits_for_the_batch_and_a_theft_does_not(acme):
    audit.record(refusal(acme, "InvalidRefreshToken", event_type="fertft"))
    assert not LogEvent.objects.of(acme.tenant).filter(type="fertft").exists()
    audit.record(refusal(acme, "RefreshTokenReused", event_type="ferrt"))
    assert LogEvent.objects.of(acme.tenant).filter(type="ferrt").exists()
    assert counted(acme) == [(HOUR, "", "RefreshTokenReused", 1)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_processes_that_count_the_same_hours_lose_nothing_and_do_not_block_each_other(acme):
    identifiers = [factories.make_api(acme.tenant, f"urn:{number}").identifier for number in range(5)]
    failed: list[DatabaseError] = []

    def work(order):
        try:
            for _ in range(20):
                with transaction.atomic():
                    audit.write([event(acme, audience=identifiers[number]) for number in order])
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(order,)) for order in (range(5), range(4, -1, -1), (2, 0, 4, 1, 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert counted(acme) == [(HOUR, identifier, "", 60) for identifier in identifiers]


def test_the_migration_counts_what_the_log_knows_of_the_last_week(acme):
    now = timezone.now().replace(minute=5)
    api, management = acme.api.identifier, f"{acme.issuer}api/v2/"

    def happened(event_type, days, **fields):
        LogEvent.objects.create(tenant=acme.tenant, type=event_type, date=now - timedelta(days=days), **fields)

    for days in (1, 1, 2, 8):
        happened("seccft", days, audience=api)
    happened("sertft", 1, audience=management)
    for audience in (api, "urn:made:up", "urn:made:up:2"):
        happened("feccft", 3, audience=audience, details={"reason": "NotGranted"})
    happened("fepft", 3)
    happened("limit_wc", 4, details={"reason": "TooManyAttempts", "grant_type": "password"})
    happened("limit_wc", 4, details={"reason": "TooManyAttempts"})
    happened("sapi", 1)

    import_module("tenants.migrations.0006_log_count").count_the_last_days(apps, None)

    hour = now.replace(minute=0, second=0, microsecond=0)
    assert counted(acme) == [
        (hour - timedelta(days=4), "", "TooManyAttempts", 1),
        (hour - timedelta(days=3), "", "NotGranted", 2),
        (hour - timedelta(days=3), "", "fepft", 1),
        (hour - timedelta(days=3), api, "NotGranted", 1),
        (hour - timedelta(days=2), api, "", 1),
        (hour - timedelta(days=1), "/api/v2/", "", 1),
        (hour - timedelta(days=1), api, "", 2),
    ]
