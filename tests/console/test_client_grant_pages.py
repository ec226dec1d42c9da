"""An operator switches an application on for an API, from either side."""

import pytest

from apis.models import API, ClientGrant
from apis.services.applications import update_application
from authserver.admin.effective_answer import effective_answer
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address


@pytest.fixture
def shop(acme):
    application, _ = factories.make_application(acme.tenant, "Shop")
    return application


def scopes_of(application):
    return set(ClientGrant.objects.get(application=application).permissions.values_list("value", flat=True))


def test_from_the_api_the_permissions_are_offered_at_once(ada, acme, shop):
    url = address(ClientGrant, "add", api=acme.api.pk)
    form = ada.get(url).context["adminform"].form
    assert [label for _, label in form.fields["scopes"].choices] == [
        "read:orders - May read:orders",
        "create:orders - May create:orders",
    ]
    assert ada.submit(url, application=shop.pk, scopes=["read:orders"]).status_code == 302
    assert scopes_of(shop) == {"read:orders"}
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Create a client grant", "ada")
    assert event.details["changes"]["scope"] == ["read:orders"]


def test_from_the_application_the_permissions_come_on_the_next_page(ada, acme, shop):
    url = address(ClientGrant, "add", application=shop.pk)
    fields = list(ada.get(url).context["adminform"].form.fields)
    assert fields == ["application", "default_for", "api", "subject_type"]
    answer = ada.submit(url, api=acme.api.pk)
    grant = ClientGrant.objects.get(application=shop)
    assert answer.url == address(grant, "change", grant.pk)
    assert ada.submit(answer.url, scopes=["read:orders", "create:orders"]).status_code == 302
    assert scopes_of(shop) == {"read:orders", "create:orders"}


def test_the_api_that_the_address_names_cannot_be_exchanged_for_another(ada, acme, shop):
    other = factories.make_api(acme.tenant, "urn:other")
    ada.submit(address(ClientGrant, "add", api=acme.api.pk), application=shop.pk, api=other.pk, scopes=["read:orders"])
    assert ClientGrant.objects.get(application=shop).api == acme.api


def test_all_permissions_can_be_granted_with_one_tick(ada, acme, shop):
    ada.submit(address(ClientGrant, "add", api=acme.api.pk), application=shop.pk, all_scopes="on")
    assert scopes_of(shop) == set(factories.SCOPES)
    grant = ClientGrant.objects.get(application=shop)
    ada.submit(address(grant, "change", grant.pk), scopes=[])
    assert scopes_of(shop) == set()
    ada.submit(address(grant, "change", grant.pk), all_scopes="on")
    assert scopes_of(shop) == set(factories.SCOPES)


def test_a_change_takes_scopes_away_and_is_told(ada, acme):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    url = address(grant, "change", grant.pk)
    form = ada.get(url).context["adminform"].form
    assert form.initial["scopes"] == ["read:orders", "create:orders"]
    ada.submit(url, scopes=["read:orders"])
    assert acme.ask(scope="create:orders").status_code == 403
    assert acme.events("sapi")[0].description == "Update a client grant"


def test_saving_without_a_change_tells_nothing(ada, acme):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    before = len(acme.events("sapi"))
    assert ada.submit(address(grant, "change", grant.pk)).status_code == 302
    assert len(acme.events("sapi")) == before


def test_the_parties_of_a_grant_cannot_be_exchanged(ada, acme, shop):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    ada.submit(address(grant, "change", grant.pk), application=shop.pk, scopes=["read:orders"])
    grant.refresh_from_db()
    assert grant.application == acme.application


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"application": ""}, "required"),
        ({"application": "999999"}, "Select a valid choice"),
        ({"application": "nonsense"}, "Select a valid choice"),
        ({"scopes": ["fly:rockets"]}, "not one of the available choices"),
    ],
)
def test_a_broken_rule_is_said_on_the_form_and_nothing_is_written(wrong, said, ada, acme, shop):
    before = ClientGrant.objects.count(), len(acme.events("sapi"))
    sent = {"application": shop.pk, "scopes": ["read:orders"]} | wrong
    assert said in errors(ada.submit(address(ClientGrant, "add", api=acme.api.pk), **sent))
    assert (ClientGrant.objects.count(), len(acme.events("sapi"))) == before


def test_a_second_grant_for_the_same_two_is_refused(ada, acme):
    answer = ada.submit(address(ClientGrant, "add", api=acme.api.pk), application=acme.application.pk)
    assert "already exists" in errors(answer)


def test_deleting_a_grant_stops_the_tokens_and_is_told(ada, acme):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    assert ada.submit(address(grant, "delete", grant.pk)).status_code == 302
    assert acme.ask().status_code == 403
    assert acme.events("sapi")[0].description == "Delete a client grant"


def test_grants_are_found_by_the_name_of_either_party(ada, acme, shop):
    other = factories.make_api(acme.tenant, "urn:other")
    factories.grant(shop, other)
    for sought in ("Shop", shop.client_id, "urn:other"):
        page = ada.get(address(ClientGrant, "changelist", q=sought))
        assert [grant.application for grant in page.context["cl"].result_list] == [shop]
        assert "1 result" in page.content.decode()


def test_an_id_that_looks_like_an_escape_of_the_admin_is_found_by_every_link(ada, acme, shop, monkeypatch):
    monkeypatch.setattr(ClientGrant._meta.get_field("id"), "default", lambda: "cgr_2Bfoo_3Abar")
    monkeypatch.delattr(ClientGrant._meta.get_field("id"), "_get_default", raising=False)
    answer = ada.submit(address(ClientGrant, "add", application=shop.pk), api=acme.api.pk)
    assert ClientGrant.objects.get(application=shop).pk == "cgr_2Bfoo_3Abar"
    assert ada.get(answer.url).status_code == 200
    page = ada.get(address(ClientGrant, "changelist", q="Shop")).content.decode()
    assert 'href="/admin/apis/clientgrant/cgr_5F2Bfoo_5F3Abar/change/' in page


def test_a_grant_for_users_is_made_beside_the_one_for_machines_and_shown_apart(ada, acme, shop):
    url = address(ClientGrant, "add", api=acme.api.pk)
    ada.submit(url, application=shop.pk, scopes=["read:orders"])
    ada.submit(url, application=shop.pk, subject_type="user", scopes=["create:orders"])
    kinds = ClientGrant.objects.filter(application=shop).values_list("subject_type", "permissions__value")
    assert sorted(kinds) == [("client", "read:orders"), ("user", "create:orders")]
    assert "already exists" in errors(ada.submit(url, application=shop.pk, subject_type="user"))
    listed = ada.get(address(ClientGrant, "changelist", subject_type__exact="user")).context["cl"].result_list
    assert [grant.subject_type for grant in listed] == ["user"]


def test_all_permissions_now_and_later_are_one_tick_and_nothing_is_missing_then(ada, acme, shop):
    ada.submit(address(ClientGrant, "add", api=acme.api.pk), application=shop.pk, allow_all_scopes="on")
    grant = ClientGrant.objects.get(application=shop)
    assert (grant.allow_all_scopes, grant.permissions.count()) == (True, 0)
    assert effective_answer(acme.tenant, shop, acme.api).scopes == factories.SCOPES
    url = address(grant, "change", grant.pk)
    ada.submit(url, allow_all_scopes=None)
    grant.refresh_from_db()
    assert (grant.allow_all_scopes, scopes_of(shop)) == (False, set())
    changes = acme.events("sapi")[0].details["changes"]
    assert (changes["allow_all_scopes"], changes["scope"]) == (False, [])


def test_a_change_of_one_thing_leaves_the_other_as_it_is(ada, acme):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    ada.submit(address(grant, "change", grant.pk), allow_all_scopes="on")
    grant.refresh_from_db()
    assert (grant.allow_all_scopes, scopes_of(acme.application)) == (True, set(factories.SCOPES))
    ada.submit(address(grant, "change", grant.pk), scopes=["read:orders"])
    grant.refresh_from_db()
    assert (grant.allow_all_scopes, scopes_of(acme.application)) == (True, {"read:orders"})


def test_a_grant_by_default_is_made_and_shown_for_all_of_a_kind(ada, acme, shop):
    update_application(shop, is_first_party=False, by=factories.BY)
    url = address(ClientGrant, "add", api=acme.api.pk)
    answer = ada.submit(url, default_for="third_party_clients", scopes=["read:orders"])
    grant = ClientGrant.objects.get(application=None)
    assert answer.status_code == 302
    page = ada.get(address(grant, "change", grant.pk))
    assert "Every third-party application" in page.content.decode()
    assert "Every third-party application" in ada.get(address(ClientGrant, "changelist")).content.decode()
    assert effective_answer(acme.tenant, shop, acme.api).scopes == ("read:orders",)
    factories.grant(shop, acme.api, ("create:orders",))
    assert effective_answer(acme.tenant, shop, acme.api).scopes == ("create:orders",)


def test_a_grant_is_for_one_or_by_default_and_never_both(ada, acme, shop):
    both = {"application": shop.pk, "default_for": "third_party_clients"}
    assert "or by default" in errors(ada.submit(address(ClientGrant, "add", api=acme.api.pk), **both))
    assert not ClientGrant.objects.filter(application=shop).exists()


def test_T139_a_grant_by_default_of_another_tenant_is_not_shown(ada, grace, acme, globex, shop):
    update_application(shop, is_first_party=False, by=factories.BY)
    grace.submit(address(ClientGrant, "add", api=globex.api.pk), default_for="third_party_clients")
    foreign = ClientGrant.objects.get(application=None)
    assert foreign.tenant == globex.tenant
    assert not effective_answer(acme.tenant, shop, acme.api).allowed
    assert foreign not in ada.get(address(ClientGrant, "changelist")).context["cl"].result_list
    assert ada.get(address(ClientGrant, "change", foreign.pk)).status_code == 404


def test_the_management_api_is_not_for_users_nor_for_many(ada, acme, shop):
    url = address(ClientGrant, "add", api=API.objects.get(tenant=acme.tenant, is_system=True).pk)
    assert "by logging in" in errors(ada.submit(url, application=shop.pk, subject_type="user"))
    assert "never by default" in errors(ada.submit(url, default_for="third_party_clients"))
