"""An operator makes directories and the users in them."""

import pytest

from tenants.models import Connection, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address

PASSWORD = "correct horse battery"


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=factories.BY)


@pytest.fixture
def eve(people):
    return create_user(people, email="eve@example.com", password=PASSWORD, by=factories.BY)


def test_a_directory_is_made_and_told(ada, acme):
    assert ada.submit(address(Connection, "add"), name="staff").status_code == 302
    assert Connection.objects.get(name="staff").tenant == acme.tenant
    assert acme.events("sapi")[0].user_name == "ada"


@pytest.mark.parametrize(
    ("name", "said"), [("", "required"), ("two words", "letters, digits"), ("people", "already exists")]
)
def test_a_bad_name_is_said_on_the_form(name, said, ada, people):
    assert said in errors(ada.submit(address(Connection, "add"), name=name))
    assert Connection.objects.count() == 1


def test_a_directory_keeps_its_name_and_leads_to_its_users(ada, people, eve):
    url = address(people, "change", people.pk)
    page = ada.get(url)
    assert page.context["tools"][0].url == address(User, "changelist", connection__id__exact=people.pk)
    assert ada.post(url, {"name": "renamed"}).status_code == 403
    assert list(ada.get(page.context["tools"][0].url).context["cl"].result_list) == [eve]


def test_an_id_that_looks_like_an_escape_of_the_admin_is_found_by_every_link(ada, acme):
    people = Connection.objects.create(id="con_2Bfoo_3Abar", tenant=acme.tenant, name="odd")
    eve = create_user(people, email="eve@example.com", password=PASSWORD, by=factories.BY)
    listed = ada.get(address(Connection, "changelist")).content.decode()
    assert address(people, "change", people.pk) in listed
    users = ada.get(ada.get(address(people, "change", people.pk)).context["tools"][0].url).context["cl"]
    assert list(users.result_list) == [eve]


def test_deleting_a_directory_counts_its_users_first(ada, acme, people, eve):
    url = address(people, "delete", people.pk)
    assert "1 users go too" in ada.get(url).content.decode()
    assert ada.submit(url).status_code == 302
    assert not User.objects.exists()
    assert acme.events("sapi")[0].description == "Delete a connection"


def test_a_user_is_made_with_a_password_that_is_not_shown_again(ada, acme, people):
    answer = ada.submit(
        address(User, "add"), connection=people.pk, email="bob@example.com", new_password=PASSWORD, name="Bob"
    )
    assert answer.status_code == 302
    user = User.objects.get(email="bob@example.com")
    assert user.check_password(PASSWORD)
    assert (user.tenant, user.connection) == (acme.tenant, people)
    assert PASSWORD not in ada.get(address(user, "change", user.pk)).content.decode()
    assert PASSWORD not in str(acme.events("sapi")[0].__dict__)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nobody"}, "valid email"),
        ({"email": "EVE@example.com"}, "already has a user with this e-mail"),
        ({"new_password": ""}, "required"),
        ({"connection": ""}, "required"),
        ({"connection": "con_other"}, "Select a valid choice"),
    ],
)
def test_a_broken_rule_is_said_on_the_form_and_the_password_is_not_sent_back(wrong, said, ada, people, eve):
    sent = {"connection": people.pk, "email": "bob@example.com", "new_password": PASSWORD} | wrong
    answer = ada.submit(address(User, "add"), **sent)
    assert said in errors(answer)
    assert PASSWORD not in answer.content.decode()
    assert User.objects.count() == 1


def test_a_user_is_changed_blocked_and_told(ada, acme, eve):
    url = address(eve, "change", eve.pk)
    assert ada.submit(url, email="eva@example.com", blocked="on").status_code == 302
    eve.refresh_from_db()
    assert (eve.email, eve.blocked) == ("eva@example.com", True)
    assert acme.events("sapi")[0].details["changes"] == {"email": "eva@example.com", "blocked": True}


def test_an_email_that_is_taken_is_said_on_the_form(ada, people, eve):
    bob = create_user(people, email="bob@example.com", password=PASSWORD, by=factories.BY)
    answer = ada.submit(address(bob, "change", bob.pk), email="eve@example.com")
    assert "already has a user with this e-mail" in errors(answer)


def test_a_password_is_set_twice_the_same(ada, acme, eve):
    url = address(eve, "password", eve.pk)
    assert url in ada.get(address(eve, "change", eve.pk)).content.decode()
    assert "not the same" in errors(ada.submit(url, password="another one", again="a different one"))
    assert "required" in errors(ada.submit(url, password="", again=""))
    eve.refresh_from_db()
    assert eve.check_password(PASSWORD)
    assert ada.submit(url, password=" another one ", again=" another one ").status_code == 302
    eve.refresh_from_db()
    assert eve.check_password(" another one ")
    assert acme.events("sapi")[0].description == "Set a user's password"


def test_a_user_is_deleted_and_told(ada, acme, eve):
    assert ada.submit(address(eve, "delete", eve.pk)).status_code == 302
    assert not User.objects.exists()
    assert (acme.events("sapi")[0].description, acme.events("sapi")[0].user_name) == ("Delete a user", "ada")


def test_users_are_found_by_the_beginning_of_their_email(ada, eve):
    assert list(ada.get(address(User, "changelist", q="eve@")).context["cl"].result_list) == [eve]
    assert not ada.get(address(User, "changelist", q="nobody")).context["cl"].result_list
