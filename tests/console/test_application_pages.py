"""An operator makes and changes applications."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from apis.models import Application
from apis.models.application_types import DEVICE_CODE
from apis.services import connections
from apis.services.applications import update_application
from tenants.models import Connection
from tenants.services import create_connection
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address

NEW = {"name": "Shop", "app_type": "regular_web"}


def change(application):
    return address(application, "change", application.pk)


@pytest.mark.parametrize(
    ("app_type", "grant_types", "method"),
    [
        ("non_interactive", ["client_credentials"], "client_secret_post"),
        ("regular_web", ["authorization_code", "refresh_token", "client_credentials"], "client_secret_post"),
        ("spa", ["authorization_code", "refresh_token"], "none"),
        ("native", ["authorization_code", "refresh_token"], "none"),
        ("resource_server", ["client_credentials"], "client_secret_post"),
    ],
)
def test_a_name_and_a_type_make_an_application_with_what_its_type_needs(app_type, grant_types, method, ada, acme):
    answer = ada.submit(address(Application, "add"), name="Shop", app_type=app_type)
    application = Application.objects.get(name="Shop")
    assert (application.grant_types, application.token_endpoint_auth_method) == (grant_types, method)
    assert application.tenant == acme.tenant
    assert answer.status_code == (302 if method == "none" else 200)
    assert application.secrets.count() == (0 if method == "none" else 1)
    told = {event.description for event in acme.events("sapi") if event.user_name == "ada"}
    assert told - {"Set the connections of a client"} == {"Create a client"} | (
        set() if method == "none" else {"Add a client secret"}
    )


def test_the_new_page_asks_for_a_name_and_a_type_and_nothing_else(ada, acme):
    page = ada.get(address(Application, "add"))
    assert ada.fields(address(Application, "add")).keys() - {"csrfmiddlewaretoken"} == {"tenant", "name", "app_type"}
    html = page.content.decode()
    assert html.count('type="radio"') == 5
    assert "A program that calls an API on its own behalf, without a person." in html


def test_a_public_application_gets_no_secret_and_leads_to_its_callback_urls(ada, acme):
    answer = ada.submit(address(Application, "add"), name="Tracker", app_type="spa")
    application = Application.objects.get(name="Tracker")
    assert answer.url == change(application)
    page = ada.get(answer.url).content.decode()
    assert "Callback URLs" in page
    assert "The application Tracker was added." in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "<script>"}, "must not contain"),
        ({"app_type": None}, "Choose what kind of application it is"),
        ({"app_type": "magic"}, "not one of the available choices"),
    ],
)
def test_a_new_application_without_a_name_or_a_known_type_is_not_made(wrong, said, ada, acme):
    before = Application.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()
    assert said in errors(ada.submit(address(Application, "add"), **(NEW | wrong)))
    assert (Application.objects.count(), len(acme.events("sapi")), LogEntry.objects.count()) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"redirect_uris": "javascript:alert(1)"}, "javascript:alert(1)"),
        ({"redirect_uris": "http://shop.example/cb"}, "loopback only"),
        ({"post_logout_redirect_uris": "https://*.example/"}, "wildcards"),
        ({"allowed_origins": "https://shop.example/path"}, "https://shop.example/path"),
        ({"web_origins": "shop"}, "shop"),
        ({"grant_types": ["magic"]}, "not one of the available choices"),
        ({"client_metadata": "{"}, "Enter a valid JSON"),
        ({"client_metadata": '{"a": 1}'}, "text"),
        ({"client_metadata": "[]"}, "object of names"),
    ],
)
def test_a_broken_rule_is_said_on_the_form_and_nothing_is_written(wrong, said, ada, acme):
    before = len(acme.events("sapi")), LogEntry.objects.count(), Application.objects.values().get(pk=acme.application.pk)
    assert said in errors(ada.submit(change(acme.application), **wrong))
    assert (
        len(acme.events("sapi")),
        LogEntry.objects.count(),
        Application.objects.values().get(pk=acme.application.pk),
    ) == before


def test_a_change_is_told_with_what_changed(ada, acme):
    answer = ada.submit(
        change(acme.application),
        description="Ships things",
        grant_types=["client_credentials", "refresh_token"],
        client_metadata='{"team": "logistics"}',
        redirect_uris="https://a.example/cb\r\n\r\n https://b.example/cb ",
    )
    assert answer.url == change(acme.application), "and the same page again"
    acme.application.refresh_from_db()
    assert acme.application.client_metadata == {"team": "logistics"}
    assert acme.events("sapi")[0].details["changes"] == {
        "description": "Ships things",
        "grant_types": ["client_credentials", "refresh_token"],
        "client_metadata": {"team": "logistics"},
        "redirect_uris": "https://a.example/cb\nhttps://b.example/cb",
    }


def test_metadata_that_is_emptied_is_gone(ada, acme):
    ada.submit(change(acme.application), client_metadata='{"team": "logistics"}')
    assert ada.submit(change(acme.application), client_metadata="").status_code == 302
    acme.application.refresh_from_db()
    assert acme.application.client_metadata == {}


def folded(console, application):
    """The titles of what is folded, and of what could be and is open."""
    html = console.get(change(application)).content.decode()
    found = re.findall(r'<details class="card fold"( open)?>\s*<summary>\s*<h2>(.*?)</h2>', html)
    return [title for is_open, title in found if not is_open], [title for is_open, title in found if is_open]


def test_what_is_seldom_needed_is_folded_until_it_differs_or_is_wrong(ada, acme, people, shop):
    assert folded(ada, shop) == (["Tokens", "OAuth", "Metadata"], [])
    assert folded(ada, acme.application) == (["Addresses", "Sign-in", "Tokens", "OAuth", "Metadata"], [])
    update_application(shop, by=factories.BY, id_token_lifetime=60, client_metadata={"a": "b"})
    assert folded(ada, shop) == (["OAuth"], ["Tokens", "Metadata"])
    wrong = ada.submit(change(shop), grant_types=["magic"]).content.decode()
    assert re.search(r'<details class="card fold" open>\s*<summary>\s*<h2>OAuth', wrong)


def test_saving_without_a_change_tells_nothing(ada, acme):
    before = len(acme.events("sapi"))
    assert ada.submit(address(Application, "change", acme.application.pk)).status_code == 302
    assert len(acme.events("sapi")) == before


def test_the_client_id_stands_on_the_page_and_cannot_be_changed(ada, acme):
    url = address(Application, "change", acme.application.pk)
    assert f'<code class="latchkey-copy" data-copy>{acme.application.client_id}</code>' in ada.get(url).content.decode()
    ada.submit(url, client_id="mine", name="Renamed")
    client_id = acme.application.client_id
    acme.application.refresh_from_db()
    assert (acme.application.client_id, acme.application.name) == (client_id, "Renamed")


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=factories.BY)


@pytest.fixture
def shop(acme, people):
    application, _ = factories.make_application(acme.tenant, "Shop", app_type="regular_web")
    connections.set_connections(application, [people], by=factories.BY)
    return application


def used(application):
    return set(application.connections.values_list("name", flat=True))


def test_a_new_application_that_people_sign_in_to_has_the_directories_there_are(ada, globex, people):
    create_connection(globex.tenant, "theirs", by=factories.BY)
    ada.submit(address(Application, "add"), **NEW)
    assert used(Application.objects.get(name="Shop")) == {"people"}
    ada.submit(address(Application, "add"), **(NEW | {"name": "Robot", "app_type": "non_interactive"}))
    assert used(Application.objects.get(name="Robot")) == set()


def test_directories_are_ticked_on_the_page_and_told(ada, acme, people, shop):
    staff = create_connection(acme.tenant, "staff", by=factories.BY)
    url = address(shop, "change", shop.pk)
    assert ada.fields(url)["connections"] == [people.pk]
    assert ada.submit(url, connections=[staff.pk]).status_code == 302
    assert used(shop) == {"staff"}
    event = acme.events("sapi")[0]
    assert (event.description, event.details["changes"]) == ("Set the connections of a client", {"connections": ["staff"]})
    ada.submit(url, connections=[])
    assert used(shop) == set()


def test_T139_a_directory_of_another_tenant_is_neither_offered_nor_taken(globex, root, people, shop):
    theirs = create_connection(globex.tenant, "theirs", by=factories.BY)
    url = address(shop, "change", shop.pk)
    assert "theirs" not in root.get(url).content.decode()
    assert "Select a valid choice" in errors(root.submit(url, connections=[people.pk, theirs.pk]))
    assert used(shop) == {"people"}


def test_settings_of_login_and_tokens_are_changed_and_told(ada, acme, shop):
    changes = {
        "logo_uri": "https://shop.example/logo.png",
        "policy_uri": "https://shop.example/privacy",
        "tos_uri": "https://shop.example/terms",
        "skip_non_verifiable_callback_uri_confirmation_prompt": "true",
        "is_token_endpoint_ip_header_trusted": "on",
        "id_token_lifetime": "600",
        "refresh_token_rotation": "rotating",
        "refresh_token_leeway": "10",
        "refresh_token_lifetime": "86400",
        "refresh_token_idle_lifetime": "3600",
    }
    assert ada.submit(address(shop, "change", shop.pk), **changes).status_code == 302
    told = acme.events("sapi")[0].details["changes"]
    assert set(told) == set(changes)
    assert (told["refresh_token_leeway"], told["skip_non_verifiable_callback_uri_confirmation_prompt"]) == (10, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"logo_uri": "javascript:alert(1)"}, "valid URL"),
        ({"id_token_alg": "none"}, "not one of the available choices"),
        ({"id_token_lifetime": "0"}, "greater than or equal to 1"),
        ({"refresh_token_leeway": "301"}, "less than or equal to 300"),
        ({"refresh_token_rotation": "sometimes"}, "not one of the available choices"),
    ],
)
def test_an_impossible_setting_of_login_or_tokens_is_said_on_the_form(wrong, said, ada, shop):
    assert said in errors(ada.submit(address(shop, "change", shop.pk), **wrong))


def test_a_backend_is_given_an_api_of_its_own_tenant_by_its_identifier(ada, acme, globex, root):
    backend, _ = factories.make_application(acme.tenant, "Backend", app_type="resource_server")
    factories.make_api(globex.tenant, "urn:theirs")
    url = change(backend)
    for wrong in ("urn:theirs", "nonsense", globex.api.pk):
        assert "Select a valid choice" in errors(root.submit(url, resource_server=wrong))
    assert ada.submit(url, resource_server=acme.api.identifier).status_code == 302
    backend.refresh_from_db()
    assert backend.resource_server == acme.api
    before = len(acme.events("sapi"))
    assert ada.fields(url)["resource_server"] == [acme.api.identifier]
    assert ada.submit(url).status_code == 302
    assert len(acme.events("sapi")) == before
    assert "resource_server" not in ada.fields(change(acme.application))


def test_the_page_of_a_directory_switches_it_on_and_off_for_each_application(ada, acme, people, shop):
    tracker, _ = factories.make_application(acme.tenant, "Tracker", app_type="spa")
    tracker.connections.clear()
    url = address(people, "applications", people.pk)
    rows = ada.get(url).context["sections"][0].rows
    assert [(str(row[0]).count("Shop"), ">Yes<" in row[2]) for row in rows] == [(1, True), (0, False)]
    on, off = (address(app, f"connection_{way}", app.pk, people.pk) for app, way in ((tracker, "on"), (shop, "off")))
    assert f'href="{on}"' in rows[1][3]
    assert f'href="{off}"' in rows[0][3]
    assert "can sign in to Tracker" in ada.get(on).content.decode()
    assert ada.submit(on).url == url
    ada.post(on)
    assert used(tracker) == {"people"}
    ada.submit(off)
    ada.post(off)
    assert used(shop) == set()
    assert acme.events("sapi")[0].description == "Switch a connection off for a client"


def test_a_directory_that_is_made_later_is_switched_on_nowhere_and_says_so(ada, shop):
    answer = ada.submit(address(Connection, "add"), name="later")
    page = ada.get(answer.url)
    assert "Now switch it on for the applications" in page.content.decode()
    assert [">No<" in row[2] for row in page.context["sections"][0].rows] == [True]


def test_a_third_party_application_is_told_that_the_directory_is_not_for_it(ada, people, shop):
    Application.objects.filter(pk=shop.pk).update(is_first_party=False)
    url = address(people, "applications", people.pk)
    assert "It is a third-party application" in ada.get(url).context["sections"][0].rows[0][2]
    ada.submit(address(people, "change", people.pk), is_domain_connection="on")
    assert ">Yes<" in ada.get(url).context["sections"][0].rows[0][2]


def test_T139_a_switch_of_another_tenants_directory_is_not_found(globex, ada, root, shop):
    theirs = create_connection(globex.tenant, "theirs", by=factories.BY)
    for console in (ada, root):
        for way in ("on", "off"):
            assert console.post(address(shop, f"connection_{way}", shop.pk, theirs.pk)).status_code == 404
    assert used(shop) == {"people"}


def test_a_viewer_sees_who_uses_a_directory_and_no_switch(vera, people, shop):
    section = vera.get(address(people, "applications", people.pk)).context["sections"][0]
    assert [(">Yes<" in row[2], row[3]) for row in section.rows] == [(True, "")]
    assert vera.post(address(shop, "connection_off", shop.pk, people.pk)).status_code == 403
    assert used(shop) == {"people"}
    assert "people" in vera.get(address(shop, "change", shop.pk)).content.decode()


def offered_grant_types(page):
    return [name for name, _ in page.context["adminform"].form.fields["grant_types"].choices]


def test_the_device_flow_is_offered_to_nobody_and_kept_where_it_is_stored(ada, acme):
    application, url = acme.application, address(acme.application, "change", acme.application.pk)
    assert DEVICE_CODE not in offered_grant_types(ada.get(url))
    assert "Select a valid choice" in errors(ada.submit(url, grant_types=[DEVICE_CODE]))
    update_application(application, by=factories.BY, grant_types=["client_credentials", DEVICE_CODE])
    assert offered_grant_types(ada.get(url))[-1] == DEVICE_CODE
    ada.submit(url, name="Renamed")
    application.refresh_from_db()
    assert (application.name, application.grant_types) == ("Renamed", ["client_credentials", DEVICE_CODE])


def test_without_a_choice_of_its_own_an_application_trusts_callbacks_as_the_tenant_says(ada, vera, acme):
    url = address(acme.application, "change", acme.application.pk)
    page = ada.get(url).content.decode()
    assert '<option value="unknown" selected>As the tenant says</option>' in page
    assert "Unknown" not in page
    assert vera.get(url).status_code == 200
