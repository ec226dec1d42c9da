"""An operator switches an application on for an API, from either side."""

import pytest

from apis.models import API, Application, ClientGrant
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
    assert list(ada.get(url).context["adminform"].form.fields) == ["application", "api"]
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


def test_the_lists_of_one_api_and_of_one_application_are_a_click_away(ada, acme, shop):
    other = factories.make_api(acme.tenant, "urn:other")
    factories.grant(shop, other)
    listed = ada.get(address(ClientGrant, "changelist", api__id__exact=other.pk)).context["cl"].result_list
    assert [grant.application for grant in listed] == [shop]
    for page, row in ((API, acme.api), (Application, acme.application)):
        links = [
            link.url for section in ada.get(address(page, "change", row.pk)).context["sections"] for link in section.links
        ]
        assert [url for url in links if "__id__exact" in url]
    found = ada.get(address(ClientGrant, "changelist", q="Shop")).context["cl"]
    assert (found.result_count, "1 result" in ada.get(address(ClientGrant, "changelist", q="Shop")).content.decode()) == (
        1,
        True,
    )


def test_an_id_that_looks_like_an_escape_of_the_admin_is_found_by_every_link(ada, acme, shop, monkeypatch):
    monkeypatch.setattr(ClientGrant._meta.get_field("id"), "default", lambda: "cgr_2Bfoo_3Abar")
    monkeypatch.delattr(ClientGrant._meta.get_field("id"), "_get_default", raising=False)
    answer = ada.submit(address(ClientGrant, "add", application=shop.pk), api=acme.api.pk)
    assert ClientGrant.objects.get(application=shop).pk == "cgr_2Bfoo_3Abar"
    assert ada.get(answer.url).status_code == 200
    row = ada.get(address(shop, "change", shop.pk)).context["sections"][1].rows[0]
    assert 'href="/admin/apis/clientgrant/cgr_5F2Bfoo_5F3Abar/change/"' in row[-1]
