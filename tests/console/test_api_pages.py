"""An operator makes and changes APIs."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.urls import reverse

from apis.models import API
from apis.services import apis
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address

NEW = {"name": "Billing", "identifier": "https://billing.example.com"}


def test_creating_an_api_with_permissions_writes_rows_and_events_with_the_operators_name(ada, acme):
    answer = ada.submit(
        address(API, "add"), **NEW, permissions__0__value="read:bills", permissions__0__description="Read your bills"
    )
    assert answer.status_code == 302
    api = API.objects.get(identifier=NEW["identifier"])
    assert api.tenant == acme.tenant
    assert list(api.permissions.values_list("value", "description")) == [("read:bills", "Read your bills")]
    told = [event for event in acme.events("sapi") if event.user_name == "ada"]
    assert [event.description for event in told] == ["Update the permissions of an API", "Create an API"]
    assert {event.details["actor"]["type"] for event in told} == {"operator"}
    assert {event.ip for event in told} == {"127.0.0.1"}


def test_a_change_is_told_with_what_changed_and_nothing_else(ada, acme):
    ada.submit(address(API, "change", acme.api.pk), name="New name", token_lifetime="3600", token_lifetime_for_web="60")
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
        ({"token_lifetime": "0"}, "greater than or equal to 1"),
        ({"token_lifetime": "60"}, "may not live longer"),
        ({"permissions__0__value": "with space"}, "no spaces"),
        ({"signing_alg": "none"}, "not one of the available choices"),
        ({"tenant": ""}, "required"),
    ],
)
def test_a_broken_rule_is_said_on_the_form_and_nothing_is_written(wrong, said, ada, acme):
    before = API.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()
    assert said in errors(ada.submit(address(API, "add"), **(NEW | wrong)))
    assert (API.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()) == before


def test_the_identifier_never_changes_whatever_is_sent(ada, acme):
    page = ada.get(address(API, "change", acme.api.pk)).content.decode()
    assert "It can never be changed" in page
    ada.submit(address(API, "change", acme.api.pk), identifier="https://other.example.com", name="Renamed")
    acme.api.refresh_from_db()
    assert (acme.api.identifier, acme.api.name) == ("https://orders.example.com", "Renamed")


def test_what_only_the_service_refuses_comes_back_as_a_form_error(ada, acme, monkeypatch):
    def refuse(*_, **__):
        raise IntegrityError("two at once")

    monkeypatch.setattr(apis, "update_api", refuse)
    answer = ada.submit(address(API, "change", acme.api.pk), name="Second")
    assert "Somebody else changed the same thing" in errors(answer)


def test_the_management_api_shows_its_permissions_and_lets_only_its_lifetimes_change(ada, acme):
    api = API.objects.get(tenant=acme.tenant, is_system=True)
    url = address(API, "change", api.pk)
    page = ada.get(url)
    assert list(page.context["adminform"].form.fields) == ["token_lifetime", "token_lifetime_for_web"]
    assert "https://acme.example.com/api/v2/" in page.content.decode()
    assert "read:clients" in page.content.decode()
    assert page.context["show_delete"] is False
    ada.submit(url, token_lifetime="600", token_lifetime_for_web="600", name="Mine", permissions__0__value="x")
    api.refresh_from_db()
    assert (api.token_lifetime, api.name) == (600, "Auth0 Management API")
    assert not api.permissions.filter(value="x").exists()


def test_deleting_the_management_api_is_refused_with_the_reason(ada, acme):
    api = API.objects.get(tenant=acme.tenant, is_system=True)
    answer = ada.post(address(API, "delete", api.pk), {"post": "yes"}, follow=True)
    assert "System resource servers cannot be deleted." in answer.content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [acme.api.pk, api.pk], "post": "yes"}
    answer = ada.post(address(API, "changelist"), chosen, follow=True)
    assert "System resource servers cannot be deleted." in answer.content.decode()
    assert API.objects.filter(tenant=acme.tenant).count() == 2
    assert not LogEntry.objects.exists()


def test_deleting_an_api_says_what_goes_along_and_is_told(ada, acme):
    url = address(API, "delete", acme.api.pk)
    assert (
        "client grants, consents and refresh tokens go too. Access tokens that are JWTs stay valid"
        in ada.get(url).content.decode()
    )
    assert ada.submit(url).status_code == 302
    assert not API.objects.filter(pk=acme.api.pk).exists()
    assert acme.events("sapi")[0].description == "Delete an API"


def test_several_apis_are_deleted_one_by_one_through_the_service(ada, acme):
    second = factories.make_api(acme.tenant, "urn:second")
    chosen = {"action": "delete_selected", "_selected_action": [acme.api.pk, second.pk], "index": "0"}
    assert "Delete multiple objects" in ada.post(address(API, "changelist"), chosen).content.decode()
    ada.post(address(API, "changelist"), {**chosen, "post": "yes"})
    assert [event.description for event in acme.events("sapi")[:2]] == ["Delete an API"] * 2


def test_the_way_from_an_api_to_a_grant_is_one_click(ada, acme):
    links = ada.get(address(API, "change", acme.api.pk)).context["sections"][0].links
    assert links[0].text == "Let an application call this API"
    assert links[0].url == f"{reverse('admin:apis_clientgrant_add')}?api={acme.api.pk}"
