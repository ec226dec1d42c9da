"""An operator reads what happened, and what would mend it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.services import apis, applications
from tenants import audit
from tenants.admin.log_filters import _SEARCHED
from tenants.models import LogEvent
from tests import factories
from tests.console.conftest import address

LIMIT = 20


@pytest.fixture
def refusal(acme):
    acme.ask(scope="fly:rockets")
    return acme.events("feccft")[0]


def page(console, event):
    return console.get(address(event, "change", event.pk))


def text(answer):
    return answer.content.decode()


def found(console, term):
    return list(console.get(address(LogEvent, "changelist", q=term)).context["cl"].result_list)


def test_the_newest_event_comes_first_with_what_happened(ada, acme, refusal):
    shown = ada.get(address(LogEvent, "changelist"))
    listed = list(shown.context["cl"].result_list)
    assert listed[0] == refusal
    assert [event.pk for event in listed] == sorted((event.pk for event in listed), reverse=True)
    assert "Token refused to an application" in text(shown)
    assert "Create an API" in text(shown)


def test_a_line_says_when_in_utc_and_how_long_ago_and_why(ada, refusal):
    LogEvent.objects.filter(pk=refusal.pk).update(details=refusal.details | {"remedy": "Add fly:rockets."})
    shown = text(ada.get(address(LogEvent, "changelist")))
    assert f">{refusal.date:%Y-%m-%d %H:%M:%S}</time>" in shown
    assert '<span class="log-ago">just now</span>' in shown
    assert '<span class="log-further">Add fly:rockets.</span>' in shown
    assert '<span class="badge bad">Refused</span>' in shown


def test_a_line_leads_to_the_application_and_the_api_by_their_names(ada, acme, refusal):
    shown = text(ada.get(address(LogEvent, "changelist", outcome="refused")))
    for row in (acme.application, acme.api):
        assert f'<a href="{address(row, "change", row.pk)}">{row}</a>' in shown


def test_the_page_says_why_in_words_what_would_mend_it_and_leads_there(ada, acme, refusal):
    answer = page(ada, refusal)
    assert "Refused: A permission was asked for that is not granted" in text(answer)
    assert refusal.details["remedy"].replace(acme.application.client_id, acme.application.name) in text(answer)
    (link,) = answer.context["remedies"]
    assert acme.api.pk in link.url
    assert f'<a class="button primary" href="{link.url}">' in text(answer)
    assert ada.get(link.url).status_code == 200
    assert "&quot;reason&quot;: &quot;ScopeNotGranted&quot;" in text(answer)


def test_a_viewer_is_led_where_a_viewer_may_look(ada, vera, acme):
    applications.update_application(acme.application, enabled=False, by=factories.BY)
    acme.ask()
    event = acme.events("feccft")[0]
    for console, tab in ((ada, "danger"), (vera, "change")):
        (link,) = page(console, event).context["remedies"]
        assert f"/{tab}/" in link.url
        assert console.get(link.url).status_code == 200


def test_the_page_names_who_had_a_part_in_it_and_where_all_of_their_events_are(ada, acme, refusal):
    facts = {fact.term: fact for fact in page(ada, refusal).context["facts"]}
    assert facts["Application"].text == acme.application.name
    assert facts["Client ID"].text == acme.application.client_id
    assert facts["Reference"].text == refusal.request_id
    for term in ("Application", "API"):
        assert ada.get(facts[term].url).status_code == 200
        assert refusal in ada.get(facts[term].events).context["cl"].result_list


def test_an_event_of_a_person_names_them_and_the_application_and_leads_to_both(ada, people):
    people.signed_in()
    event = people.world.events("s")[0]
    assert "ada@example.com" in text(ada.get(address(LogEvent, "changelist", type="s")))
    facts = {fact.term: fact for fact in page(ada, event).context["facts"]}
    assert facts["Person"].url == address(people.user, "change", people.user.pk)
    assert facts["Application"].url == address(people.spa, "change", people.spa.pk)
    assert event in ada.get(facts["Person"].events).context["cl"].result_list


def test_an_event_without_a_remedy_leads_nowhere_and_an_unknown_type_is_shown_as_it_is(ada, acme):
    audit.record(audit.Event(type="fuxyz", tenant_id=acme.tenant.pk, description="<b>strange</b>"))
    event = acme.events("fuxyz")[0]
    shown = text(page(ada, event))
    assert "fuxyz" in shown
    assert "&lt;b&gt;strange" in shown
    assert "log-reason" not in shown
    assert list(ada.get(address(LogEvent, "changelist", type="fuxyz")).context["cl"].result_list) == [event]


def test_details_of_any_shape_are_shown(ada, acme):
    shapes = [
        {"request": "x", "response": [1], "changes": 7, "target": 5, "remedy": 8, "error": {"a": 1}},
        {"changes": {"a": None}},
    ]
    for kind in ("feccft", "sapi", "fapi", "seccft", "other"):
        for details in shapes:
            event = LogEvent.objects.create(tenant=acme.tenant, type=kind, details=details)
            assert page(ada, event).status_code == 200
    assert ada.get(address(LogEvent, "changelist")).status_code == 200


def test_what_a_change_set_is_listed_with_its_new_values(ada, acme):
    applications.update_application(acme.application, name="Renamed", by=factories.BY)
    event = acme.events("sapi")[0]
    assert ("name", "Renamed") in page(ada, event).context["changes"]
    assert "<h1>Update a client</h1>" in text(page(ada, event))


def test_what_was_changed_is_called_by_its_name_and_linked(ada, acme):
    for row, change in ((acme.application, applications.update_application), (acme.api, apis.update_api)):
        change(row, name="Renamed", by=factories.BY)
        event = acme.events("sapi")[0]
        facts = {fact.term: fact for fact in page(ada, event).context["facts"]}
        assert (facts["What was changed"].text, facts["What was changed"].url) == ("Renamed", address(row, "change", row.pk))
        assert '<span class="log-further">Renamed</span>' in text(ada.get(address(LogEvent, "changelist", type="sapi")))


def test_around_an_event_stand_five_before_and_five_after_of_the_same_application(ada, acme):
    rows = [LogEvent(tenant=acme.tenant, type="seccft", client_id=name) for _ in range(15) for name in ("mine", "other")]
    LogEvent.objects.bulk_create(rows)
    mine = list(LogEvent.objects.filter(client_id="mine").order_by("-pk"))
    shown = page(ada, mine[7])
    assert [row.event for row in shown.context["around"]] == mine[2:13]
    assert text(shown).count('aria-current="true"') == 1


def test_events_of_the_same_request_stand_together(ada, globex, acme, refusal):
    twin = LogEvent.objects.create(tenant=acme.tenant, type="fp", request_id=refusal.request_id)
    LogEvent.objects.create(tenant=globex.tenant, type="fp", request_id=refusal.request_id)
    assert [row.event for row in page(ada, refusal).context["together"]] == [twin]
    assert found(ada, refusal.request_id) == [twin, refusal]


def test_events_are_read_only_even_for_a_superuser(root, refusal):
    assert root.get(address(LogEvent, "add")).status_code == 403
    assert root.post(address(refusal, "change", refusal.pk), {"type": "x"}).status_code == 403
    assert root.post(address(refusal, "delete", refusal.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [refusal.pk], "post": "yes"}
    root.post(address(LogEvent, "changelist"), chosen)
    assert LogEvent.objects.filter(pk=refusal.pk).exists()


def test_the_reference_that_an_error_page_shows_leads_straight_to_its_event(ada, root, vera, acme):
    reference = acme.ask(scope="fly:rockets").headers["X-Auth0-RequestId"]
    [event] = acme.events("feccft")
    for console in (ada, root, vera):
        answer = console.get(address(LogEvent, "changelist", q=f" {reference} "))
        assert (answer.status_code, answer.url) == (302, address(event, "change", event.pk))
    assert reference in text(page(ada, event))
    assert found(ada, reference[:-1]) == []


def test_a_reference_of_another_tenant_finds_nothing(grace, acme, globex):
    reference = acme.ask(scope="fly:rockets").headers["X-Auth0-RequestId"]
    [event] = acme.events("feccft")
    assert found(grace, reference) == []
    assert page(grace, event).status_code == 404


def test_one_event_of_an_application_is_a_list_of_one_and_not_its_page(ada, acme, refusal):
    assert found(ada, acme.application.client_id) == [refusal]


def test_a_person_is_found_by_email_and_by_user_id_as_they_were_written(ada, grace, people):
    people.signed_in()
    event = people.world.events("s")[0]
    for term in (people.user.email, people.user.user_id):
        assert event in found(ada, term)
        assert event not in found(ada, term[:-1])
        assert found(grace, term) == []


def test_every_column_that_is_searched_has_an_index_that_begins_with_the_tenant():
    indexed = {tuple(index.fields[:2]) for index in LogEvent._meta.indexes}
    assert {("tenant", name) for name in _SEARCHED} <= indexed


def test_the_page_of_a_user_leads_to_their_events(ada, vera, people):
    people.signed_in()
    for console in (ada, vera):
        page = console.get(address(people.user, "logs", people.user.pk))
        assert {row.event.user_id for row in page.context["rows"]} == {people.user.user_id}
        listed = console.get(page.context["all_url"]).context["cl"].result_list
        assert {event.user_id for event in listed} == {people.user.user_id}


def test_the_pages_cost_few_statements_whatever_is_asked(ada, people):
    people.signed_in()
    people.world.ask(scope="fly:rockets")
    event = people.world.events("feccft")[0]
    named = {"client_id": people.world.application.name, "audience": people.world.api.name, "user": people.user.email}
    asked = named | {"outcome": "refused", "last": "day", "until": "2100-01-01", "reason": "NotGranted", "q": "127.0.0.1"}
    urls = [address(LogEvent, "changelist", **query) for query in ({}, {"outcome": "refused"}, named, asked)]
    urls += [address(event, "change", event.pk), address(LogEvent, "new", tenant=event.tenant_id, **named)]
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(url).status_code == 200
        assert len(queries) <= LIMIT, (url, [query["sql"][:150] for query in queries])
        assert not [query for query in queries if "COUNT(" in query["sql"] and "logevent" in query["sql"]]
