"""A second tenant's operator. Generated from the registry, so a new page is covered the day it is registered."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from apis.models import API
from authserver.models import Consent, Session, TokenFamily
from tenants.models import LogEvent, Membership, Operator, SigningKey, Tenant
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address, fill, furnish, rows_of

MODELS = list(site._registry)
READ_ONLY = (LogEvent, SigningKey, Session, TokenFamily, Consent)
TENANT_PAGES = [model for model in site._registry if model is not Operator]


@pytest.fixture
def acme_with_operator(furnished_acme):
    factories.make_operator(furnished_acme.tenant, username="ada")
    return furnished_acme


def object_addresses(model, world):
    """Every address of the pages on `model` that names a row, with a row of `world`."""
    return [fill(url, world, model) for url in site._registry[model].get_urls() if url.pattern.converters]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_address_of_another_tenants_row_is_found(model, acme_with_operator, grace):
    addresses = object_addresses(model, acme_with_operator)
    assert len(addresses) >= 3
    before = LogEvent.objects.count()
    for url in addresses:
        for answer in (grace.get(url), grace.post(url), grace.post(url, {"post": "yes"})):
            assert answer.status_code == 404, url
            assert "There is nothing here" in answer.content.decode()
    assert LogEvent.objects.count() == before


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_same_addresses_are_found_by_who_may_see_them(model, acme_with_operator, root):
    for url in object_addresses(model, acme_with_operator):
        never_deleted = model in (*READ_ONLY, Tenant) and url.endswith("/delete/")
        assert root.get(url).status_code == (403 if never_deleted else 200), url


@pytest.mark.parametrize("model", TENANT_PAGES, ids=lambda model: model.__name__)
def test_a_list_holds_rows_of_the_own_tenant_only(model, furnished_acme, globex, grace):
    furnish(globex)
    response = grace.get(address(model, "changelist"))
    listed = {row.pk for row in response.context["cl"].result_list}
    assert listed == set(rows_of(globex, model).values_list("pk", flat=True))
    assert listed


def test_the_list_of_operators_is_closed_to_operators_of_a_tenant(acme, grace):
    assert grace.get(address(Operator, "changelist")).status_code == 403
    assert grace.get(address(Operator, "add")).status_code == 403


@pytest.mark.parametrize("model", TENANT_PAGES, ids=lambda model: model.__name__)
def test_searching_and_filtering_do_not_reach_another_tenant(model, furnished_acme, globex, grace):
    furnish(globex)
    own = set(rows_of(globex, model).values_list("pk", flat=True))
    for query in ({"q": "acme"}, {"q": "orders"}, {"all": ""}):
        response = grace.get(address(model, "changelist", **query), follow=True)
        assert {row.pk for row in response.context["cl"].result_list} <= own
    assert grace.get(address(model, "changelist", tenant=furnished_acme.tenant.pk)).status_code == 400


def test_selected_rows_of_another_tenant_are_not_deleted(acme, globex, grace):
    chosen = {"action": "delete_selected", "_selected_action": [acme.api.pk, globex.api.pk], "post": "yes"}
    grace.post(address(API, "changelist"), chosen)
    assert API.objects.filter(pk=acme.api.pk).exists()
    assert not API.objects.filter(pk=globex.api.pk).exists()


def test_who_is_viewer_in_one_tenant_and_admin_in_another_changes_only_the_other(acme, globex):
    operator = factories.make_operator(globex.tenant)
    Membership.objects.create(operator=operator, tenant=acme.tenant, role=Membership.Role.VIEWER)
    both = Console(operator)
    assert both.get(address(API, "change", acme.api.pk)).status_code == 200
    assert both.post(address(API, "change", acme.api.pk), {"name": "Taken"}).status_code == 403
    assert both.post(address(API, "delete", acme.api.pk), {"post": "yes"}).status_code == 403
    tenants = both.get(address(API, "add")).context["adminform"].form.fields["tenant"].queryset
    assert list(tenants) == [globex.tenant]
    both.get(address(API, "change", acme.api.pk))
    chosen = {"action": "delete_selected", "_selected_action": [acme.api.pk, globex.api.pk], "post": "yes"}
    assert both.post(address(API, "changelist"), chosen).status_code == 403
    assert API.objects.filter(pk__in=[acme.api.pk, globex.api.pk]).count() == 2


def test_an_operator_without_a_membership_sees_nothing(acme):
    nobody = Console(factories.make_operator())
    index = nobody.get(reverse("admin:index"))
    assert [group.text for group in index.context["menu"]] == ["Overview"]
    assert index.context["current_tenant"] is None
    for model in TENANT_PAGES:
        assert nobody.get(address(model, "changelist")).status_code == 403


def test_an_operator_who_was_removed_from_a_tenant_sees_it_no_more(acme, ada):
    Membership.objects.all().delete()
    assert ada.get(address(Tenant, "change", acme.tenant.pk)).status_code == 404
