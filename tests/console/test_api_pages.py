"""An operator makes and changes APIs."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from apis.models import API
from apis.services import apis
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address

NEW = {"name": "Billing", "identifier": "https://billing.example.com"}


def test_a_new_api_needs_a_name_and_an_identifier_and_lands_on_its_permissions(ada, acme):
    asked = set(ada.fields(address(API, "add"))) - {"csrfmiddlewaretoken"}
    assert asked == {"name", "identifier", "signing_alg", "tenant"}
    answer = ada.submit(address(API, "add"), **NEW)
    api = API.objects.get(identifier=NEW["identifier"])
    assert answer.url == address(API, "permissions", api.pk)
    assert "The API Billing was added. Next: name what applications may do there." in ada.get(answer.url).content.decode()
    event = acme.events("sapi")[0]
    assert (api.tenant, event.description, event.user_name) == (acme.tenant, "Create an API", "ada")
    assert (event.details["actor"]["type"], event.ip) == ("operator", "127.0.0.1")


def test_a_change_is_told_with_what_changed_and_stays_on_the_settings(ada, acme):
    url = address(API, "change", acme.api.pk)
    answer = ada.submit(url, name="New name", token_lifetime="3600", token_lifetime_for_web="60")
    assert answer.url == url
    page = ada.get(url).content.decode()
    assert "The settings were saved." in page
    assert "Stored now: 1 hour." in page
    acme.api.refresh_from_db()
    assert (acme.api.name, acme.api.token_lifetime) == ("New name", 3600)
    event = acme.events("sapi")[0]
    assert event.details["changes"] == {"name": "New name", "token_lifetime": 3600, "token_lifetime_for_web": 60}


def test_saving_without_a_change_tells_nothing(ada, acme):
    before = len(acme.events("sapi"))
    assert ada.submit(address(API, "change", acme.api.pk)).status_code == 302
    assert len(acme.events("sapi")) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"identifier": "with space"}, "URI"),
        ({"identifier": ""}, "required"),
        ({"identifier": "https://orders.example.com"}, "already exists"),
        ({"identifier": "https://acme.example.com/api/v2/"}, "reserved"),
        ({"name": "<b>"}, "must not contain"),
        ({"signing_alg": "none"}, "not one of the available choices"),
        ({"tenant": ""}, "required"),
    ],
)
def test_a_broken_rule_of_a_new_api_is_said_on_the_form_and_nothing_is_written(wrong, said, ada, acme):
    before = API.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()
    assert said in errors(ada.submit(address(API, "add"), **(NEW | wrong)))
    assert (API.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"token_lifetime": "0"}, "greater than or equal to 1"),
        ({"token_lifetime": "60"}, "may not live longer"),
        ({"user_policy": "perhaps"}, "not one of the available choices"),
        ({"name": "<b>"}, "must not contain"),
    ],
)
def test_a_broken_rule_of_the_settings_is_said_on_the_form_and_nothing_is_written(wrong, said, ada, acme):
    before = len(acme.events("sapi"))
    assert said in errors(ada.submit(address(API, "change", acme.api.pk), **wrong))
    assert len(acme.events("sapi")) == before


def test_the_identifier_never_changes_whatever_is_sent(ada, acme):
    page = ada.get(address(API, "change", acme.api.pk)).content.decode()
    assert "Every token names this value as its audience" in page
    assert "So it can never be changed" in page
    ada.submit(address(API, "change", acme.api.pk), identifier="https://other.example.com", name="Renamed")
    acme.api.refresh_from_db()
    assert (acme.api.identifier, acme.api.name) == ("https://orders.example.com", "Renamed")


def test_what_only_the_service_refuses_comes_back_as_a_form_error(ada, acme, monkeypatch):
    def refuse(*_, **__):
        raise IntegrityError("two at once")

    monkeypatch.setattr(apis, "update_api", refuse)
    answer = ada.submit(address(API, "change", acme.api.pk), name="Second")
    assert "Somebody else changed the same thing" in errors(answer)


def test_the_management_api_lets_only_its_lifetimes_change(ada, acme):
    api = API.objects.get(tenant=acme.tenant, is_system=True)
    url = address(API, "change", api.pk)
    page = ada.get(url)
    assert list(page.context["adminform"].form.fields) == ["token_lifetime", "token_lifetime_for_web"]
    assert "https://acme.example.com/api/v2/" in page.content.decode()
    assert "Delete this API" not in page.content.decode()
    ada.submit(url, token_lifetime="600", token_lifetime_for_web="600", name="Mine")
    api.refresh_from_db()
    assert (api.token_lifetime, api.name) == (600, "Auth0 Management API")


def test_deleting_the_management_api_is_refused_with_the_reason(ada, acme):
    api = API.objects.get(tenant=acme.tenant, is_system=True)
    answer = ada.post(address(API, "delete", api.pk), {"post": "yes"}, follow=True)
    assert "System resource servers cannot be deleted." in answer.content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [acme.api.pk, api.pk], "post": "yes"}
    answer = ada.post(address(API, "changelist"), chosen, follow=True)
    assert "System resource servers cannot be deleted." in answer.content.decode()
    assert API.objects.filter(tenant=acme.tenant).count() == 2
    assert not LogEntry.objects.exists()


def test_deleting_an_api_is_offered_last_asks_with_numbers_and_is_told(ada, acme):
    url = address(API, "delete", acme.api.pk)
    settings = ada.get(address(API, "change", acme.api.pk)).content.decode()
    assert settings.index(url) > settings.index('name="_save"')
    asked = ada.get(url).content.decode()
    gone = ("2 permissions will go", "1 application will get no token", "consents and refresh tokens")
    for said in (*gone, "JWTs stay valid"):
        assert said in asked
    assert ada.submit(url).status_code == 302
    assert not API.objects.filter(pk=acme.api.pk).exists()
    assert acme.events("sapi")[0].description == "Delete an API"


def test_several_apis_are_deleted_one_by_one_through_the_service(ada, acme):
    second = factories.make_api(acme.tenant, "urn:second")
    chosen = {"action": "delete_selected", "_selected_action": [acme.api.pk, second.pk], "index": "0"}
    assert "Delete multiple objects" in ada.post(address(API, "changelist"), chosen).content.decode()
    ada.post(address(API, "changelist"), {**chosen, "post": "yes"})
    assert [event.description for event in acme.events("sapi")[:2]] == ["Delete an API"] * 2


def test_the_settings_of_an_api_show_neither_its_permissions_nor_its_applications(ada, acme):
    page = ada.get(address(API, "change", acme.api.pk))
    assert page.context["inline_admin_formsets"] == []
    assert [section.title for section in page.context["sections"]] == []


def test_a_viewer_reads_the_settings_and_is_offered_neither_save_nor_delete(vera, acme):
    page = vera.get(address(API, "change", acme.api.pk)).content.decode()
    assert "Applications with a client grant" in page
    assert 'name="_save"' not in page
    assert address(API, "delete", acme.api.pk) not in page


def test_the_list_counts_permissions_and_applications_and_leads_to_the_quick_start(ada, acme):
    page = ada.get(address(API, "changelist"))
    (row,) = (row for row in page.context["cl"].result_list if row.pk == acme.api.pk)
    assert (row.permission_count, row.application_count) == (2, 1)
    assert f'href="{address(API, "quick_start", acme.api.pk)}"' in page.content.decode()
    assert "Your first API" not in page.content.decode()


def test_a_tenant_without_an_api_of_its_own_reads_what_one_is(ada, vera, acme):
    acme.api.delete()
    for console, offers in ((ada, True), (vera, False)):
        page = console.get(address(API, "changelist")).content.decode()
        assert "Your first API" in page
        assert ("Describe an API" in page) is offers
    assert "Your first API" not in ada.get(address(API, "changelist", q="nothing like it")).content.decode()


def test_the_list_costs_the_same_however_many_apis_and_grants_there_are(root, acme):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert root.get(address(API, "changelist")).status_code == 200
        return len(queries)

    few = cost()
    for number in range(30):
        other = factories.make_api(acme.tenant, f"urn:{number}")
        factories.grant(factories.make_application(acme.tenant, f"A{number}")[0], other)
    assert cost() <= min(few, 20)
