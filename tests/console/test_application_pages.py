"""An operator makes and changes applications."""

import pytest
from django.contrib.admin.models import LogEntry

from apis.models import Application, ClientGrant
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address

NEW = {"name": "Shop", "app_type": "regular_web", "token_endpoint_auth_method": ""}


def test_creating_an_application_gives_it_the_grant_types_of_its_type_and_a_secret(ada, acme):
    answer = ada.submit(
        address(Application, "add"), **NEW, redirect_uris="https://a.example/cb\r\n\r\n https://b.example/cb "
    )
    assert answer.status_code == 200
    application = Application.objects.get(name="Shop")
    assert application.grant_types == ["authorization_code", "refresh_token", "client_credentials"]
    assert application.redirect_uris == "https://a.example/cb\nhttps://b.example/cb"
    assert application.secrets.count() == 1
    told = [event.description for event in acme.events("sapi") if event.user_name == "ada"]
    assert told == ["Add a client secret", "Create a client"]


def test_a_public_application_gets_no_secret_and_leads_to_the_list(ada, acme):
    answer = ada.submit(address(Application, "add"), name="Tracker", app_type="spa", token_endpoint_auth_method="")
    assert answer.status_code == 302
    application = Application.objects.get(name="Tracker")
    assert not application.secrets.exists()
    page = ada.get(address(application, "change", application.pk))
    assert page.context["sections"][0].empty.startswith("A public client has none")
    assert not page.context["sections"][0].links


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "<script>"}, "must not contain"),
        ({"redirect_uris": "javascript:alert(1)"}, "javascript:alert(1)"),
        ({"redirect_uris": "http://shop.example/cb"}, "loopback only"),
        ({"post_logout_redirect_uris": "https://*.example/"}, "wildcards"),
        ({"allowed_origins": "https://shop.example/path"}, "https://shop.example/path"),
        ({"web_origins": "shop"}, "shop"),
        ({"grant_types": ["magic"]}, "not one of the available choices"),
        ({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}, "public client"),
        ({"client_metadata": "{"}, "Enter a valid JSON"),
        ({"client_metadata": '{"a": 1}'}, "text"),
        ({"client_metadata": "[]"}, "object of names"),
    ],
)
def test_a_broken_rule_is_said_on_the_form_and_nothing_is_written(wrong, said, ada, acme):
    before = Application.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()
    assert said in errors(ada.submit(address(Application, "add"), **(NEW | wrong)))
    assert (Application.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()) == before


def test_a_change_is_told_with_what_changed(ada, acme):
    url = address(Application, "change", acme.application.pk)
    ada.submit(
        url,
        description="Ships things",
        enabled=None,
        grant_types=["client_credentials", "refresh_token"],
        client_metadata='{"team": "logistics"}',
        redirect_uris="https://a.example/cb\nhttps://b.example/cb",
    )
    acme.application.refresh_from_db()
    assert acme.application.enabled is False
    assert acme.application.client_metadata == {"team": "logistics"}
    assert acme.events("sapi")[0].details["changes"] == {
        "description": "Ships things",
        "enabled": False,
        "grant_types": ["client_credentials", "refresh_token"],
        "client_metadata": {"team": "logistics"},
        "redirect_uris": "https://a.example/cb\nhttps://b.example/cb",
    }


def test_saving_without_a_change_tells_nothing(ada, acme):
    before = len(acme.events("sapi"))
    assert ada.submit(address(Application, "change", acme.application.pk)).status_code == 302
    assert len(acme.events("sapi")) == before


def test_an_application_that_becomes_public_loses_its_secrets(ada, acme):
    url = address(Application, "change", acme.application.pk)
    assert ada.submit(url, token_endpoint_auth_method="none", grant_types=["authorization_code"]).status_code == 302
    assert not acme.application.secrets.exists()


def test_the_client_id_stands_on_the_page_and_cannot_be_changed(ada, acme):
    url = address(Application, "change", acme.application.pk)
    assert f'<code class="latchkey-copy" data-copy>{acme.application.client_id}</code>' in ada.get(url).content.decode()
    ada.submit(url, client_id="mine", name="Renamed")
    client_id = acme.application.client_id
    acme.application.refresh_from_db()
    assert (acme.application.client_id, acme.application.name) == (client_id, "Renamed")


def test_the_page_lists_what_the_application_may_call(ada, acme):
    page = ada.get(address(Application, "change", acme.application.pk))
    section = page.context["sections"][1]
    assert section.rows[0][1:3] == ("https://orders.example.com", "read:orders, create:orders")
    assert section.links[0].url == address(ClientGrant, "add", application=acme.application.pk)
    assert section.note == ""


def test_an_application_without_client_credentials_is_told_that_its_grants_are_of_no_use(ada, acme):
    spa, _ = factories.make_application(acme.tenant, "Tracker", app_type="spa")
    assert "client_credentials" in ada.get(address(spa, "change", spa.pk)).context["sections"][1].note


def test_deleting_an_application_is_told(ada, acme):
    url = address(Application, "delete", acme.application.pk)
    assert "Secrets and client grants go too" in ada.get(url).content.decode()
    assert ada.submit(url).status_code == 302
    assert not Application.objects.filter(pk=acme.application.pk).exists()
    assert acme.events("sapi")[0].description == "Delete a client"
