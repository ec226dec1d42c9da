"""The tab APIs of an application: the mirror of an API's tab Applications, row by row an API."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import API, Application, ClientGrant, Permission
from apis.services import apis, applications
from apis.services.client_grants import create_client_grant, update_client_grant
from tests import factories
from tests.console.conftest import address
from tests.console.test_api_applications import chosen, field, on_from, rows, saved, text
from tests.factories import BY

READ, CREATE = factories.SCOPES
MANAGEMENT = "Auth0 Management API"


@pytest.fixture
def billing(acme):
    return factories.make_api(acme.tenant, "urn:billing", name="Billing", user_policy="require_client_grant")


def tab(application, **query):
    url = address(Application, "apis", application.pk)
    return f"{url}?{urlencode(query)}" if query else url


def test_every_api_has_a_row_with_the_switches_that_it_asks_for(ada, acme, billing):
    found = rows(ada.get(tab(acme.application)))
    assert list(found) == ["https://orders.example.com", MANAGEMENT, "Billing"]
    kinds = {name: [(line.subject_type, line.switch.on) for line in row.lines] for name, row in found.items()}
    assert kinds == {
        "https://orders.example.com": [("client", True)],
        MANAGEMENT: [("client", False)],
        "Billing": [("client", False), ("user", False)],
    }


def test_an_api_is_switched_on_after_its_difference_was_seen(ada, acme, billing):
    application = acme.application
    changes = {field("on", billing): "on", field("scopes", billing): [READ]}
    review = chosen(ada, tab(application), changes)
    assert [str(each) for each in review.context["differences"]] == ["Billing: switched on, + read:orders"]
    assert acme.ask(audience="urn:billing").status_code == 403
    ada.post(tab(application), on_from(review, "confirm"))
    assert acme.ask(audience="urn:billing").json()["scope"] == READ
    assert acme.events("sapi")[0].details["changes"]["audience"] == "urn:billing"


def test_both_sides_show_and_change_the_same_switch(ada, acme, billing):
    saved(ada, tab(acme.application), {field("on", billing, "user"): "on", field("all", billing, "user"): "on"})
    line = rows(ada.get(address(API, "applications", billing.pk)))["Warehouse"].lines[1]
    assert (line.subject_type, line.switch.all_scopes) == ("user", True)
    saved(ada, address(API, "applications", billing.pk), {field("on", acme.application, "user"): None})
    assert not rows(ada.get(tab(acme.application)))["Billing"].lines[1].switch.on


def test_what_somebody_else_changed_meanwhile_is_noticed_here_too(ada, acme):
    url, api = tab(acme.application), acme.api
    review = chosen(ada, url, {field("on", api): None})
    update_client_grant(ClientGrant.objects.get(application=acme.application), [READ], by=BY)
    answer = ada.post(url, on_from(review, "confirm"))
    assert "Somebody else changed https://orders.example.com" in text(answer)
    assert acme.ask().json()["scope"] == READ


def test_a_disabled_application_is_said_once_and_at_each_switch_that_is_on(ada, acme):
    applications.update_application(acme.application, enabled=False, by=BY)
    page = ada.get(tab(acme.application))
    assert "whatever is switched on here, it is refused" in text(page)
    assert rows(page)["https://orders.example.com"].lines[0].answer.sentence == "The application is disabled."


def test_a_third_party_is_told_where_a_default_counts(ada, acme, billing):
    application = acme.application
    applications.update_application(application, is_first_party=False, by=BY)
    create_client_grant(None, billing, [READ], by=BY, default_for="third_party_clients")
    page = ada.get(tab(application))
    line = rows(page)["Billing"].lines[0]
    assert (line.by_default, line.answer.got) == (True, READ)
    assert "default for third parties counts" in text(page)


def test_apis_are_found_and_filtered(ada, acme, billing):
    application = acme.application
    apis.update_api(billing, client_policy="deny_all", by=BY)
    factories.grant(application, billing)
    assert list(rows(ada.get(tab(application, q="bill")))) == ["Billing"]
    assert list(rows(ada.get(tab(application, q="orders.example")))) == ["https://orders.example.com"]
    found = {shown: list(rows(ada.get(tab(application, show=shown)))) for shown in ("may", "stuck", "not")}
    assert found == {
        "may": ["https://orders.example.com"],
        "stuck": ["Billing"],
        "not": ["Billing", MANAGEMENT],
    }


def test_the_management_api_is_asked_for_by_its_address_and_answers(ada, acme):
    page = text(ada.get(tab(acme.application, ask=f"{acme.issuer}api/v2/", scope="read:clients")))
    assert "Refused" in page
    assert "Not switched on." in page
    management = Application.objects.get(tenant=acme.tenant, name__startswith="Management")
    page = text(ada.get(tab(management, ask=MANAGEMENT, scope="read:clients fly:rockets")))
    assert "Not granted: fly:rockets." in page
    assert "The API has no such permission." in page


def test_T139_an_api_of_another_tenant_cannot_be_switched_on(ada, acme, globex):
    url, foreign = tab(acme.application), globex.api
    sent = {field("seen", foreign): "off", field("want", foreign): "all", "step": "confirm"}
    answer = ada.post(url, sent)
    assert "has been removed" in text(ada.get(answer.url))
    assert not ClientGrant.objects.filter(application=acme.application, api=foreign).exists()
    assert ada.get(tab(globex.application)).status_code == 404
    assert ada.post(tab(globex.application), sent).status_code == 404


def test_a_viewer_reads_and_throws_no_switch(vera, acme, billing):
    page = text(vera.get(tab(acme.application)))
    assert ("Review changes" in page, "May get" in page) == (False, True)
    sent = {field("seen", billing): "off", field("want", billing): "all", "step": "confirm"}
    assert vera.post(tab(acme.application), sent).status_code == 403


def test_a_page_among_a_thousand_apis_is_a_few_statements(ada, acme):
    made = API.objects.bulk_create(
        API(tenant=acme.tenant, identifier=f"urn:{n}", name=f"Service {n:04}", user_policy="require_client_grant")
        for n in range(1_000)
    )
    Permission.objects.bulk_create(Permission(api=each, value=value) for each in made for value in (READ, CREATE))
    ClientGrant.objects.bulk_create(
        ClientGrant(tenant=acme.tenant, application=acme.application, api=each) for each in made[::3]
    )
    ada.get(tab(acme.application))
    for query in ({}, {"show": "stuck"}, {"show": "not", "q": "Service", "page": 7, "ask": "urn:1", "scope": READ}):
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(tab(acme.application, **query)).status_code == 200
        assert len(queries) <= 20, [query["sql"][:150] for query in queries]
