"""The last tab of an API: which tokens for it were issued and refused."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import API
from tenants import audit
from tenants.models import LogEvent
from tests import factories
from tests.console.conftest import address


def logs(console, api):
    audit.flush()
    return console.get(address(API, "logs", api.pk))


def test_the_tab_shows_what_was_issued_and_what_was_refused_with_what_would_help(vera, acme):
    acme.ask()
    acme.ask(scope="delete:everything")
    answer = logs(vera, acme.api)
    rows = answer.context["rows"]
    assert [row.mark.text == "Refused" for row in rows] == [row.event.type.startswith("f") for row in rows]
    assert any(row.heading == "Token issued to an application" for row in rows)
    page = answer.content.decode()
    for row in rows:
        assert address(LogEvent, "change", row.event.pk) in page
    (refused,) = [row for row in rows if row.mark.text == "Refused"]
    assert refused.further
    assert refused.further in page
    assert f"{address(LogEvent, 'changelist')}?audience=https%3A%2F%2Forders.example.com" in page


def test_a_refusal_is_marked_and_says_what_would_help(ada, acme):
    stranger, secret = factories.make_application(acme.tenant, "Stranger")
    acme.ask(client_id=stranger.client_id, client_secret=secret)
    answer = logs(ada, acme.api)
    (row,) = answer.context["rows"]
    assert row.mark.text == "Refused"
    assert row.further
    page = answer.content.decode()
    assert '<span class="badge bad">Refused</span>' in page
    assert "Stranger" in page


def test_the_last_fifty_are_shown_newest_first_and_no_other_apis(ada, acme):
    other = factories.make_api(acme.tenant, "urn:other")
    events = [
        LogEvent(tenant=acme.tenant, type="seccft", audience=audience, client_name=f"{audience} {number}")
        for number in range(60)
        for audience in (acme.api.identifier, other.identifier)
    ]
    LogEvent.objects.bulk_create(events)
    rows = logs(ada, acme.api).context["rows"]
    expected = [f"https://orders.example.com {number}" for number in range(59, 9, -1)]
    assert [row.event.client_name for row in rows] == expected


def test_an_event_of_another_tenant_with_the_same_identifier_is_not_shown(ada, acme, globex):
    globex.ask()
    assert acme.api.identifier == globex.api.identifier
    answer = logs(ada, acme.api)
    assert answer.context["rows"] == []
    assert "Nobody has asked for a token for this API yet." in answer.content.decode()


def test_the_management_api_is_known_by_its_audience_at_each_domain(ada, acme):
    system = API.objects.get(tenant=acme.tenant, is_system=True)
    factories.grant(acme.application, system, ("read:clients",))
    acme.ask(audience="https://acme.example.com/api/v2/")
    (row,) = logs(ada, system).context["rows"]
    assert row.event.scope == "read:clients"


def test_the_tab_reads_the_log_by_tenant_and_audience_with_a_limit(root, acme):
    with CaptureQueriesContext(connection) as queries:
        logs(root, acme.api)
    assert len(queries) <= 20
    of_log = [query["sql"] for query in queries if 'FROM "tenants_logevent"' in query["sql"]]
    assert len(of_log) == 1
    assert "LIMIT 50" in of_log[0]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{of_log[0]}")
        plan = str(cursor.fetchall())
    assert "SCAN tenants_logevent" not in plan or "USING INDEX" in plan
