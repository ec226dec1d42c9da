"""An operator switches an application off and on, ends all of its secrets, and deletes it: each with a second thought."""

import pytest

from apis.models import Application
from apis.services.applications import add_secret, update_application
from tests import factories
from tests.client_keys import signing
from tests.console.browser import FormReader, shown_secret
from tests.console.conftest import address


def at(page, application):
    return address(application, page, application.pk)


def is_there(application):
    return Application.objects.filter(pk=application.pk).exists()


def off(world):
    update_application(world.application, by=factories.BY, enabled=False)
    return world.application


def test_a_disabled_application_is_refused_and_an_enabled_one_is_not(ada, acme):
    page = ada.get(at("danger", acme.application)).content.decode()
    assert "every request of it is refused" in page
    assert f'action="{at("disable", acme.application)}"' in page
    assert ada.post(at("disable", acme.application)).url == at("danger", acme.application)
    assert acme.ask().status_code == 401
    assert "gets tokens again" in ada.get(at("danger", acme.application)).content.decode()
    ada.post(at("enable", acme.application))
    assert acme.ask().status_code == 200
    assert [event.details["changes"] for event in acme.events("sapi")[:2]] == [{"enabled": True}, {"enabled": False}]


@pytest.mark.parametrize(("page", "said"), [("disable", "no new tokens"), ("enable", "gets tokens again")])
def test_the_switches_ask_when_they_are_opened_and_do_nothing_yet(page, said, ada, acme):
    before = acme.application.enabled
    assert said in ada.get(at(page, acme.application)).content.decode()
    acme.application.refresh_from_db()
    assert acme.application.enabled == before


def test_pressing_a_switch_twice_tells_of_one_change(ada, acme):
    before = len(acme.events("sapi"))
    ada.post(at("disable", acme.application))
    assert ada.post(at("disable", acme.application)).status_code == 302
    assert len(acme.events("sapi")) == before + 1


def test_every_secret_ends_and_one_new_one_is_shown_once(ada, acme):
    second = add_secret(acme.application, by=factories.BY).value
    asked = ada.get(at("rotate_secrets", acme.application)).content.decode()
    assert "Every secret in use ends now" in asked
    assert acme.ask().status_code == 200
    secret = shown_secret(ada.submit(at("rotate_secrets", acme.application)))
    assert [acme.ask(client_secret=value).status_code for value in (acme.secret, second, secret)] == [401, 401, 200]


def test_an_application_without_secrets_has_none_to_end(ada, acme):
    signing(acme.application)
    assert "there is nothing to end here" in ada.get(at("danger", acme.application)).content.decode()
    answer = ada.post(at("rotate_secrets", acme.application), follow=True)
    assert "has no secret" in answer.content.decode()


def test_deleting_takes_a_disabled_application_and_its_name(ada, acme):
    application = off(acme)
    page = ada.get(at("danger", application)).content.decode()
    assert "Its secrets, keys, client grants, consents and refresh tokens go too" in page
    form = FormReader(page).forms[-1]
    assert set(form) == {"csrfmiddlewaretoken", "name"}
    answer = ada.post(at("delete", application), form | {"name": application.name})
    assert answer.url == address(Application, "changelist")
    assert not is_there(application)
    assert acme.events("sapi")[0].description == "Delete a client"
    assert "The application Warehouse was deleted." in ada.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Type the name of the application"),
        ({"name": ""}, "Type the name of the application"),
        ({"name": "warehouse"}, "This is not its name"),
        ({"name": "Warehouse 2"}, "This is not its name"),
        ({"post": "yes"}, "Type the name of the application"),
    ],
)
def test_without_the_exact_name_nothing_is_deleted(sent, said, ada, acme):
    answer = ada.post(at("delete", off(acme)), sent)
    assert said in answer.content.decode()
    assert is_there(acme.application)


def test_an_enabled_application_is_not_deleted_however_its_name_is_typed(ada, root, acme):
    for console in (ada, root):
        answer = console.post(at("delete", acme.application), {"name": "Warehouse", "post": "yes"})
        assert "Disable it first" in answer.content.decode()
    assert is_there(acme.application)


def test_no_action_on_the_list_goes_round_the_danger_zone(root, acme):
    application = off(acme)
    chosen = {"action": "delete_selected", "_selected_action": [application.pk], "post": "yes"}
    page = root.post(address(Application, "changelist"), chosen)
    assert is_there(application)
    assert "delete_selected" not in page.content.decode()
    assert 'name="_selected_action"' not in root.get(address(Application, "changelist")).content.decode()


def test_the_settings_offer_no_other_way_to_delete(ada, acme):
    assert at("delete", acme.application) not in ada.get(at("change", acme.application)).content.decode()


def test_a_viewer_sees_no_danger_zone_and_does_nothing_in_it(vera, acme):
    application = off(acme)
    assert "Danger zone" not in vera.get(at("change", application)).content.decode()
    assert vera.get(at("danger", application)).status_code == 404
    for page in ("disable", "enable", "rotate_secrets", "delete"):
        assert vera.post(at(page, application), {"name": "Warehouse"}).status_code == 403
    application.refresh_from_db()
    assert not application.enabled
    assert application.secrets.count() == 1


def test_T139_an_operator_of_another_tenant_finds_none_of_it(grace, acme):
    application = off(acme)
    for page in ("danger", "disable", "enable", "rotate_secrets", "delete"):
        assert grace.get(at(page, application)).status_code == 404
        assert grace.post(at(page, application), {"name": "Warehouse"}).status_code == 404
    assert is_there(application)
