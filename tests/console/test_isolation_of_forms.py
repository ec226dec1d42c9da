"""What a second tenant's operator is offered in a form, and what is refused when it is sent all the same."""

import pytest
from django.contrib.admin import site
from django.forms import ModelChoiceField
from django.urls import reverse

from apis.models import API, Application, ClientGrant
from tenants.models import LogEvent, Operator
from tests import factories
from tests.console.browser import Console, errors
from tests.console.conftest import address, furnish, rows_of

TENANT_PAGES = [model for model in site._registry if model is not Operator]


def _foreign_keys():
    """(model, field) of every foreign key that some page or inline of the console may ask for."""
    for model, page in site._registry.items():
        for owner in [model, *(inline.model for inline in page.inlines)]:
            for field in owner._meta.fields:
                if field.remote_field and field.related_model in site._registry:
                    yield owner, field


@pytest.mark.parametrize(
    ("model", "field"),
    list(_foreign_keys()),
    ids=lambda part: getattr(part, "name", part.__name__ if isinstance(part, type) else ""),
)
def test_autocomplete_offers_rows_of_the_own_tenant_only(model, field, furnished_acme, globex, grace):
    furnish(globex)
    query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}
    response = grace.get(reverse("admin:autocomplete"), query)
    if field.related_model is Operator:
        assert response.status_code == 403
        return
    offered = {result["id"] for result in response.json()["results"]}
    assert offered == {str(pk) for pk in rows_of(globex, field.related_model).values_list("pk", flat=True)}


@pytest.mark.parametrize("model", TENANT_PAGES, ids=lambda model: model.__name__)
def test_a_form_offers_rows_of_the_own_tenant_and_refuses_others(model, furnished_acme, globex, grace):
    furnish(globex)
    response = grace.get(address(model, "add"))
    if response.status_code == 403:
        return
    form = response.context["adminform"].form
    keys = {name: field.queryset for name, field in form.fields.items() if isinstance(field, ModelChoiceField)}
    assert keys
    for name, offered in keys.items():
        assert set(offered) == set(rows_of(globex, offered.model)), name
    before = model.objects.count(), LogEvent.objects.count()
    foreign = {name: rows_of(furnished_acme, offered.model).first().pk for name, offered in keys.items()}
    refused = errors(grace.submit(address(model, "add"), **foreign))
    assert refused.count("Select a valid choice") == len(keys)
    assert (model.objects.count(), LogEvent.objects.count()) == before


def test_a_grant_between_two_tenants_is_refused_even_to_those_who_have_both(acme, globex):
    both = Console(factories.make_operator(acme.tenant, globex.tenant))
    spa, _ = factories.make_application(acme.tenant, "Second")
    refused = both.submit(address(ClientGrant, "add"), application=spa.pk, api=globex.api.pk)
    assert "must belong to the same tenant" in errors(refused)
    assert not ClientGrant.objects.filter(application=spa).exists()


def test_an_api_of_another_tenant_in_the_address_offers_none_of_its_permissions(acme, grace):
    for named in (acme.api.pk, "nonsense"):
        response = grace.get(address(ClientGrant, "add", api=named))
        assert "read:orders" not in response.content.decode()
        assert "scopes" not in response.context["adminform"].form.fields


def test_a_change_cannot_move_a_row_to_another_tenant(acme, globex):
    both = Console(factories.make_operator(acme.tenant, globex.tenant))
    both.submit(address(API, "change", acme.api.pk), tenant=globex.tenant.pk, name="Moved")
    acme.api.refresh_from_db()
    assert (acme.api.tenant, acme.api.name) == (acme.tenant, "Moved")


def test_a_secret_of_another_application_is_not_found_under_the_own_one(acme, globex, grace):
    secret = acme.application.secrets.get()
    response = grace.post(address(Application, "end_secret", globex.application.pk, secret.pk))
    assert response.status_code == 404
    secret.refresh_from_db()
    assert secret.expires_at is None
