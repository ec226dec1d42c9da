"""Applications: what each type may do by default, what may be chosen, and what a client keeps for life."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import Application, ClientGrant, ClientSecret
from apis.models.application_types import GRANT_TYPES
from apis.services import clients
from apis.services.applications import create_application, delete_application, update_application
from tests import factories

BY = factories.BY


def make(world, **settings):
    return create_application(world.tenant, "Shop", by=BY, **settings)


@pytest.mark.parametrize(
    ("app_type", "grant_types", "auth_method"),
    [
        ("regular_web", ["authorization_code", "refresh_token", "client_credentials"], "client_secret_post"),
        ("spa", ["authorization_code", "refresh_token"], "none"),
        ("native", ["authorization_code", "refresh_token"], "none"),
        ("non_interactive", ["client_credentials"], "client_secret_post"),
    ],
)
def test_each_type_brings_its_grant_types_and_never_implicit_or_password(acme, app_type, grant_types, auth_method):
    application = make(acme, app_type=app_type)
    assert application.grant_types == grant_types
    assert application.token_endpoint_auth_method == auth_method
    assert (application.is_first_party, application.enabled) == (True, True)


@pytest.mark.parametrize("app_type", ["regular_web", "native", "non_interactive"])
def test_a_client_that_is_public_by_choice_does_not_get_client_credentials(acme, app_type):
    application = make(acme, app_type=app_type, token_endpoint_auth_method="none")
    assert "client_credentials" not in application.grant_types


@pytest.mark.parametrize("grant_type", GRANT_TYPES)
def test_every_grant_type_that_has_a_name_may_be_switched_on(acme, grant_type):
    assert make(acme, grant_types=[grant_type]).grant_types == [grant_type]


@pytest.mark.parametrize(
    "grant_types",
    [
        ["magic"],
        ["Client_Credentials"],
        [""],
        [None],
        [["client_credentials"]],
        "client_credentials",
        {"client_credentials": 1},
        7,
    ],
    ids=str,
)
def test_grant_types_are_a_list_of_names_that_exist(acme, grant_types):
    with pytest.raises(ValidationError) as refusal:
        make(acme, grant_types=grant_types)
    assert list(refusal.value.message_dict) == ["grant_types"]


def test_a_public_client_cannot_be_given_client_credentials(acme):
    with pytest.raises(ValidationError, match="public client"):
        make(acme, app_type="spa", grant_types=["client_credentials"])
    with pytest.raises(ValidationError, match="public client"):
        update_application(acme.application, by=BY, token_endpoint_auth_method="none")
    assert acme.ask().status_code == 200


def test_switching_every_grant_type_off_leaves_none_on(acme):
    update_application(acme.application, by=BY, grant_types=[])
    assert Application.objects.get(pk=acme.application.pk).grant_types == []
    assert acme.ask().json()["error"] == "unauthorized_client"


def test_a_grant_type_switched_off_is_refused_at_once(acme, globex):
    update_application(acme.application, by=BY, grant_types=["authorization_code"])
    assert acme.ask().json()["error"] == "unauthorized_client"
    assert globex.ask().status_code == 200


def test_a_disabled_application_gets_nothing_until_it_is_enabled(acme):
    update_application(acme.application, by=BY, enabled=False)
    assert acme.ask().status_code == 401
    update_application(acme.application, by=BY, enabled=True)
    assert acme.ask().status_code == 200


def test_a_client_id_is_random_unique_in_all_tenants_and_never_changes(acme, globex):
    mine, theirs = acme.application.client_id, globex.application.client_id
    assert len({mine, theirs}) == 2
    assert len(mine) == 32
    assert mine.isalnum()
    update_application(acme.application, by=BY, client_id=mine)
    for client_id in (theirs, "chosen"):
        with pytest.raises(ValidationError, match="cannot be changed"):
            update_application(acme.application, by=BY, client_id=client_id)
    with pytest.raises(ValidationError, match="already exists"):
        make(acme, client_id=theirs)


def test_an_application_does_not_move_to_another_tenant(acme, globex):
    with pytest.raises(ValidationError, match="cannot be changed"):
        update_application(acme.application, by=BY, tenant=globex.tenant)
    assert Application.objects.get(pk=acme.application.pk).tenant == acme.tenant


def test_an_application_of_another_tenant_is_unknown_here(acme, globex):
    theirs = {"client_id": globex.application.client_id, "client_secret": globex.secret}
    assert acme.ask(**theirs).status_code == 401
    assert globex.ask(**theirs).status_code == 200


def test_a_deleted_application_takes_its_secrets_and_grants_and_is_unknown_at_once(acme, globex):
    assert acme.ask().status_code == 200
    pk = acme.application.pk
    delete_application(acme.application, by=BY)
    assert acme.ask(client_id=acme.events("sapi")[0].details["target"]).status_code == 401
    assert not ClientSecret.objects.filter(application_id=pk).exists()
    assert not ClientGrant.objects.filter(application_id=pk).exists()
    assert globex.ask().status_code == 200


def test_an_api_client_is_made_in_one_go_or_not_at_all(acme):
    with pytest.raises(ValidationError, match="at least 32 characters"):
        clients.create_client(acme.tenant, "Shop", by=BY, client_secret="short")
    assert not Application.objects.filter(name="Shop").exists()
    made, secret = clients.create_client(acme.tenant, "Shop", by=BY, app_type="non_interactive")
    assert acme.ask(client_id=made.client_id, client_secret=secret.value).status_code == 403
    assert clients.create_client(acme.tenant, "Tracker", by=BY, app_type="spa")[1] is None


def test_a_patched_secret_that_is_refused_leaves_the_old_one_in_use(acme):
    with pytest.raises(ValidationError, match="at least 32 characters"):
        clients.patch_client(acme.application, by=BY, client_secret="short", name="Changed")
    assert Application.objects.get(pk=acme.application.pk).name == "Warehouse"
    assert acme.ask().status_code == 200


def test_a_patch_merges_with_what_is_stored_and_not_with_what_was_read_before(acme):
    stale = Application.objects.get(pk=acme.application.pk)
    clients.patch_client(acme.application, by=BY, client_metadata={"a": "1", "b": "2"})
    clients.patch_client(stale, by=BY, client_metadata={"b": None, "c": "3"})
    assert Application.objects.get(pk=acme.application.pk).client_metadata == {"a": "1", "c": "3"}


def test_a_client_that_becomes_a_third_partys_keeps_its_choice_of_rotation(acme):
    clients.patch_client(acme.application, by=BY, is_first_party=False)
    assert not Application.objects.get(pk=acme.application.pk).rotates_refresh_tokens
    clients.patch_client(acme.application, by=BY, refresh_token_rotation="")
    assert Application.objects.get(pk=acme.application.pk).rotates_refresh_tokens
