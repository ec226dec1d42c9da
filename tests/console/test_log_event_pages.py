"""An operator reads what happened, and what would mend it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import audit
from tenants.models import LogEvent
from tests.console.conftest import address


@pytest.fixture
def refusal(acme):
    acme.ask(scope="fly:rockets")
    return acme.events("feccft")[0]


def test_the_newest_event_comes_first_with_what_happened(ada, acme, refusal):
    shown = ada.get(address(LogEvent, "changelist"))
    listed = list(shown.context["cl"].result_list)
    assert listed[0] == refusal
    assert [event.pk for event in listed] == sorted((event.pk for event in listed), reverse=True)
    assert "Token refused to an application" in shown.content.decode()
    assert "Create an API: https://orders.example.com" in shown.content.decode()


def test_the_page_says_what_would_mend_it_and_leads_there(ada, acme, refusal):
    page = ada.get(address(refusal, "change", refusal.pk)).content.decode()
    assert f'<strong class="latchkey-remedy">{refusal.details["remedy"]}' in page
    assert f"/admin/apis/application/?q={acme.application.client_id}" in page
    assert "/admin/apis/api/?q=https%3A%2F%2Forders.example.com" in page
    assert "&quot;reason&quot;: &quot;ScopeNotGranted&quot;" in page


def test_an_event_without_a_remedy_says_so_and_an_unknown_type_is_shown_as_it_is(ada, acme):
    audit.record(audit.Event(type="fuxyz", tenant_id=acme.tenant.pk, description="<b>strange</b>"))
    event = acme.events("fuxyz")[0]
    page = ada.get(address(event, "change", event.pk)).content.decode()
    assert "fuxyz" in page
    assert "&lt;b&gt;strange" in page
    assert ada.get(address(LogEvent, "changelist", type="fuxyz")).context["cl"].result_count == 1


def test_events_are_filtered_by_type_and_found_by_client_audience_and_address(ada, acme, refusal):
    of_type = ada.get(address(LogEvent, "changelist", type="feccft")).context["cl"].result_list
    assert list(of_type) == [refusal]
    for term in (acme.application.client_id, acme.api.identifier, "127.0.0.1"):
        assert refusal in ada.get(address(LogEvent, "changelist", q=term)).context["cl"].result_list
    assert not ada.get(address(LogEvent, "changelist", q="orders")).context["cl"].result_list


def test_pages_are_turned_without_counting_the_table(ada, acme):
    LogEvent.objects.all().delete()
    LogEvent.objects.bulk_create([LogEvent(tenant=acme.tenant, type="seccft") for _ in range(120)])
    for page, rows, total in (("1", 50, 51), ("2", 50, 101), ("3", 20, 120), ("nonsense", 50, 51)):
        with CaptureQueriesContext(connection) as queries:
            shown = ada.get(address(LogEvent, "changelist", p=page)).context["cl"]
        assert (len(shown.result_list), shown.result_count) == (rows, total)
        assert not [query for query in queries if "COUNT(" in query["sql"]]
    for beyond in ("4", "9" * 40, "-1"):
        assert ada.get(address(LogEvent, "changelist", p=beyond)).status_code in (200, 302)
    assert len(ada.get(address(LogEvent, "changelist", all="")).context["cl"].result_list) == 50


def test_events_are_read_only_even_for_a_superuser(root, refusal):
    assert root.get(address(LogEvent, "add")).status_code == 403
    assert root.post(address(refusal, "change", refusal.pk), {"type": "x"}).status_code == 403
    assert root.post(address(refusal, "delete", refusal.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [refusal.pk], "post": "yes"}
    root.post(address(LogEvent, "changelist"), chosen)
    assert LogEvent.objects.filter(pk=refusal.pk).exists()
