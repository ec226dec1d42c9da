"""Which directories an application may use: all there are when it is made, later ones when somebody says so."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import AppType
from apis.services import connections
from tenants.services import create_connection, delete_connection
from tests import factories

BY = factories.BY


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=BY)


@pytest.fixture
def shop(acme, people):
    application, _ = factories.make_application(acme.tenant, "Shop", app_type=AppType.REGULAR_WEB)
    application.connections.clear()
    return application


def used(application):
    return set(application.connections.values_list("name", flat=True))


def test_a_connection_is_switched_on_and_off_and_told(acme, shop, people):
    connections.enable_connection(shop, people, by=BY)
    connections.enable_connection(shop, people, by=BY)
    assert used(shop) == {"people"}
    connections.disable_connection(shop, people, by=BY)
    assert used(shop) == set()
    told = acme.events("sapi")
    assert [event.description for event in told[:2]] == [
        "Switch a connection off for a client",
        "Switch a connection on for a client",
    ]
    assert told[0].details["target"] == shop.client_id
    assert told[0].details["changes"] == {"connections": ["people"]}


def test_the_connections_become_exactly_those_that_are_said(acme, shop, people):
    staff, partners = (create_connection(acme.tenant, name, by=BY) for name in ("staff", "partners"))
    connections.set_connections(shop, [people, staff], by=BY)
    connections.set_connections(shop, [staff, partners], by=BY)
    assert used(shop) == {"staff", "partners"}
    connections.set_connections(shop, [], by=BY)
    assert used(shop) == set()


def test_T139_a_connection_of_another_tenant_is_refused_and_nothing_changes(acme, globex, shop, people):
    theirs = create_connection(globex.tenant, "people", by=BY)
    for attempt in (
        lambda: connections.enable_connection(shop, theirs, by=BY),
        lambda: connections.disable_connection(shop, theirs, by=BY),
        lambda: connections.set_connections(shop, [people, theirs], by=BY),
    ):
        with pytest.raises(ValidationError, match="same tenant"):
            attempt()
    assert used(shop) == set()


@pytest.mark.parametrize("app_type", [AppType.REGULAR_WEB, AppType.SPA, AppType.NATIVE])
def test_a_new_application_that_people_sign_in_to_has_what_the_tenant_has_now(acme, globex, people, app_type):
    create_connection(globex.tenant, "theirs", by=BY)
    application, _ = factories.make_application(acme.tenant, "New", app_type=app_type)
    connections.enable_all(application, by=BY)
    assert used(application) == {"people"}
    create_connection(acme.tenant, "later", by=BY)
    assert used(application) == {"people"}


@pytest.mark.parametrize("app_type", [AppType.NON_INTERACTIVE, AppType.RESOURCE_SERVER])
def test_a_new_application_that_nobody_signs_in_to_has_none(acme, people, app_type):
    application, _ = factories.make_application(acme.tenant, "New", app_type=app_type)
    connections.enable_all(application, by=BY)
    assert used(application) == set()


def test_a_deleted_connection_is_used_by_nobody(acme, shop, people):
    connections.enable_connection(shop, people, by=BY)
    delete_connection(people, by=BY)
    assert used(shop) == set()


def test_a_switch_is_seen_by_every_process(acme, shop, people):
    acme.tenant.refresh_from_db()
    version = acme.tenant.config_version
    connections.enable_connection(shop, people, by=BY)
    acme.tenant.refresh_from_db()
    assert acme.tenant.config_version > version
