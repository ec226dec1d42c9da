"""What the tables themselves promise, whoever writes to them."""

import re

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apis.models import API, Application, ClientGrant, Permission
from tenants import ids
from tenants.models import Connection, Membership, Operator, SigningKey, Tenant, User
from tenants.services import create_connection, create_user
from tests import factories

BY = factories.BY


def refused(save):
    """True when the database refuses what `save` writes."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError:
        return True
    return False


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=BY)


def person(connection, email="ada@example.com"):
    return create_user(connection, email=email, password="a long secret", by=BY)


def test_rows_are_read_through_their_tenant(acme, globex):
    for model in (API, Application, ClientGrant, SigningKey):
        assert {row.tenant_id for row in model.objects.of(acme.tenant)} == {acme.tenant.pk}
        assert {row.tenant_id for row in model.objects.of(globex.tenant)} == {globex.tenant.pk}


def test_the_database_itself_refuses_what_must_be_unique(acme, globex, people):
    tenant, api, application = acme.tenant, acme.api, acme.application
    assert refused(lambda: Tenant.objects.create(name="acme"))
    assert refused(lambda: globex.tenant.domains.create(host=acme.domain.host))
    assert refused(lambda: API.objects.create(tenant=tenant, identifier=api.identifier))
    assert refused(lambda: Permission.objects.create(api=api, value="read:orders"))
    assert refused(lambda: Application.objects.create(tenant=globex.tenant, name="x", client_id=application.client_id))
    assert refused(lambda: ClientGrant.objects.create(tenant=tenant, application=application, api=api))
    assert refused(lambda: Connection.objects.create(tenant=tenant, name="people"))


def test_the_same_name_in_another_tenant_is_another_thing(acme, globex, people):
    assert not refused(lambda: Connection.objects.create(tenant=globex.tenant, name="people"))
    assert not refused(lambda: API.objects.create(tenant=globex.tenant, identifier="urn:example:new"))
    assert not refused(lambda: API.objects.create(tenant=acme.tenant, identifier="urn:example:new"))


def test_an_email_is_one_user_in_a_directory_however_it_is_written(people):
    person(people)
    with pytest.raises(ValidationError, match="already has a user with this e-mail"):
        person(people, "ADA@Example.com")
    assert refused(lambda: User.objects.create(tenant=people.tenant, connection=people, email="Ada@example.COM"))


def test_the_same_email_in_two_directories_is_two_users(acme, globex, people):
    others = [create_connection(acme.tenant, "partners", by=BY), create_connection(globex.tenant, "people", by=BY)]
    users = [person(connection) for connection in (people, *others)]
    assert len({user.user_id for user in users}) == 3


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two@x.example, three@x.example", "x" * 250 + "@x.example"])
def test_a_user_has_a_plausible_email(people, email):
    with pytest.raises(ValidationError):
        person(people, email)
    assert not User.objects.exists()


def test_a_users_password_is_kept_as_an_argon2id_hash(people):
    user = person(people)
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password("a long secret")
    assert not user.check_password("another")


def test_a_user_of_an_application_can_never_enter_the_console(people):
    user = person(people)
    assert not isinstance(user, get_user_model())
    for name in (user.email, user.user_id):
        assert authenticate(username=name, password="a long secret") is None


def test_an_operator_has_one_place_in_each_tenant_and_several_tenants(acme, globex):
    operator = factories.make_operator(acme.tenant, globex.tenant)
    assert set(operator.tenants.all()) == {acme.tenant, globex.tenant}
    assert refused(lambda: Membership.objects.create(operator=operator, tenant=acme.tenant))
    acme.tenant.delete()
    assert list(Operator.objects.get(pk=operator.pk).tenants.all()) == [globex.tenant]


@pytest.mark.parametrize(
    ("make", "form"),
    [
        (ids.hex_id, r"[0-9a-f]{24}"),
        (ids.client_id, r"[A-Za-z0-9]{32}"),
        (ids.client_grant_id, r"cgr_[A-Za-z0-9]{16}"),
        (ids.connection_id, r"con_[A-Za-z0-9]{16}"),
        (ids.user_id, r"auth0\|[0-9a-f]{24}"),
    ],
)
def test_ids_have_auth0s_form_and_never_repeat(make, form):
    made = {make() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(form, value) for value in made)


def test_rows_are_called_by_what_people_know_them_by(acme, people):
    grant = ClientGrant.objects.get(api=acme.api)
    secret = acme.application.secrets.get()
    operator = factories.make_operator(acme.tenant, username="grace")
    assert str(grant) == "Warehouse may call https://orders.example.com"
    assert str(secret) == f"…{acme.secret[-4:]}"
    assert (str(acme.domain), str(people), str(person(people))) == ("acme.example.com", "people", "ada@example.com")
    assert str(operator.memberships.get()) == "grace in acme"
    assert str(grant.permissions.first()) == "read:orders"
    assert str(acme.tenant.signing_keys.get(state="current")).endswith("(current)")
    assert str(acme.events("sapi")[0]).startswith("sapi 20")
