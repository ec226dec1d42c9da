"""Two operators at the same page: nobody undoes unseen what the other one saved."""

import pytest

from apis.models import API, Application
from apis.services import apis, applications
from tenants import services
from tenants.console.meanwhile import SEEN
from tenants.models import Connection, Tenant, User
from tests.console.browser import FormReader, errors
from tests.console.conftest import address
from tests.factories import BY

SAID = "Somebody else changed this while the page was open"


def again(answer):
    """What the page that came back would send."""
    return FormReader(answer.content.decode()).forms[-1]


def test_saving_one_setting_does_not_put_back_another_that_somebody_changed_meanwhile(ada, acme):
    url = address(API, "change", acme.api.pk)
    opened = ada.fields(url)
    apis.update_api(acme.api, token_lifetime=600, by=BY)
    answer = ada.post(url, opened | {"name": "Orders"})
    assert SAID in errors(answer)
    acme.api.refresh_from_db()
    assert (acme.api.name, acme.api.token_lifetime) == ("", 600)
    sent = again(answer)
    assert (sent["name"], sent["token_lifetime"]) == (["Orders"], ["600"])
    assert ada.post(url, sent).status_code == 302
    acme.api.refresh_from_db()
    assert (acme.api.name, acme.api.token_lifetime) == ("Orders", 600)


def test_of_two_who_change_the_same_setting_the_second_is_told_and_may_insist(ada, acme):
    url = address(Application, "change", acme.application.pk)
    opened = ada.fields(url)
    applications.update_application(acme.application, name="Theirs", by=BY)
    answer = ada.post(url, opened | {"name": "Mine"})
    assert SAID in errors(answer)
    assert again(answer)["name"] == ["Theirs"]
    assert ada.post(url, again(answer) | {"name": "Mine"}).status_code == 302
    assert Application.objects.get(pk=acme.application.pk).name == "Mine"


def test_a_switch_that_somebody_else_turned_off_stays_off(ada, acme):
    apis.update_api(acme.api, allow_offline_access=True, by=BY)
    url = address(API, "change", acme.api.pk)
    opened = ada.fields(url)
    apis.update_api(acme.api, allow_offline_access=False, by=BY)
    answer = ada.post(url, opened | {"name": "Orders"})
    assert "allow_offline_access" not in again(answer)
    acme.api.refresh_from_db()
    assert not acme.api.allow_offline_access


def test_two_who_change_a_setting_to_the_same_do_not_disturb_each_other(ada, acme):
    url = address(API, "change", acme.api.pk)
    opened = ada.fields(url)
    apis.update_api(acme.api, token_lifetime=80_000, by=BY)
    answer = ada.post(url, opened | {"name": "Orders", "token_lifetime": "80000"})
    assert answer.status_code == 302, errors(answer)


@pytest.mark.parametrize("sent", ["", "nonsense", "[]", "[" * 5_000, '{"name": 7}', '{"name": null}'])
def test_what_was_seen_may_be_sent_wrongly_and_then_costs_the_sender_nothing_but_a_second_try(ada, acme, sent):
    url = address(API, "change", acme.api.pk)
    assert ada.post(url, ada.fields(url) | {"name": "Orders", SEEN: sent}).status_code in (200, 302)


@pytest.mark.parametrize("model", [API, Application, Tenant, User, Connection], ids=lambda model: model.__name__)
def test_a_page_that_nobody_else_touched_is_saved_as_before(model, ada, furnished_acme):
    row = model.objects.filter(
        **({"pk": furnished_acme.tenant.pk} if model is Tenant else {"tenant": furnished_acme.tenant})
    )
    url = address(model, "change", row.first().pk)
    assert ada.submit(url).status_code == 302


def test_who_saves_a_row_that_was_deleted_meanwhile_reads_that_it_is_gone(ada, acme):
    url = address(API, "change", acme.api.pk)
    opened = ada.fields(url)
    apis.delete_api(acme.api, by=BY)
    answer = ada.post(url, opened | {"name": "Orders"})
    assert answer.status_code == 404
    assert "what stood here was deleted" in answer.content.decode()


def test_a_person_whose_profile_was_changed_by_a_program_meanwhile_keeps_it(ada, furnished_acme):
    user = User.objects.get()
    url = address(User, "change", user.pk)
    opened = ada.fields(url)
    services.update_user(user, by=BY, nickname="By a program")
    assert SAID in errors(ada.post(url, opened | {"name": "Ada"}))
    user.refresh_from_db()
    assert (user.nickname, user.name) == ("By a program", "")
