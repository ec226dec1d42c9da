"""A log of a million events is never scanned, however rare the combination that is asked for: PostgreSQL's plans say so."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.admin.log_statements import WINDOW
from tenants.models import LogEvent
from tests.console.conftest import address
from tests.console.large_tenant import indexes_made_anew

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the plans are PostgreSQL's"),
    # A table that is vacuumed now and then, as every table is in production: that is no part of a transaction.
    pytest.mark.django_db(transaction=True),
]

EVENTS = 1_000_000
STATEMENTS = 20
# The window of each condition is measured, once more where a day in the past is asked for, and that of one is read.
ALLOWED = 6 * WINDOW + 1_000
# One event each minute. Of one kind, one application and one person there are a few only, and they are long ago; of another
# application there are many, and they are long ago, too.
FILL = """
INSERT INTO tenants_logevent (tenant_id, date, type, description, client_id, client_name, ip, user_agent, user_id, user_name,
                              audience, scope, hostname, request_id, details)
SELECT %(tenant)s, now() - make_interval(mins => %(events)s - n),
       CASE WHEN n < 10 THEN 'ferrt' WHEN n %% 10 = 0 THEN 'feccft' WHEN n %% 97 = 0 THEN 'sapi' ELSE 'seccft' END, 'x',
       CASE WHEN n < 5 THEN 'long-ago' WHEN n < 100000 THEN 'early' ELSE 'c' || n %% 7 END, 'x', '192.0.2.1', 'x',
       CASE WHEN n < 20 THEN 'auth0|1' ELSE '' END, CASE WHEN n %% 3 = 0 THEN 'ada@example.com' ELSE '' END,
       'urn:' || n %% 4, 'read:x', 'x', 'r' || n,
       jsonb_build_object('reason', CASE WHEN n = 30 THEN 'Rare' ELSE 'NotGranted' END)
FROM generate_series(1, %(events)s) AS n
"""
QUESTIONS = [
    {},
    {"outcome": "refused"},
    {"outcome": "changes"},
    {"type": "ferrt"},
    {"client_id": "c1"},
    {"client_id": "long-ago"},
    {"client_id": "early"},
    {"client_id": "early", "type": "sapi"},
    {"client_id": "early", "audience": "urn:2", "outcome": "refused"},
    {"client_id": "c1", "type": "ferrt"},
    {"client_id": "c1", "type": "sapi", "audience": "urn:3"},
    {"client_id": "c0", "outcome": "refused", "audience": "urn:1"},
    {"client_id": "long-ago", "audience": "urn:1", "last": "week"},
    {"user": "auth0|1"},
    {"user": "ada@example.com", "outcome": "changes"},
    {"user": "nobody", "outcome": "refused"},
    {"reason": "Rare"},
    {"reason": "NotGranted"},
    {"q": "192.0.2.1"},
    {"q": "192.0.2.1", "type": "ferrt"},
    {"q": "nothing"},
    {"last": "hour"},
    {"last": "hour", "client_id": "long-ago"},
    {"last": "week", "outcome": "refused", "client_id": "c3"},
    {"until": "2025-06-01"},
    {"since": "2025-06-01", "until": "2025-06-02", "client_id": "c1", "type": "feccft"},
    {"since": "2025-06-01", "until": "2025-06-02", "type": "ferrt"},
    {"before": "500000", "client_id": "c2", "audience": "urn:2", "outcome": "refused"},
]


@pytest.fixture
def million(acme):
    with connection.cursor() as cursor, indexes_made_anew(LogEvent._meta.db_table):
        cursor.execute(FILL, {"tenant": acme.tenant.pk, "events": EVENTS})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tenants_logevent")
    return acme


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def looked_at(node):
    """How many events a node of a plan has read."""
    shown = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return shown * node["Actual Loops"]


def read(sql):
    """How many events `sql` reads. A scan of the table fails the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    scans = [node for node in nodes(plan) if node.get("Relation Name") == "tenants_logevent" or "Index Name" in node]
    assert not [node for node in scans if node["Node Type"] == "Seq Scan"], sql
    return sum(looked_at(node) for node in scans)


def test_no_question_reads_more_than_a_few_windows_and_what_is_rare_is_found_at_once(ada, million):
    newest = LogEvent.objects.order_by("-pk").first()
    tail = {"tenant": million.tenant.pk}
    pages = [address(LogEvent, "changelist", **query) for query in QUESTIONS]
    pages += [address(newest, "change", newest.pk), address(LogEvent, "new", **tail, after=newest.pk - 9)]
    pages += [address(LogEvent, "new", **tail, after=1, client_id="c1", type="ferrt")]
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(page).status_code == 200, page
        asked = [query["sql"] for query in queries if "tenants_logevent" in query["sql"]]
        assert asked
        assert len(queries) <= STATEMENTS, page
        counted = [read(sql) for sql in asked]
        assert sum(counted) <= ALLOWED, (page, counted)
    for query in ({"client_id": "early", "type": "ferrt"}, {"user": "auth0|1", "client_id": "early"}, {"q": "long-ago"}):
        assert ada.get(address(LogEvent, "changelist", **query)).context["cl"].result_list
    day = ada.get(address(LogEvent, "changelist", since="2025-06-01", until="2025-06-02", client_id="c1", type="feccft"))
    assert {f"{event.date:%Y-%m-%d}" for event in day.context["cl"].result_list} == {"2025-06-01"}
