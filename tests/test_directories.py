"""Connections and their users: names, what goes with a directory, and what a change leaves behind."""

import pytest
from django.core.exceptions import ValidationError

from tenants.models import Connection, LogEvent, Tenant, User
from tenants.services import create_connection, create_user, delete_connection, set_password, update_tenant
from tests import factories

BY = factories.BY


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=BY)


def test_a_deleted_connection_takes_its_users_and_is_no_default_directory(acme, globex, people):
    theirs = create_connection(globex.tenant, "people", by=BY)
    for tenant, connection in ((acme.tenant, people), (globex.tenant, theirs)):
        update_tenant(tenant, by=BY, default_directory="people")
        create_user(connection, email="ada@example.com", password="a long secret", by=BY)
    delete_connection(people, by=BY)
    assert Tenant.objects.get(name="acme").default_directory == ""
    assert Tenant.objects.get(name="globex").default_directory == "people"
    assert [user.tenant.name for user in User.objects.all()] == ["globex"]


@pytest.mark.parametrize("name", ["", "-people", "people-", "a--b", "peo ple", "people_1", "people\n", "a" * 129])
def test_a_connection_is_named_as_auth0_names_them(acme, name):
    with pytest.raises(ValidationError):
        create_connection(acme.tenant, name, by=BY)
    assert not Connection.objects.exists()


def test_a_change_is_told_with_who_made_it_and_without_passwords(acme, globex, people):
    user = create_user(people, email="ada@example.com", password="correct horse battery", by=BY)
    set_password(user, "staple staple staple", by=BY)
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Set a user's password", "a test")
    assert event.details["actor"] == {"type": "test", "name": "a test"}
    told = str(list(LogEvent.objects.values()))
    assert "correct horse" not in told
    assert "staple" not in told
    assert not [event for event in globex.events("sapi") if "user" in event.description]
