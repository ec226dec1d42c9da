"""An operator adds, describes and removes the permissions of an API."""

from apis.models import API, ClientGrant
from apis.services import apis
from tests import factories
from tests.console.conftest import address

NEW = {"name": "Billing", "identifier": "https://billing.example.com"}


def test_permissions_are_added_described_and_removed(ada, acme):
    url = address(API, "change", acme.api.pk)
    ada.submit(
        url,
        permissions__0__DELETE="on",
        permissions__1__description="Place orders",
        permissions__2__value="delete:orders",
        permissions__2__description="Cancel",
    )
    held = dict(acme.api.permissions.values_list("value", "description"))
    assert held == {"create:orders": "Place orders", "delete:orders": "Cancel"}
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    assert list(grant.permissions.values_list("value", flat=True)) == ["create:orders"]


def test_the_value_of_a_permission_stays_because_grants_point_at_it(ada, acme):
    ada.submit(address(API, "change", acme.api.pk), permissions__0__value="hacked:orders")
    assert set(acme.api.permissions.values_list("value", flat=True)) == {"read:orders", "create:orders"}


def test_a_permission_that_somebody_else_added_meanwhile_is_kept(ada, acme):
    url = address(API, "change", acme.api.pk)
    sent = ada.fields(url) | {"permissions-2-value": "delete:orders"}
    held = [apis.Scope(value) for value in (*factories.SCOPES, "audit:orders")]
    apis.set_permissions(acme.api, held, by=factories.BY)
    assert ada.post(url, sent).status_code == 302
    assert {"audit:orders", "delete:orders"} <= set(acme.api.permissions.values_list("value", flat=True))


def test_a_new_permission_names_the_applications_that_do_not_have_it_yet(ada, acme):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    link = address(grant, "change", grant.pk)
    url = address(API, "change", acme.api.pk)
    said = ada.submit(url, permissions__2__value="delete:orders", _continue="1")
    page = ada.get(said.url).content.decode()
    assert "Not yet granted to the applications that may call this API: delete:orders." in page
    assert page.count(link) >= 2
    section = ada.get(url).context["sections"][0]
    assert section.rows[0][1:3] == ("2 of 3", "delete:orders")


def test_a_first_permission_of_an_api_that_nobody_calls_says_nothing(ada, acme):
    api = factories.make_api(acme.tenant, "urn:lonely", permissions=())
    said = ada.submit(address(API, "change", api.pk), permissions__0__value="read:x", _continue="1")
    assert "Not yet granted" not in ada.get(said.url).content.decode()


def test_many_missing_permissions_and_applications_are_cut_short(ada, acme):
    scopes = [apis.Scope(f"read:{number}") for number in range(8)]
    apis.set_permissions(acme.api, scopes, by=factories.BY)
    for number in range(51):
        factories.grant(factories.make_application(acme.tenant, f"A{number}")[0], acme.api, ())
    url = address(API, "change", acme.api.pk)
    section = ada.get(url).context["sections"][0]
    assert len(section.rows) == 50
    assert section.rows[0][2] == "read:0, read:1, read:2, read:3, read:4 and 3 more"
    said = ada.submit(url, permissions__8__value="read:8", _continue="1")
    assert ada.get(said.url).content.decode().count("…</li>") == 1


def test_an_api_with_very_many_permissions_can_still_be_saved(ada, acme):
    scopes = [apis.Scope(f"read:{number}") for number in range(apis.MAX_PERMISSIONS)]
    apis.set_permissions(acme.api, scopes, by=factories.BY)
    answer = ada.submit(address(API, "change", acme.api.pk), permissions__0__description="The first")
    assert answer.status_code == 302
    assert acme.api.permissions.get(value="read:0").description == "The first"
    assert acme.api.permissions.count() == apis.MAX_PERMISSIONS
