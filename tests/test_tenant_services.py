"""Tenants and their directories: names, settings, defaults that must point at something, and what a change leaves behind."""

import pytest
from django.core.exceptions import ValidationError

from apis.services.apis import delete_api
from tenants import audit
from tenants.models import Tenant
from tenants.models.tenant import FLAGS
from tenants.services import create_connection, create_tenant, update_tenant
from tests import factories
from tests.conftest import build_world

BY = factories.BY


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=BY)


@pytest.mark.parametrize("name", ["acme", "acme-eu-1", "0acme", "a" * 63])
def test_a_tenant_is_named_in_small_letters_digits_and_hyphens(db, name):
    assert create_tenant(name, by=BY).name == name


@pytest.mark.parametrize("name", ["", "Acme", "acme eu", "acme_eu", "-acme", "acmé", "acme\n", "acme.eu", "a" * 64])
def test_another_name_is_refused_and_leaves_no_tenant(db, name):
    with pytest.raises(ValidationError):
        create_tenant(name, by=BY)
    assert not Tenant.objects.exists()


def test_a_name_is_given_once(acme):
    with pytest.raises(ValidationError, match="already exists"):
        create_tenant("acme", by=BY)


def test_the_name_of_a_tenant_never_changes(acme):
    update_tenant(acme.tenant, by=BY, name="acme", friendly_name="Acme Inc.")
    with pytest.raises(ValidationError, match="cannot be changed"):
        update_tenant(acme.tenant, by=BY, name="umbrella")
    assert Tenant.objects.get(name="acme").friendly_name == "Acme Inc."


def test_a_setting_of_one_tenant_leaves_the_other_alone(acme, globex):
    update_tenant(acme.tenant, by=BY, session_lifetime=24, support_email="help@acme.example")
    globex.tenant.refresh_from_db()
    assert globex.tenant.session_lifetime == 168
    assert globex.tenant.support_email == ""


@pytest.mark.parametrize(
    "settings",
    [
        {"session_lifetime": 0},
        {"session_lifetime": 8761},
        {"idle_session_lifetime": 0},
        {"support_email": "nobody"},
        {"picture_url": "javascript:alert(1)"},
        {"support_url": "data:text/html,x"},
        {"security_profile": "lax"},
        {"flags": {"enable_everything": True}},
        {"flags": {"enable_apis_section": "false"}},
        {"flags": None},
        {"flags": ["enable_apis_section"]},
    ],
    ids=str,
)
def test_an_impossible_setting_is_refused_when_made_and_when_changed(acme, settings):
    with pytest.raises(ValidationError):
        update_tenant(acme.tenant, by=BY, **settings)
    with pytest.raises(ValidationError):
        create_tenant("umbrella", by=BY, **settings)
    assert not Tenant.objects.filter(name="umbrella").exists()


def test_flags_not_named_keep_their_value(acme):
    update_tenant(acme.tenant, by=BY, flags={"remove_alg_from_jwks": True})
    update_tenant(acme.tenant, by=BY, flags={"enable_apis_section": False})
    said = {"enable_apis_section": False, "remove_alg_from_jwks": True}
    assert Tenant.objects.get(name="acme").all_flags == FLAGS | said


def test_a_request_without_audience_means_the_default_audience(acme):
    update_tenant(acme.tenant, by=BY, default_audience=acme.api.identifier)
    assert acme.ask(audience=None).status_code == 200
    update_tenant(acme.tenant, by=BY, default_audience="")
    assert acme.ask(audience=None).status_code == 403


def test_the_default_audience_is_an_api_of_this_tenant(acme, globex):
    factories.make_api(globex.tenant, "https://theirs.example.com")
    for unknown in ("https://nowhere.example.com", "https://theirs.example.com", f"{acme.api.identifier}/"):
        with pytest.raises(ValidationError, match="no API with the identifier"):
            update_tenant(acme.tenant, by=BY, default_audience=unknown)


def test_a_deleted_api_is_nobodys_default_audience(acme, globex):
    for world in (acme, globex):
        update_tenant(world.tenant, by=BY, default_audience=world.api.identifier)
    delete_api(acme.api, by=BY)
    assert Tenant.objects.get(name="acme").default_audience == ""
    assert Tenant.objects.get(name="globex").default_audience == globex.api.identifier


def test_the_default_directory_is_a_connection_of_this_tenant(acme, globex, people):
    update_tenant(acme.tenant, by=BY, default_directory="people")
    with pytest.raises(ValidationError, match="no connection named"):
        update_tenant(globex.tenant, by=BY, default_directory="people")


@pytest.mark.parametrize("settings", [{"default_audience": "https://orders.example.com"}, {"default_directory": "people"}])
def test_a_new_tenant_has_nothing_that_a_default_could_name(db, settings):
    with pytest.raises(ValidationError):
        create_tenant("umbrella", by=BY, **settings)


@pytest.mark.django_db(transaction=True)
def test_the_events_of_a_deleted_tenant_hold_up_nobody_elses(transactional_db):
    acme, globex = build_world("acme"), build_world("globex")
    acme.ask()
    globex.ask()
    acme.tenant.delete()
    assert [event.type for event in globex.events("seccft")] == ["seccft"]
    assert audit.flush() == 0
