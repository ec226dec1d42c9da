"""The other tabs of an application: what it asked for, who signed in to it; and the list of all applications."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.models import Application
from apis.services.applications import update_application
from authserver.models import Consent, TokenFamily
from tenants import audit
from tenants.models import LogEvent
from tests import factories
from tests.console.conftest import address
from tests.console.sign_ins import leave_behind


def at(page, application):
    return address(application, page, application.pk)


def test_the_last_requests_stand_on_the_tab_and_each_leads_to_its_event(ada, vera, acme):
    acme.ask()
    acme.ask(scope="delete:orders")
    audit.flush()
    for console in (ada, vera):
        response = console.get(at("logs", acme.application))
        refused, issued = response.context["rows"][:2]
        assert (refused.mark.text, issued.mark.text) == ("Refused", "OK")
        assert refused.event.details["reason"] == "ScopeNotGranted"
        page = response.content.decode()
        assert page.count('<span class="badge bad">Refused</span>') == 1
        assert refused.further
        assert address(refused.event, "change", refused.event.pk) in page


def test_only_the_last_fifty_of_this_application_are_shown_with_the_way_to_the_others(ada, acme):
    other, _ = factories.make_application(acme.tenant, "Other")
    rows = [LogEvent(tenant=acme.tenant, type="seccft", client_id=acme.application.client_id) for _ in range(60)]
    LogEvent.objects.bulk_create([*rows, LogEvent(tenant=acme.tenant, type="seccft", client_id=other.client_id)])
    response = ada.get(at("logs", acme.application))
    assert len(response.context["rows"]) == 50
    assert {row.event.client_id for row in response.context["rows"]} == {acme.application.client_id}
    assert "All in the log" in response.content.decode()
    assert ada.get(response.context["all_url"]).status_code == 200


def test_an_application_that_never_asked_says_so(ada, acme):
    assert "It has not asked for anything yet." in ada.get(at("logs", acme.application)).content.decode()


def test_who_allowed_it_what_and_who_stays_signed_in_stands_on_its_own_tab(ada, vera, people):
    leave_behind(people.user, people.web, people.world.api)
    consent, family = Consent.objects.get(application=people.web), TokenFamily.objects.get(application=people.web)
    for console, link in ((ada, "Look or take back"), (vera, "Look")):
        page = console.get(at("sign_ins", people.web)).content.decode()
        assert people.user.email in page
        assert "offline_access, read:orders" in page
        assert f'<a href="{address(consent, "change", consent.pk)}">{link}</a>' in page
        assert address(family, "change", family.pk) in page
    assert "Consents" not in ada.get(at("change", people.web)).content.decode().partition("content-main")[2]


def test_a_machine_has_nobody_who_signs_in(ada, acme):
    assert "Nobody signs in here" in ada.get(at("sign_ins", acme.application)).content.decode()


@pytest.mark.parametrize("page", ["quick_start", "credentials", "sign_ins", "logs", "danger", "change", "apis"])
def test_T139_no_tab_opens_for_another_tenants_operator(page, grace, acme):
    assert grace.get(at(page, acme.application)).status_code == 404
    assert grace.post(at(page, acme.application)).status_code == 404


@pytest.mark.parametrize("page", ["quick_start", "credentials", "sign_ins", "logs", "danger", "change"])
def test_every_tab_costs_few_statements_however_much_there_is(page, ada, people):
    application, tenant = people.web, people.world.tenant
    for number in range(60):
        LogEvent.objects.create(
            tenant=tenant,
            type="feacft",
            client_id=application.client_id,
            audience=f"urn:{number}",
            details={"reason": "NotGranted", "remedy": "Switch it on."},
        )
        leave_behind(people.user, application, factories.make_api(tenant, f"urn:{number}"))
    with CaptureQueriesContext(connection) as queries:
        assert ada.get(at(page, application)).status_code == 200
    assert len(queries) <= 20, [query["sql"][:200] for query in queries]


def test_the_list_says_what_each_is_and_when_its_secret_was_last_used(ada, acme):
    factories.make_application(acme.tenant, "Tracker", app_type="spa")
    moment = timezone.now()
    acme.application.secrets.update(last_used_at=moment)
    update_application(acme.application, by=factories.BY, enabled=False)
    page = ada.get(address(Application, "changelist")).content.decode()
    for shown in ("Machine to machine", "Single page", "Disabled", "Enabled", "Has none", f"{moment:%Y-%m-%d}"):
        assert shown in page
    assert f"data-copy>{acme.application.client_id}</code>" in page


def test_a_tenant_without_an_application_of_its_own_is_told_what_one_is(ada, vera, acme):
    acme.application.delete()
    for console, offered in ((ada, True), (vera, False)):
        page = console.get(address(Application, "changelist")).content.decode()
        assert "There is no application yet" in page
        assert ("Create the first application" in page) == offered
        assert "There is no application yet" not in console.get(address(Application, "changelist", q="x")).content.decode()


def test_the_list_costs_few_statements_however_many_there_are(ada, acme):
    Application.objects.bulk_create(
        Application(tenant=acme.tenant, name=f"Application {number}", app_type="spa") for number in range(500)
    )
    with CaptureQueriesContext(connection) as queries:
        response = ada.get(address(Application, "changelist"))
    assert len(response.context["cl"].result_list) == 50
    assert len(queries) <= 12, [query["sql"][:200] for query in queries]
