"""Client grants: an application is switched on for an API of its own tenant, with scopes that the API has."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import API, ClientGrant
from apis.services.apis import Scope, delete_api, set_permissions, update_api
from apis.services.applications import delete_application, update_application
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
        "subject_type": "client",
        "allow_all_scopes": False,
        "scope": ["read:orders"],
    }


def test_a_grant_of_all_scopes_has_those_that_come_later_too(acme, grant):
    update_client_grant(grant, ["read:orders"], allow_all_scopes=True, by=BY)
    assert scope(acme) == "read:orders create:orders"
    set_permissions(acme.api, [Scope("create:orders"), Scope("read:orders"), Scope("delete:orders")], by=BY)
    assert scope(acme) == "read:orders create:orders delete:orders"
    assert scope(acme, scope="delete:orders") == "delete:orders"
    assert scope(acme, scope="fly:rockets") == "access_denied"
    update_client_grant(grant, None, allow_all_scopes=False, by=BY)
    assert scope(acme) == "read:orders", "what was chosen one by one is there again"


def test_an_api_that_is_closed_to_machines_gives_none_a_token_whatever_their_grant(acme, globex):
    update_api(acme.api, client_policy="deny_all", by=BY)
    response = acme.ask()
    assert (response.status_code, response.json()["error"]) == (403, "access_denied")
    assert response.json()["error_description"] == f'Client is not authorized to access "{acme.api.identifier}".'
    details = acme.events("feccft")[0].details
    assert (details["reason"], "(machine to machine)" in details["remedy"]) == ("ClosedToAll", True)
    assert scope(globex) == "read:orders create:orders"
    update_api(acme.api, client_policy="require_client_grant", by=BY)
    assert scope(acme) == "read:orders create:orders"


def test_what_is_granted_for_users_is_nothing_for_a_machine(acme):
    billing = factories.make_api(acme.tenant, "urn:example:billing")
    create_client_grant(acme.application, billing, ["read:orders"], subject_type="user", by=BY)
    assert scope(acme, audience="urn:example:billing") == "access_denied"


def test_a_third_party_application_has_the_default_grant_until_it_has_its_own(acme):
    billing = factories.make_api(acme.tenant, "urn:example:billing")
    default = {"default_for": "third_party_clients", "by": BY}
    create_client_grant(None, billing, ["read:orders"], **default)
    assert scope(acme, audience="urn:example:billing") == "access_denied", "it is the tenant's own"
    update_application(acme.application, is_first_party=False, by=BY)
    assert scope(acme, audience="urn:example:billing") == "read:orders"
    own = create_client_grant(acme.application, billing, [], by=BY)
    assert scope(acme, audience="urn:example:billing") is None, "its own counts, though it has less"
    delete_client_grant(own, by=BY)
    assert scope(acme, audience="urn:example:billing") == "read:orders"


def test_a_default_grant_of_another_tenant_or_for_users_is_none_here(acme, globex):
    update_application(acme.application, is_first_party=False, by=BY)
    for world, kind in ((globex, "client"), (acme, "user")):
        billing = factories.make_api(world.tenant, "urn:example:billing")
        create_client_grant(None, billing, ["read:orders"], subject_type=kind, default_for="third_party_clients", by=BY)
    assert scope(acme, audience="urn:example:billing") == "access_denied"


def test_a_grant_is_for_one_application_or_by_default_never_both_or_neither(acme):
    billing = factories.make_api(acme.tenant, "urn:example:billing")
    for application, default_for in ((acme.application, "third_party_clients"), (None, "")):
        with pytest.raises(ValidationError, match="for one application, or by default"):
            create_client_grant(application, billing, [], default_for=default_for, by=BY)
    create_client_grant(None, billing, [], default_for="third_party_clients", by=BY)
    with pytest.raises(ValidationError):
        create_client_grant(None, billing, [], default_for="third_party_clients", by=BY)


def test_the_management_api_is_granted_to_applications_themselves_one_by_one(acme):
    system = API.objects.of(acme.tenant).get(is_system=True)
    with pytest.raises(ValidationError, match="by logging in"):
        create_client_grant(acme.application, system, [], subject_type="user", by=BY)
    with pytest.raises(ValidationError, match="never by default"):
        create_client_grant(None, system, [], default_for="third_party_clients", by=BY)
    with pytest.raises(ValidationError, match="cannot be patched"):
        update_api(system, user_policy="require_client_grant", by=BY)


def test_each_kind_of_grant_says_what_it_is(acme):
    billing = factories.make_api(acme.tenant, "urn:example:billing")
    own = create_client_grant(acme.application, billing, [], subject_type="user", by=BY)
    default = create_client_grant(None, billing, [], default_for="third_party_clients", by=BY)
    assert str(own) == "Warehouse may call urn:example:billing on behalf of users"
    assert str(default) == "Every third-party application may call urn:example:billing"
    changes = acme.events("sapi")[0].details["changes"]
    assert (changes["default_for"], "client_id" in changes) == ("third_party_clients", False)
