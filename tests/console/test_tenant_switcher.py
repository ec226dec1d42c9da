"""One tenant at a time: which one an operator works on, and how they come to another."""

import pytest
from django.urls import reverse

from apis.models import API, ClientGrant
from tenants.console.current import OFFERED
from tenants.models import Membership, Tenant
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address

INDEX, SWITCH = "/admin/", "/admin/switch-tenant/"


@pytest.fixture
def both(acme, globex):
    """An operator of acme and globex, whose first tenant by name is acme."""
    operator = factories.make_operator(acme.tenant, username="both")
    Membership.objects.create(operator=operator, tenant=globex.tenant, role=Membership.Role.VIEWER)
    return Console(operator)


def current(console):
    return console.get(INDEX).context["current_tenant"]


def listed(console):
    return {api.tenant for api in console.get(address(API, "changelist")).context["cl"].result_list}


def test_an_operator_of_one_tenant_is_not_bothered_with_tenants(ada, acme):
    page = ada.get(address(API, "changelist"))
    assert page.context["current_tenant"] == acme.tenant
    assert "switch-tenant-form" not in page.content.decode()
    assert ada.get(address(API, "add")).context["adminform"].form.initial == {"tenant": acme.tenant}


def test_lists_show_the_tenant_that_was_switched_to(both, acme, globex):
    assert listed(both) == {acme.tenant}
    answer = both.post(SWITCH, {"tenant": globex.tenant.pk})
    assert answer.headers["Location"] == INDEX
    assert current(both) == globex.tenant
    assert listed(both) == {globex.tenant}


def test_a_link_to_a_row_of_another_tenant_goes_there(both, acme, globex):
    assert both.get(address(API, "change", globex.api.pk)).context["current_tenant"] == globex.tenant
    assert listed(both) == {globex.tenant}
    assert both.get(address(Tenant, "change", acme.tenant.pk)).context["current_tenant"] == acme.tenant
    assert listed(both) == {acme.tenant}


def test_a_link_to_a_form_cannot_choose_the_tenant_of_the_new_row(acme, globex):
    both = Console(factories.make_operator(acme.tenant, globex.tenant))
    page = both.get(address(API, "add", tenant=globex.tenant.pk))
    assert page.context["current_tenant"] == acme.tenant
    assert both.submit(address(API, "add", tenant=globex.tenant.pk), name="New", identifier="urn:new").status_code == 302
    assert API.objects.get(identifier="urn:new").tenant == acme.tenant


def test_a_link_to_a_new_grant_for_an_api_goes_to_the_tenant_that_the_grant_will_belong_to(acme, globex):
    both = Console(factories.make_operator(acme.tenant, globex.tenant))
    assert both.get(address(ClientGrant, "add", api=globex.api.pk)).context["current_tenant"] == globex.tenant


@pytest.mark.parametrize("wanted", ["", "nonsense", "-1", "9" * 30, "\u0661", "globex"])
def test_a_tenant_that_does_not_exist_cannot_be_switched_to(ada, acme, wanted):
    assert ada.post(SWITCH, {"tenant": wanted}).status_code == 404
    assert current(ada) == acme.tenant


def test_a_strangers_tenant_cannot_be_switched_to(ada, acme, globex):
    assert ada.post(SWITCH, {"tenant": globex.tenant.pk}).status_code == 404
    assert current(ada) == acme.tenant


def test_switching_takes_a_form_of_ours(both, globex):
    assert both.get(SWITCH).status_code == 405
    strict = Console(enforce_csrf_checks=True)
    strict.cookies = both.cookies
    assert strict.post(SWITCH, {"tenant": globex.tenant.pk}).status_code == 403


def test_who_lost_a_tenant_is_no_longer_there(both, acme, globex):
    both.post(SWITCH, {"tenant": globex.tenant.pk})
    Membership.objects.filter(tenant=globex.tenant).delete()
    assert current(both) == acme.tenant
    assert listed(both) == {acme.tenant}


def test_a_new_row_belongs_to_the_tenant_whose_page_it_was_made_on(root, acme, globex):
    root.post(SWITCH, {"tenant": acme.tenant.pk})
    form = root.fields(address(API, "add"))
    root.post(SWITCH, {"tenant": globex.tenant.pk})
    root.post(address(API, "add"), form | {"name": "Billing", "identifier": "urn:billing"})
    assert API.objects.get(identifier="urn:billing").tenant == acme.tenant


def test_a_superuser_of_very_many_tenants_is_offered_some_and_the_list_of_all(root, acme):
    Tenant.objects.bulk_create(Tenant(name=f"tenant-{number}") for number in range(OFFERED + 1))
    page = root.get(INDEX)
    assert len(page.context["tenant_choices"]) == OFFERED
    assert reverse("admin:tenants_tenant_changelist") in page.content.decode()


def test_the_menu_leads_through_the_work_in_order(ada, acme):
    menu = ada.get(address(API, "changelist")).context["menu"]
    assert [group.text for group in menu] == ["Overview", "APIs", "Applications", "People", "Logs", "Tenant"]
    assert [group.text for group in menu if group.here] == ["APIs"]
    assert {entry.text for group in menu for entry in group.entries}.isdisjoint({"Operators", "All tenants"})
    for group in menu:
        assert ada.get(group.url).status_code == 200
        for entry in group.entries:
            assert ada.get(entry.url).status_code == 200
