"""Client grants: an application is switched on for an API of its own tenant, with scopes that the API has."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import API, ClientGrant
from apis.services.apis import delete_api
from apis.services.applications import delete_application
from apis.services.client_grants import create_client_grant, delete_client_grant, update_client_grant
from tests import factories

BY = factories.BY


def scope(world, **changes):
    response = world.ask(**changes)
    return response.json().get("scope") if response.status_code == 200 else response.json()["error"]


@pytest.fixture
def grant(acme):
    return ClientGrant.objects.get(application=acme.application, api=acme.api)


def test_a_grant_opens_the_api_with_exactly_its_scopes(acme):
    billing = factories.make_api(acme.tenant, "urn:example:billing")
    assert scope(acme, audience="urn:example:billing") == "access_denied"
    granted = create_client_grant(acme.application, billing, ["read:orders"], by=BY)
    assert scope(acme, audience="urn:example:billing") == "read:orders"
    assert granted.id.startswith("cgr_")


def test_a_changed_grant_counts_for_the_next_token(acme, grant):
    assert scope(acme) == "read:orders create:orders"
    update_client_grant(grant, ["create:orders"], by=BY)
    assert scope(acme) == "create:orders"
    update_client_grant(grant, [], by=BY)
    assert scope(acme) is None


def test_a_deleted_grant_closes_the_api_at_once_and_for_this_tenant_only(acme, globex, grant):
    assert scope(acme) == scope(globex)
    delete_client_grant(grant, by=BY)
    assert scope(acme) == "access_denied"
    assert scope(globex) == "read:orders create:orders"


def test_scopes_stand_in_the_token_in_the_order_of_the_api(acme, grant):
    update_client_grant(grant, ["create:orders", "read:orders"], by=BY)
    assert scope(acme) == "read:orders create:orders"


@pytest.mark.parametrize(
    "scopes",
    [["read:everything"], ["nul\x00"], ["read:orders", "READ:orders"], ["read:orders create:orders"], [""]],
    ids=str,
)
def test_a_scope_that_the_api_does_not_have_is_refused_by_name(acme, grant, scopes):
    billing = factories.make_api(acme.tenant, "urn:example:billing")
    with pytest.raises(ValidationError, match="has no permission"):
        create_client_grant(acme.application, billing, scopes, by=BY)
    with pytest.raises(ValidationError, match="has no permission"):
        update_client_grant(grant, scopes, by=BY)
    assert not ClientGrant.objects.filter(api=billing).exists()
    assert scope(acme) == "read:orders create:orders"


def test_a_scope_of_another_api_is_no_scope_of_this_one(acme, grant):
    factories.make_api(acme.tenant, "urn:example:billing", permissions=[factories.apis.Scope("read:bills")])
    with pytest.raises(ValidationError, match="has no permission read:bills"):
        update_client_grant(grant, ["read:bills"], by=BY)


def test_a_second_grant_for_the_same_pair_is_refused(acme, grant):
    with pytest.raises(ValidationError, match="already exists"):
        create_client_grant(acme.application, acme.api, ["read:orders"], by=BY)
    assert scope(acme) == "read:orders create:orders"


def test_application_and_api_are_of_one_tenant(acme, globex):
    system = API.objects.of(acme.tenant).get(is_system=True)
    for application, api in (
        (globex.application, acme.api),
        (acme.application, globex.api),
        (globex.application, system),
    ):
        with pytest.raises(ValidationError, match="same tenant"):
            create_client_grant(application, api, [], by=BY)
    assert ClientGrant.objects.filter(application=globex.application).count() == 1


def test_an_application_that_goes_takes_its_grants_and_leaves_the_api(acme, grant):
    delete_application(acme.application, by=BY)
    assert not ClientGrant.objects.filter(pk=grant.pk).exists()
    assert API.objects.filter(pk=acme.api.pk).exists()


def test_an_api_that_goes_takes_its_grants_and_leaves_the_application(acme, grant):
    delete_api(acme.api, by=BY)
    assert not ClientGrant.objects.filter(pk=grant.pk).exists()
    acme.application.refresh_from_db()


def test_each_change_of_a_grant_is_told_with_who_may_call_what(acme, grant):
    update_client_grant(grant, ["read:orders"], by=BY)
    delete_client_grant(grant, by=BY)
    deleted, updated, *_ = acme.events("sapi")
    assert (updated.description, deleted.description) == ("Update a client grant", "Delete a client grant")
    assert updated.details["changes"] == {
        "client_id": acme.application.client_id,
        "audience": acme.api.identifier,
        "scope": ["read:orders"],
    }
