"""The tab Applications of an API: who may call it, the difference before it is saved, and what a request would get."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import API, Application, ClientGrant, ClientSecret
from apis.services import apis, applications
from apis.services.client_grants import create_client_grant, update_client_grant
from tests import factories
from tests.console.browser import FormReader
from tests.console.conftest import address
from tests.factories import BY

# Every tenant has it, for the Management API.
MANAGEMENT = "Management (machine to machine)"
READ, CREATE = factories.SCOPES


@pytest.fixture
def shop(acme):
    application, _ = factories.make_application(acme.tenant, "Shop")
    return application


def tab(world, **query):
    url = address(API, "applications", world.api.pk)
    return f"{url}?{urlencode(query)}" if query else url


def field(part, application, kind="client"):
    return f"{part}-{application.pk}-{kind}"


def chosen(console, url, changes, *, step="review"):
    """Opens the tab, changes what `changes` says (None leaves a field out), and posts it."""
    sent = console.fields(url) | changes | {"step": step}
    return console.post(url, {name: value for name, value in sent.items() if value is not None})


def on_from(answer, step):
    """What the page that `answer` is would send, with the button `step`."""
    return FormReader(answer.content.decode()).forms[-1] | {"step": step}


def saved(console, url, changes):
    """The same, looked at and confirmed. Returns the page that comes then."""
    review = chosen(console, url, changes)
    assert review.status_code == 200
    answer = console.post(url, on_from(review, "confirm"))
    assert answer.status_code == 302, answer.content
    return console.get(answer.url)


def scopes(application, kind="client"):
    grant = ClientGrant.objects.get(application=application, subject_type=kind)
    return set(grant.permissions.values_list("value", flat=True))


def text(answer):
    return " ".join(answer.content.decode().split())


def rows(answer):
    return {row.name: row for row in answer.context["rows"]}


def test_every_application_has_a_row_with_its_switch_and_its_effective_answer(ada, acme, shop):
    found = rows(ada.get(tab(acme)))
    assert list(found) == ["Warehouse", MANAGEMENT, "Shop"], "those that are switched on come first"
    assert [line.switch.on for row in found.values() for line in row.lines] == [True, False, False]
    assert found["Warehouse"].lines[0].answer.sentence == "May get read:orders, create:orders."
    assert found["Shop"].lines[0].answer.sentence == "Not switched on."


def test_nothing_is_written_before_the_difference_was_seen(ada, acme, shop):
    before = len(acme.events("sapi"))
    answer = chosen(ada, tab(acme), {field("on", shop): "on", field("scopes", shop): [READ]})
    assert [str(each) for each in answer.context["differences"]] == ["Shop: switched on, + read:orders"]
    assert "May get read:orders." in text(answer)
    assert not ClientGrant.objects.filter(application=shop).exists()
    assert len(acme.events("sapi")) == before


def test_what_was_confirmed_is_written_by_the_service_told_and_true_at_once(ada, acme, shop):
    url = tab(acme)
    changes = {
        field("on", shop): "on",
        field("scopes", shop): [READ],
        field("scopes", acme.application): [CREATE],
    }
    page = saved(ada, url, changes)
    assert (scopes(shop), scopes(acme.application)) == ({READ}, {CREATE})
    assert "Saved. Warehouse: \N{MINUS SIGN} read:orders; Shop: switched on, + read:orders." in text(page)
    told = {event.description for event in acme.events("sapi")[:2]}
    assert (told, acme.events("sapi")[0].user_name) == ({"Create a client grant", "Update a client grant"}, "ada")
    assert acme.ask(scope=READ).status_code == 403
    assert acme.ask().json()["scope"] == CREATE


def test_switching_off_says_how_long_tokens_that_are_out_stay_valid(ada, acme):
    answer = chosen(ada, tab(acme), {field("on", acme.application): None})
    assert [str(each) for each in answer.context["differences"]] == ["Warehouse: switched off"]
    assert "Tokens already issued stay valid until" in text(answer)
    assert "gets no token for this API any more" in text(answer)
    ada.post(tab(acme), on_from(answer, "confirm"))
    assert acme.ask().status_code == 403
    assert acme.events("sapi")[0].description == "Delete a client grant"


def test_all_permissions_future_ones_too_are_one_box(ada, acme, shop):
    answer = chosen(ada, tab(acme), {field("on", shop): "on", field("all", shop): "on"})
    assert "every future permission" in str(answer.context["differences"][0])
    ada.post(tab(acme), on_from(answer, "confirm"))
    assert ClientGrant.objects.get(application=shop).allow_all_scopes
    saved(ada, tab(acme), {field("all", shop): None, field("scopes", shop): [READ]})
    assert (ClientGrant.objects.get(application=shop).allow_all_scopes, scopes(shop)) == (False, {READ})


def test_a_switch_without_a_permission_is_pointed_out(ada, acme, shop):
    answer = chosen(ada, tab(acme), {field("on", shop): "on"})
    assert "its tokens will be empty" in text(answer)
    ada.post(tab(acme), on_from(answer, "confirm"))
    assert scopes(shop) == set()


def test_what_still_stands_in_the_way_is_said_with_its_link_before_saving(ada, acme, shop):
    applications.update_application(shop, enabled=False, by=BY)
    answer = chosen(ada, tab(acme), {field("on", shop): "on", field("all", shop): "on"})
    assert "It will still be refused." in text(answer)
    assert "The application is disabled. <a href=" in text(answer)


def test_back_leads_to_the_switches_as_they_were_chosen(ada, acme, shop):
    review = chosen(ada, tab(acme), {field("on", shop): "on", field("scopes", shop): [READ]})
    answer = ada.post(tab(acme), on_from(review, "edit"))
    line = rows(answer)["Shop"].lines[0]
    assert (line.switch.on, line.switch.scopes, line.seen.on) == (True, {READ}, False)
    assert "Nothing is saved yet" in text(answer)
    again = ada.post(tab(acme), on_from(answer, "review"))
    assert [str(each) for each in again.context["differences"]] == ["Shop: switched on, + read:orders"]


def test_saving_without_a_change_says_so(ada, acme):
    answer = chosen(ada, tab(acme), {})
    assert "Nothing was changed." in text(ada.get(answer.url))


def test_what_somebody_else_changed_before_the_review_is_noticed_and_said(ada, acme):
    url, application = tab(acme), acme.application
    sent = ada.fields(url) | {field("scopes", application): [CREATE]}
    update_client_grant(ClientGrant.objects.get(application=application), [READ], by=BY)
    answer = ada.post(url, sent | {"step": "review"})
    assert "Somebody else changed Warehouse" in text(answer)
    assert acme.ask().json()["scope"] == READ
    ada.post(url, on_from(answer, "confirm"))
    assert scopes(application) == {CREATE}


def test_what_somebody_else_changed_before_the_confirmation_is_noticed_and_said(ada, acme, shop):
    url = tab(acme)
    review = chosen(ada, url, {field("scopes", acme.application): [READ], field("on", shop): "on"})
    update_client_grant(ClientGrant.objects.get(application=acme.application), [], by=BY)
    answer = ada.post(url, on_from(review, "confirm"))
    assert answer.status_code == 200
    assert "Somebody else changed Warehouse" in text(answer)
    assert not ClientGrant.objects.filter(application=shop).exists(), "all or none"
    assert [str(each) for each in answer.context["differences"]] == ["Warehouse: + read:orders", "Shop: switched on"]
    ada.post(url, on_from(answer, "confirm"))
    assert scopes(acme.application) == {READ}


def test_what_somebody_else_changed_elsewhere_on_the_page_stays(ada, acme, shop):
    url = tab(acme)
    sent = ada.fields(url) | {field("on", shop): "on"}
    update_client_grant(ClientGrant.objects.get(application=acme.application), [READ], by=BY)
    review = ada.post(url, sent | {"step": "review"})
    assert "Somebody else" not in text(review)
    ada.post(url, on_from(review, "confirm"))
    assert scopes(acme.application) == {READ}


def test_what_somebody_else_did_likewise_is_nothing_to_do(ada, acme, shop):
    url = tab(acme)
    review = chosen(ada, url, {field("on", shop): "on", field("scopes", shop): [READ]})
    factories.grant(shop, acme.api, (READ,))
    answer = ada.post(url, on_from(review, "confirm"))
    assert "Nothing was changed." in text(ada.get(answer.url))


def test_an_application_or_a_permission_that_is_gone_is_said_and_nothing_is_written(ada, acme, shop):
    url = tab(acme)
    review = chosen(ada, url, {field("on", shop): "on", field("scopes", shop): [READ]})
    apis.set_permissions(acme.api, [apis.Scope(CREATE, "")], by=BY)
    answer = ada.post(url, on_from(review, "confirm"))
    assert "has been removed" in text(ada.get(answer.url))
    applications.delete_application(shop, by=BY)
    answer = ada.post(url, on_from(review, "confirm"))
    assert "has been removed" in text(ada.get(answer.url))
    assert not acme.api.client_grants.exclude(application=acme.application).exists()


@pytest.mark.parametrize("seen", ["on fly:rockets", "all", "off"])
def test_a_forged_scope_is_refused(seen, ada, acme, shop):
    sent = {field("seen", shop): seen, field("want", shop): "on fly:rockets read:orders", "step": "confirm"}
    answer = ada.post(tab(acme), sent)
    assert answer.status_code in (200, 302)
    assert not ClientGrant.objects.filter(application=shop).exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"seen-1-client": "up"},
        {"seen-1-client": "off read:orders"},
        {"seen-1-client": "off", "want-1-client": "perhaps"},
        {f"seen-{number}-client": "off" for number in range(60)},
    ],
    ids=["unknown", "off with scopes", "unknown wish", "too many"],
)
def test_what_no_page_of_ours_sends_is_a_bad_request(sent, ada, acme):
    assert ada.post(tab(acme), sent | {"step": "review"}).status_code == 400


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "1-2", "\N{SUPERSCRIPT TWO}"])
def test_a_row_that_does_not_exist_is_gone(key, ada, acme):
    answer = ada.post(tab(acme), {f"seen-{key}-client": "off", f"want-{key}-client": "all", "step": "confirm"})
    assert "has been removed" in text(ada.get(answer.url))
    assert acme.api.client_grants.count() == 1


def test_T139_an_application_of_another_tenant_cannot_be_switched_on(ada, acme, globex):
    foreign = globex.application
    sent = {field("seen", foreign): "off", field("want", foreign): "all", "step": "confirm"}
    answer = ada.post(tab(acme), sent)
    assert "has been removed" in text(ada.get(answer.url))
    assert ClientGrant.objects.filter(application=foreign).count() == 1
    assert "No application of this tenant" in text(ada.get(tab(acme, ask=foreign.client_id)))
    assert not any(row.code == foreign.client_id for row in ada.get(tab(acme, only=foreign.pk)).context["rows"])


def test_T139_the_tab_of_another_tenants_api_is_not_found(ada, globex):
    assert ada.get(tab(globex)).status_code == 404
    assert ada.post(tab(globex), {"step": "confirm"}).status_code == 404


def test_a_viewer_reads_and_tries_but_throws_no_switch(vera, acme, shop):
    page = text(vera.get(tab(acme, ask=shop.client_id, scope=READ)))
    assert "Review changes" not in page
    assert "Not switched on." in page
    sent = {field("seen", shop): "off", field("want", shop): "all"}
    for step in ("review", "confirm", "edit"):
        assert vera.post(tab(acme), sent | {"step": step}).status_code == 403
    assert not ClientGrant.objects.filter(application=shop).exists()


def test_a_switch_for_users_is_there_where_the_api_asks_for_one(ada, acme, people):
    assert [line.subject_type for line in rows(ada.get(tab(acme)))["Shop"].lines] == ["client"]
    assert "On behalf of users every application may call it" in text(ada.get(tab(acme)))
    apis.update_api(acme.api, user_policy="require_client_grant", by=BY)
    line = rows(ada.get(tab(acme)))["Shop"].lines[1]
    assert (line.subject_type, line.switch.on, line.answer.sentence) == ("user", False, "Not switched on.")
    web = people.web
    page = saved(ada, tab(acme), {field("on", web, "user"): "on", field("scopes", web, "user"): [READ]})
    assert rows(page)["Shop"].lines[1].answer.sentence == "May get read:orders."
    assert scopes(web, "user") == {READ}
    assert not ClientGrant.objects.filter(application=web, subject_type="client").exists()
    assert people.tokens(scope=f"openid {READ} {CREATE}")["scope"] == f"openid {READ}"


def test_what_keeps_a_switch_from_counting_is_said_at_the_switch(ada, acme):
    applications.update_application(acme.application, grant_types=["authorization_code"], by=BY)
    page = ada.get(tab(acme))
    assert "It may not use the grant type client_credentials: switch it on." in text(page)
    assert address(Application, "change", acme.application.pk) + "#id_grant_types" in text(page)
    apis.update_api(acme.api, client_policy="deny_all", by=BY)
    page = text(ada.get(tab(acme)))
    assert "The API is closed to machines: no switch below" in page
    assert address(API, "change", acme.api.pk) + "#id_client_policy" in page


def test_a_third_party_by_default_is_shown_and_can_be_shut_out_by_a_switch_of_its_own(ada, acme, shop):
    applications.update_application(shop, is_first_party=False, by=BY)
    create_client_grant(None, acme.api, [READ], by=BY, default_for="third_party_clients")
    page = ada.get(tab(acme))
    line = rows(page)["Shop"].lines[0]
    assert (line.switch.on, line.by_default, line.answer.sentence) == (False, True, "May get read:orders.")
    assert "There is a default for third parties" in text(page)
    page = saved(ada, tab(acme), {field("on", shop): "on"})
    assert rows(page)["Shop"].lines[0].answer.sentence == "May get a token without any permission."
    answer = chosen(ada, tab(acme), {field("on", shop): None})
    assert "The default for third parties counts then." in text(answer)


def test_a_default_for_third_parties_is_a_click_away_from_the_switches(ada, vera, acme):
    url = address(ClientGrant, "add", api=acme.api.pk, default_for="third_party_clients")
    assert url.replace("&", "&amp;") in text(ada.get(tab(acme)))
    assert url.replace("&", "&amp;") not in text(vera.get(tab(acme)))
    ada.submit(url, scopes=[READ])
    grant = ClientGrant.objects.get(application=None)
    assert address(grant, "change", grant.pk) in text(ada.get(tab(acme)))


def test_applications_are_found_by_name_and_by_client_id(ada, acme, shop):
    assert list(rows(ada.get(tab(acme, q="hop")))) == ["Shop"]
    assert list(rows(ada.get(tab(acme, q=shop.client_id)))) == ["Shop"]
    assert "No application like that" in text(ada.get(tab(acme, q="nobody")))


def test_applications_are_filtered_by_what_they_may_do(ada, acme, shop):
    stuck, _ = factories.make_application(acme.tenant, "Old till")
    factories.grant(stuck, acme.api)
    applications.update_application(stuck, enabled=False, by=BY)
    found = {shown: list(rows(ada.get(tab(acme, show=shown)))) for shown in ("", "may", "stuck", "not")}
    assert found == {
        "": ["Old till", "Warehouse", MANAGEMENT, "Shop"],
        "may": ["Warehouse"],
        "stuck": ["Old till"],
        "not": ["Old till", MANAGEMENT, "Shop"],
    }


def test_many_applications_come_25_at_a_time_and_what_is_chosen_is_saved_on_each_page(ada, acme):
    many = [Application(tenant=acme.tenant, name=f"Service {n:03}", grant_types=[]) for n in range(60)]
    Application.objects.bulk_create(many)
    sizes = [len(ada.get(tab(acme, page=page)).context["rows"]) for page in (1, 2, 3)]
    assert sizes == [25, 25, 12]
    assert len(ada.get(tab(acme, page="nonsense")).context["rows"]) == 25
    last = Application.objects.get(name="Service 059")
    saved(ada, tab(acme, page=3), {field("on", last): "on", field("scopes", last): [READ]})
    assert scopes(last) == {READ}


def test_very_many_permissions_have_a_page_of_their_own_for_each_application(ada, acme, shop):
    wanted = [apis.Scope(f"read:{number}", "") for number in range(900)]
    apis.set_permissions(acme.api, wanted, by=BY)
    line = rows(ada.get(tab(acme)))["Shop"].lines[0]
    assert (line.boxes, line.total) == (None, 900)
    update = {field("on", shop): "on", field("scopes", shop): [scope.value for scope in wanted[:880]]}
    saved(ada, line.choose_url, update)
    assert len(scopes(shop)) == 880
    saved(ada, tab(acme), {field("on", acme.application): None})
    assert len(scopes(shop)) == 880, "a page without the boxes leaves permissions as they are"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, ["Granted", "May get read:orders, create:orders."]),
        ({"scope": READ}, ["Granted", "May get read:orders."]),
        ({"scope": f"{READ} fly:rockets"}, ["Refused", "Not granted: fly:rockets.", "The API has no such permission."]),
        ({"scope": "openid"}, ["Refused", "This scope is about a person, and there is none."]),
        ({"scope": "fly:rockets", "for": "user"}, ["It signs nobody in"]),
        ({"for": "nonsense", "scope": "\N{SNOWMAN}" * 300}, ["Refused"]),
    ],
)
def test_a_request_can_be_tried_without_sending_it(asked, said, vera, acme):
    before = len(acme.events("feccft", "seccft", "sapi"))
    page = text(vera.get(tab(acme, ask=acme.application.client_id, **asked)))
    for sentence in said:
        assert sentence in page
    assert len(acme.events("feccft", "seccft", "sapi")) == before


def test_a_request_for_users_tells_what_is_left_out_and_why(ada, people):
    page = text(ada.get(tab(people.world, ask="Shop", **{"for": "user"}, scope=f"{READ} fly:rockets")))
    assert "May get read:orders." in page
    assert "The API has no such permission." in page


def test_the_switches_of_the_management_api_are_for_machines_alone(ada, acme, shop):
    system = API.objects.get(tenant=acme.tenant, is_system=True)
    url = address(API, "applications", system.pk)
    page = ada.get(url)
    assert [line.subject_type for line in rows(page)["Shop"].lines] == ["client"]
    assert "never called on behalf of users" in text(page)
    url = rows(page)["Shop"].lines[0].choose_url
    saved(ada, url, {field("on", shop): "on", field("scopes", shop): ["read:clients"]})
    assert scopes(shop) == {"read:clients"}
    forged = {field("seen", shop, "user"): "off", field("want", shop, "user"): "on read:clients", "step": "confirm"}
    answer = ada.post(url, forged)
    assert "by logging in" in text(ada.get(answer.url))


def test_a_page_among_thousands_is_a_few_statements(ada, acme):
    many = [
        Application(tenant=acme.tenant, name=f"Service {n:05}", grant_types=["client_credentials"]) for n in range(2_000)
    ]
    made = Application.objects.bulk_create(many)
    ClientSecret.objects.bulk_create(ClientSecret(application=each, sha256=b"x" * 32) for each in made[::2])
    grants = [ClientGrant(tenant=acme.tenant, application=each, api=acme.api) for each in made[::3]]
    ClientGrant.objects.bulk_create(grants)
    apis.update_api(acme.api, user_policy="require_client_grant", by=BY)
    ada.get(tab(acme))
    for query in ({}, {"show": "stuck"}, {"show": "not", "q": "Service", "page": 7, "ask": "Service 00001", "scope": READ}):
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(tab(acme, **query)).status_code == 200
        assert len(queries) <= 20, [query["sql"][:150] for query in queries]
