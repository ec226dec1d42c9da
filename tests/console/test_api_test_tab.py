"""The Test tab of an API before anything is sent: who could ask, for what, and with which request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import API, Application, DefaultFor
from apis.services import applications, client_grants
from apis.services.apis import Scope
from tenants.services import add_domain
from tests import factories
from tests.console.asking import evaluate, send, snippets, tab, text
from tests.console.conftest import address
from tests.factories import BY


def boxes(response):
    """value → ticked, of every scope on the page."""
    choice = response.context["choice"]
    return {box["value"]: box["ticked"] for box in (*choice.boxes, *choice.further)}


def test_the_first_application_that_may_call_the_api_is_chosen_with_all_its_scopes_ticked(acme, ada):
    early, _ = factories.make_application(acme.tenant, "Aardvark")
    factories.grant(early, acme.api, ("read:orders",))
    applications.update_application(early, enabled=False, by=BY)
    page = ada.get(tab(acme.api))
    assert page.context["choice"].application == acme.application
    assert boxes(page) == {"read:orders": True, "create:orders": True}
    assert "May call this API" in text(page)
    request = snippets(page)["curl"]
    for part in (f"{acme.issuer}oauth/token", acme.application.client_id, acme.api.identifier, "YOUR_CLIENT_SECRET"):
        assert part in request


def test_the_tab_stands_among_the_tabs_of_an_api(acme, vera):
    assert f'href="{tab(acme.api)}"' in vera.get(address(API, "change", acme.api.pk)).content.decode()


def test_where_no_application_may_call_the_api_the_page_leads_to_the_switches(acme, ada):
    lonely = factories.make_api(acme.tenant, "urn:lonely")
    page = ada.get(tab(lonely))
    assert page.context["choice"] is None
    assert "No application may call this API yet." in text(page)
    assert f'href="{address(API, "applications", lonely.pk)}"' in page.content.decode()


def test_an_application_that_may_not_call_the_api_is_shown_with_what_stands_in_the_way(acme, ada):
    other, _ = factories.make_application(acme.tenant, "Other")
    page = ada.get(tab(acme.api, application=other.client_id))
    assert "Not switched on." in text(page)
    assert "Would be refused" in text(page)
    assert boxes(page) == {"read:orders": False, "create:orders": False}


def test_applications_are_found_by_a_part_of_their_name(acme, ada):
    other, _ = factories.make_application(acme.tenant, "Night shift")
    page = ada.get(tab(acme.api, q="night"))
    assert [row.name for row in page.context["offered"].rows] == ["Night shift"]
    assert f"?application={other.client_id}" in page.content.decode()
    assert "No application is called like that." in text(ada.get(tab(acme.api, q="dawn")))


def test_a_third_party_with_a_grant_by_default_is_offered(acme, ada):
    api = factories.make_api(acme.tenant, "urn:open")
    client_grants.create_client_grant(None, api, ["read:orders"], default_for=DefaultFor.THIRD_PARTY_CLIENTS, by=BY)
    party, _ = factories.make_application(acme.tenant, "Party", is_first_party=False)
    assert [row.pk for row in ada.get(tab(api)).context["offered"].rows] == [party.pk]


def test_no_application_of_another_tenant_is_offered_found_or_taken(acme, globex, ada):
    assert [row.pk for row in ada.get(tab(acme.api, q="Warehouse")).context["offered"].rows] == [acme.application.pk]
    foreign = globex.application.client_id
    assert ada.get(tab(acme.api, application=foreign)).status_code == 404
    assert send(ada, acme.api, globex.application).status_code == 404
    assert evaluate(ada, acme.api, globex.application, "ada@example.com").status_code == 404
    assert not globex.events("seccft", "feccft")
    assert not acme.events("seccft", "feccft")


def test_the_tab_of_another_tenants_api_does_not_exist(acme, grace):
    assert grace.get(tab(acme.api)).status_code == 404
    assert send(grace, acme.api, acme.application).status_code == 404
    assert not acme.events("seccft", "feccft")


@pytest.mark.parametrize("client_id", ["nobody", "é", "x" * 5_000, "' OR 1=1"])
def test_an_application_that_does_not_exist_is_not_found(acme, ada, client_id):
    assert ada.get(tab(acme.api, application=client_id)).status_code == 404


def test_a_tick_less_is_a_scope_that_the_request_names(acme, ada):
    page = ada.post(tab(acme.api), {"application": acme.application.client_id, "shown": "1", "scope": "read:orders"})
    assert boxes(page) == {"read:orders": True, "create:orders": False}
    assert "'scope=read:orders'" in snippets(page)["curl"]
    assert not acme.events("seccft", "feccft")


def test_all_ticks_and_none_are_a_request_that_names_no_scope(acme, ada):
    for ticked in ({}, {"scope": ["read:orders", "create:orders"]}):
        page = ada.post(tab(acme.api), {"application": acme.application.client_id, "shown": "1"} | ticked)
        assert "scope=" not in snippets(page)["curl"]
        assert "names no scope, so the application gets all that it is granted" in text(page)


def test_a_scope_that_the_api_has_not_is_no_scope_here(acme, ada):
    page = ada.get(tab(acme.api, scope="drop:tables"))
    assert "drop:tables" not in page.content.decode()


def test_a_tenant_without_a_domain_says_that_nobody_can_ask(acme, ada):
    acme.tenant.domains.all().delete()
    assert "This tenant has no domain" in text(ada.get(tab(acme.api)))
    assert send(ada, acme.api, acme.application).context["choice"] is None


def test_with_several_domains_one_is_chosen_and_everything_follows_it(acme, ada):
    add_domain(acme.tenant, "login.acme.example", by=BY)
    page = ada.post(tab(acme.api), {"application": acme.application.client_id, "domain": "login.acme.example"})
    assert "https://login.acme.example/oauth/token" in snippets(page)["curl"]
    assert "https://acme.example.com/oauth/token" in snippets(ada.get(tab(acme.api, domain="evil.example")))["curl"]


@pytest.fixture
def busy(acme):
    """acme with sixty applications, each with a grant, and a hundred permissions."""
    values = [Scope(f"do:{number}", "") for number in range(100)]
    api = factories.make_api(acme.tenant, "urn:busy", permissions=values)
    for number in range(60):
        application, _ = factories.make_application(acme.tenant, f"Application {number}")
        factories.grant(application, api, ("do:1", "do:2"))
    return api


def test_the_page_costs_few_statements_however_many_applications_there_are(acme, busy, ada):
    application = Application.objects.get(name="Application 7")
    for ask in (
        lambda: ada.get(tab(busy)),
        lambda: ada.get(tab(busy, q="Application", application=application.client_id)),
        lambda: send(ada, busy, application),
        lambda: send(ada, busy, application, "do:3"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        assert len(queries) <= 20, (len(queries), [query["sql"][:120] for query in queries])


def test_the_page_needs_no_script_and_loads_nothing_from_elsewhere(acme, ada):
    page = send(ada, acme.api, acme.application)
    html = page.content.decode()
    assert "style=" not in html
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert '<details name="request" open>' in html
