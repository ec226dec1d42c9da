"""An operator adds, describes and removes the permissions of an API, and reads who has them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import API, ClientGrant, Role
from apis.services import apis, roles
from apis.services.client_grants import create_client_grant
from authserver.pages import scope_sentences
from tenants.models import Tenant
from tests import factories
from tests.console.conftest import address

NEW = {"value": "delete:orders", "description": "Cancel your orders"}


def tab(api, **query):
    return address(API, "permissions", api.pk, **query)


def one(permission, page):
    return address(API, f"permission_{page}", permission.api_id, permission.pk)


def held(api):
    return dict(api.permissions.values_list("value", "description"))


def said(errors):
    return " ".join(text for texts in errors.values() for text in texts)


@pytest.fixture
def lonely(acme):
    """An API that nobody may call, with one permission."""
    return factories.make_api(acme.tenant, "urn:lonely", permissions=[apis.Scope("read:x")])


def test_a_permission_is_added_on_the_tab_and_told_with_the_operators_name(ada, acme, lonely):
    answer = ada.submit(tab(lonely), **NEW)
    assert answer.url == tab(lonely)
    assert held(lonely) == {"read:x": "", "delete:orders": "Cancel your orders"}
    assert "The permission delete:orders was added." in ada.get(answer.url).content.decode()
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Update the permissions of an API", "ada")
    history = ada.get(address(API, "history", lonely.pk)).content.decode()
    assert "Added the permission delete:orders." in history


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"value": "with space"}, "no spaces"),
        ({"value": ""}, "required"),
        ({"value": "openid"}, "OpenID Connect has scopes of these names"),
        ({"value": "read:x"}, "has a permission read:x already"),
        ({"description": "x" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_a_permission_is_said_at_the_field_and_changes_nothing(wrong, text, ada, acme, lonely):
    before = len(acme.events("sapi"))
    answer = ada.submit(tab(lonely), **(NEW | wrong))
    assert answer.status_code == 200
    assert text in said(answer.context["form"].errors)
    assert held(lonely) == {"read:x": ""}
    assert len(acme.events("sapi")) == before


def test_an_api_has_at_most_a_thousand_permissions_and_each_is_found(ada, acme, lonely):
    scopes = [apis.Scope(f"read:{number}", f"Number {number}") for number in range(apis.MAX_PERMISSIONS)]
    apis.set_permissions(lonely, scopes, by=factories.BY)
    refused = ada.submit(tab(lonely), **NEW)
    assert "at most 1000 permissions" in said(refused.context["form"].errors)
    first, second = (ada.get(tab(lonely, p=number)).context["rows"] for number in (1, 2))
    assert (len(first), len(second)) == (50, 50)
    assert {row.permission.pk for row in first}.isdisjoint(row.permission.pk for row in second)
    (found,) = ada.get(tab(lonely, q="Number 777")).context["rows"]
    assert found.permission.value == "read:777"
    assert "No permission has" in ada.get(tab(lonely, q="nothing like it")).content.decode()
    permission = lonely.permissions.get(value="read:999")
    ada.submit(one(permission, "change"), description="The last")
    assert (held(lonely)["read:999"], lonely.permissions.count()) == ("The last", apis.MAX_PERMISSIONS)


def test_the_value_of_a_permission_stays_because_grants_point_at_it(ada, acme):
    permission = acme.api.permissions.get(value="read:orders")
    assert "The value stays as it is" in ada.get(one(permission, "change")).content.decode()
    answer = ada.submit(one(permission, "change"), value="hacked:orders", description="Look at your orders")
    assert answer.url == tab(acme.api)
    assert held(acme.api) == {"read:orders": "Look at your orders", "create:orders": "May create:orders"}


def test_a_permission_that_somebody_else_added_meanwhile_is_kept(ada, acme, lonely):
    sent = ada.fields(tab(lonely)) | NEW
    apis.set_permissions(lonely, [apis.Scope("read:x"), apis.Scope("audit:x")], by=factories.BY)
    ada.post(tab(lonely), sent)
    assert set(held(lonely)) == {"read:x", "audit:x", "delete:orders"}


def test_a_new_permission_is_offered_to_the_applications_that_call_the_api_already(ada, acme):
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    second, _ = factories.make_application(acme.tenant, "Shop")
    factories.grant(second, acme.api)
    third, _ = factories.make_application(acme.tenant, "Everything")
    create_client_grant(third, acme.api, (), by=factories.BY, allow_all_scopes=True)
    answer = ada.submit(tab(acme.api), **NEW)
    permission = acme.api.permissions.get(value="delete:orders")
    assert answer.url == one(permission, "grant")
    asked = ada.get(answer.url).content.decode()
    assert "delete:orders</code> to which of these applications?" in asked
    assert "Warehouse" in asked
    assert "Shop" in asked
    assert "Everything" not in asked
    done = ada.submit(answer.url, chosen=[grant.pk])
    assert done.url == tab(acme.api)
    assert "1 application may use delete:orders from now on." in ada.get(done.url).content.decode()
    assert set(grant.permissions.values_list("value", flat=True)) == {"read:orders", "create:orders", "delete:orders"}
    assert not ClientGrant.objects.filter(application=second, permissions=permission).exists()
    assert acme.ask(scope="delete:orders").json()["scope"] == "delete:orders"


def test_granting_a_new_permission_to_nobody_is_one_click_and_changes_nothing(ada, acme):
    answer = ada.submit(tab(acme.api), **NEW)
    assert f'href="{tab(acme.api)}">Nobody for now' in ada.get(answer.url).content.decode()
    before = len(acme.events("sapi"))
    assert ada.submit(answer.url).status_code == 200
    assert len(acme.events("sapi")) == before


def test_applications_are_searched_when_there_are_many_and_none_of_another_api_is_taken(ada, acme, lonely):
    for number in range(101):
        factories.grant(factories.make_application(acme.tenant, f"A{number}")[0], acme.api, ())
    permission = acme.api.permissions.get(value="create:orders")
    url = one(permission, "grant")
    assert "There are more than these 100" in ada.get(url).content.decode()
    found = ada.submit(url, search="A77", _search="1").content.decode()
    assert "A77" in found
    assert "A78" not in found
    stranger = factories.grant(acme.application, lonely, ("read:x",))
    refused = ada.submit(url, chosen=[stranger.pk])
    assert refused.status_code == 200
    assert "not one of the available choices" in refused.content.decode()


def test_removing_a_permission_asks_with_numbers_and_takes_it_from_everybody(ada, acme):
    permission = acme.api.permissions.get(value="read:orders")
    role = roles.create_role(acme.tenant, "Clerk", by=factories.BY)
    roles.set_role_permissions(role, [permission], by=factories.BY)
    asked = ada.get(one(permission, "remove")).content.decode()
    assert "1 application<" in asked
    assert "1 role<" in asked
    assert ada.submit(one(permission, "remove")).url == tab(acme.api)
    assert set(held(acme.api)) == {"create:orders"}
    grant = ClientGrant.objects.get(application=acme.application, api=acme.api)
    assert list(grant.permissions.values_list("value", flat=True)) == ["create:orders"]
    assert not role.permissions.exists()
    assert ada.get(one(permission, "remove")).status_code == 404


def test_the_tab_says_who_has_each_permission(ada, acme):
    permission = acme.api.permissions.get(value="read:orders")
    second, _ = factories.make_application(acme.tenant, "Everything")
    create_client_grant(second, acme.api, (), by=factories.BY, allow_all_scopes=True)
    create_client_grant(second, acme.api, ["read:orders"], by=factories.BY, subject_type="user")
    create_client_grant(
        None, acme.api, ["read:orders"], by=factories.BY, subject_type="user", default_for="third_party_clients"
    )
    rows = {row.permission.value: row.holders for row in ada.get(tab(acme.api)).context["rows"]}
    assert (rows["read:orders"].applications, rows["read:orders"].third_parties) == (2, True)
    assert (rows["create:orders"].applications, rows["create:orders"].third_parties) == (2, False)
    page = ada.get(one(permission, "change")).content.decode()
    for name in (
        "Warehouse",
        "Everything",
        "Everything, on behalf of users",
        "Every third-party application, on behalf of users",
    ):
        assert f">{name}<" in page


def test_nobody_has_the_permission_of_an_api_that_nobody_calls(ada, lonely):
    (row,) = ada.get(tab(lonely)).context["rows"]
    assert not row.holders
    assert "Nobody" in ada.get(tab(lonely)).content.decode()


def test_the_preview_says_what_the_consent_page_says(ada, acme, monkeypatch):
    preview = address(API, "permission_preview", acme.api.pk)
    assert "Read your orders" in ada.get(preview, {"value": "x", "description": "Read your orders"}).content.decode()
    spoken = ada.get(preview, {"value": "delete:orders"}).content.decode()
    assert "delete orders" in spoken
    assert "Sensitive" in spoken
    assert "The sentence appears here." in ada.get(preview).content.decode()
    assert "&lt;b&gt;" in ada.get(preview, {"value": "x", "description": "<b>"}).content.decode()
    monkeypatch.setattr(scope_sentences, "_spoken", lambda scope: "As the consent page says it")
    assert "As the consent page says it" in ada.get(preview, {"value": "x"}).content.decode()


def test_the_preview_follows_the_tenants_choice_to_group_scopes(ada, acme):
    Tenant.objects.filter(pk=acme.tenant.pk).update(flags={"use_scope_descriptions_for_consent": False})
    assert "orders: read" in ada.get(tab(acme.api)).content.decode()


def test_a_viewer_reads_the_permissions_and_is_offered_no_change(vera, acme):
    permission = acme.api.permissions.first()
    page = vera.get(tab(acme.api)).content.decode()
    assert "read:orders" in page
    assert "Add a permission" not in page
    assert one(permission, "remove") not in page
    assert vera.get(one(permission, "change")).status_code == 200
    refused = [one(permission, name) for name in ("grant", "remove")]
    assert [vera.get(url).status_code for url in refused] == [403, 403]
    for url in (tab(acme.api), one(permission, "change"), *refused):
        assert vera.post(url, NEW).status_code == 403
    assert set(held(acme.api)) == set(factories.SCOPES)


def test_the_permissions_of_the_management_api_are_shown_and_given(ada, acme):
    system = API.objects.get(tenant=acme.tenant, is_system=True)
    permission = system.permissions.get(value="read:clients")
    page = ada.get(tab(system)).content.decode()
    assert "Given: they are what the operations of the Management API ask for." in page
    assert "Add a permission" not in page
    assert ada.post(tab(system), NEW).status_code == 403
    assert ada.post(one(permission, "change"), {"description": "Mine"}).status_code == 403
    assert ada.post(one(permission, "remove")).status_code == 404
    assert system.permissions.filter(pk=permission.pk).exists()


def test_a_permission_of_another_tenant_or_another_api_is_not_found(ada, grace, acme, globex, lonely):
    foreign = acme.api.permissions.first()
    assert grace.get(tab(acme.api)).status_code == 404
    for name in ("change", "grant", "remove"):
        under_own = address(API, f"permission_{name}", globex.api.pk, foreign.pk)
        for url in (one(foreign, name), under_own):
            assert grace.get(url).status_code == 404
            assert grace.post(url, NEW).status_code == 404
        assert ada.post(address(API, f"permission_{name}", lonely.pk, foreign.pk), NEW).status_code == 404
    assert set(held(acme.api)) == set(factories.SCOPES)


def test_the_pages_of_permissions_cost_few_statements_however_many_there_are(root, acme):
    scopes = [apis.Scope(f"read:{number}") for number in range(200)]
    apis.set_permissions(acme.api, scopes, by=factories.BY)
    role = Role.objects.create(tenant=acme.tenant, name="Clerk")
    role.permissions.set(acme.api.permissions.all())
    for number in range(20):
        factories.grant(factories.make_application(acme.tenant, f"A{number}")[0], acme.api, [s.value for s in scopes[:150]])
    permission = acme.api.permissions.get(value="read:199")
    urls = [tab(acme.api), tab(acme.api, q="1"), *(one(permission, name) for name in ("change", "grant", "remove"))]
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            assert root.get(url).status_code == 200
        assert len(queries) <= 20, (url, [query["sql"][:120] for query in queries])
