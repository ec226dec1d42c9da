"""An operator reads what happened, and what would mend it."""

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import audit
from tenants.models import LogEvent, User
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
    assert "What would mend it" in page
    assert f'<strong class="latchkey-remedy">{refusal.details["remedy"]}' in page
    assert f"/admin/apis/application/?q={acme.application.client_id}" in page
    assert "/admin/apis/api/?q=https%3A%2F%2Forders.example.com" in page
    assert "&quot;reason&quot;: &quot;ScopeNotGranted&quot;" in page


def test_an_event_without_a_remedy_has_no_row_for_it_and_an_unknown_type_is_shown_as_it_is(ada, acme):
    audit.record(audit.Event(type="fuxyz", tenant_id=acme.tenant.pk, description="<b>strange</b>"))
    event = acme.events("fuxyz")[0]
    page = ada.get(address(event, "change", event.pk)).content.decode()
    assert "fuxyz" in page
    assert "&lt;b&gt;strange" in page
    assert "mend it" not in page
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


def test_an_event_of_a_person_names_them_and_the_application_and_leads_to_both(ada, people):
    people.signed_in()
    event = people.world.events("s")[0]
    assert f"ada@example.com · {event.client_name}" in ada.get(address(LogEvent, "changelist", type="s")).content.decode()
    page = ada.get(address(event, "change", event.pk)).content.decode()
    link = address(User, "changelist", q=people.user.user_id).replace("&", "&amp;")
    assert link in page
    assert list(ada.get(link).context["cl"].result_list) == [people.user]


def test_an_event_without_a_person_links_to_none(ada, refusal):
    assert "/admin/tenants/user/?q=" not in ada.get(address(refusal, "change", refusal.pk)).content.decode()


def found(console, term):
    return list(console.get(address(LogEvent, "changelist", q=term)).context["cl"].result_list)


def test_the_reference_that_an_error_page_shows_finds_its_event_in_ones_own_tenants_only(ada, root, grace, acme, globex):
    reference = acme.ask(scope="fly:rockets").headers["X-Auth0-RequestId"]
    [event] = acme.events("feccft")
    assert found(ada, reference) == found(root, reference) == [event]
    assert found(grace, reference) == []
    assert found(ada, reference[:-1]) == []
    assert reference in ada.get(address(event, "change", event.pk)).content.decode()


def test_a_person_is_found_by_email_and_by_user_id_as_they_were_written(ada, grace, people):
    people.signed_in()
    event = people.world.events("s")[0]
    for term in (people.user.email, people.user.user_id):
        assert event in found(ada, term)
        assert event not in found(ada, term[:-1])
        assert found(grace, term) == []


def test_every_column_that_is_searched_has_an_index_that_begins_with_the_tenant(root, refusal):
    indexed = {tuple(index.fields[:2]) for index in LogEvent._meta.indexes}
    searched = {name.removesuffix("__exact") for name in site._registry[LogEvent].search_fields}
    assert {("tenant", name) for name in searched} <= indexed
    with CaptureQueriesContext(connection) as queries:
        assert found(root, refusal.request_id) == [refusal]
    asked = [query["sql"] for query in queries if refusal.request_id in query["sql"]]
    assert asked
    assert all('"tenants_logevent"."tenant_id" IN (' in sql and " LIKE " not in sql for sql in asked)


def test_the_pages_of_a_user_and_of_an_application_lead_to_their_events(ada, vera, people):
    people.signed_in()
    for row, name in ((people.user, "user_id"), (people.web, "client_id")):
        for console in (ada, vera):
            [link] = [
                tool.url
                for tool in console.get(address(row, "change", row.pk)).context["tools"]
                if tool.text == "Log events"
            ]
            listed = console.get(link).context["cl"].result_list
            assert {getattr(event, name) for event in listed} == {getattr(row, name)}


def test_the_heading_of_an_event_is_in_words(ada, refusal):
    page = ada.get(address(refusal, "change", refusal.pk)).content.decode()
    assert f"<h2>Token refused to an application, {refusal.date:%Y-%m-%d %H:%M:%S}</h2>" in page


def test_what_was_refused_is_one_filter(ada, acme, refusal):
    refused = {event.pk for event in ada.get(address(LogEvent, "changelist", outcome="refused")).context["cl"].result_list}
    assert refused == {refusal.pk}
    everything = ada.get(address(LogEvent, "changelist", outcome="nonsense")).context["cl"]
    assert everything.result_count == LogEvent.objects.of(acme.tenant).count() > 1
