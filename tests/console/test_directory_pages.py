"""An operator makes directories and the users in them."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin import site

from tenants import audit
from tenants.admin.users import UserAdmin
from tenants.console.sections import Section
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


def test_the_options_of_a_directory_are_changed_and_told(ada, acme, people):
    answer = ada.submit(address(people, "change", people.pk), disable_signup="on", brute_force_protection=None)
    assert answer.status_code == 302
    people.refresh_from_db()
    assert (people.disable_signup, people.brute_force_protection, people.is_domain_connection) == (True, False, False)
    assert acme.events("sapi")[0].details["changes"] == {"disable_signup": True, "brute_force_protection": False}


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
    ada.submit(url, name="renamed")
    people.refresh_from_db()
    assert people.name == "people"
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
    assert "1 user of it go too" in ada.get(url).content.decode()
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
        ({"new_password": "iloveyou"}, "Many people"),
        ({"new_password": "bob@example.com"}, "e-mail address"),
        ({"new_password": "short"}, "at least 8"),
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


def test_a_user_is_changed_and_told_and_the_same_page_comes_again(ada, acme, eve):
    url = address(eve, "change", eve.pk)
    assert ada.submit(url, email="eva@example.com", blocked="on").url == url
    eve.refresh_from_db()
    assert (eve.email, eve.blocked) == ("eva@example.com", False)
    assert acme.events("sapi")[0].details["changes"] == {"email": "eva@example.com"}


def test_a_user_is_blocked_after_a_question_that_says_what_follows_and_unblocked_again(ada, acme, eve):
    zone = address(eve, "danger", eve.pk)
    block, unblock = address(eve, "block", eve.pk), address(eve, "unblock", eve.pk)
    assert block in ada.get(zone).content.decode()
    assert "no longer sign in anywhere" in ada.get(block).content.decode()
    eve.refresh_from_db()
    assert not eve.blocked
    assert ada.submit(block).url == zone
    eve.refresh_from_db()
    assert eve.blocked
    assert acme.events("sapi")[0].details["changes"] == {"blocked": True}
    told = len(acme.events("sapi"))
    ada.post(block)
    assert len(acme.events("sapi")) == told, "who is blocked already is not blocked again"
    page = ada.get(zone).content.decode()
    assert unblock in page
    assert block not in page.replace(unblock, "")
    ada.submit(unblock)
    eve.refresh_from_db()
    assert not eve.blocked


def test_the_danger_zone_is_not_there_for_who_may_only_look_nor_for_strangers(vera, grace, eve):
    for page in ("danger", "block", "unblock", "password"):
        assert grace.get(address(eve, page, eve.pk)).status_code == 404
        assert grace.post(address(eve, page, eve.pk)).status_code == 404
    assert vera.get(address(eve, "danger", eve.pk)).status_code == 404
    assert vera.post(address(eve, "block", eve.pk)).status_code == 403
    assert "Danger zone" not in vera.get(address(eve, "change", eve.pk)).content.decode()
    eve.refresh_from_db()
    assert not eve.blocked


def test_the_danger_zone_leads_to_everything_that_ends_something(ada, eve):
    page = ada.get(address(eve, "danger", eve.pk)).content.decode()
    places = [page.index(address(eve, name, eve.pk)) for name in ("block", "password", "sessions_end", "delete")]
    assert places == sorted(places)


def test_the_logs_tab_shows_what_the_person_did_and_nobody_else(ada, acme, people, eve):
    bob = create_user(people, email="bob@example.com", password=PASSWORD, by=factories.BY)
    for user, said in ((eve, "hers"), (bob, "his")):
        audit.record(audit.Event(type="f", tenant_id=acme.tenant.pk, description=said, user_id=user.user_id))
    rows = ada.get(address(eve, "logs", eve.pk)).context["rows"]
    assert [row.event.description for row in rows] == ["hers"]
    assert "has not done anything yet" in ada.get(address(nobody(people), "logs", nobody(people).pk)).content.decode()


def nobody(people):
    found = User.objects.filter(email="nobody@example.com").first()
    return found or create_user(people, email="nobody@example.com", password=PASSWORD, by=factories.BY)


def test_an_email_that_is_taken_is_said_on_the_form(ada, people, eve):
    bob = create_user(people, email="bob@example.com", password=PASSWORD, by=factories.BY)
    answer = ada.submit(address(bob, "change", bob.pk), email="eve@example.com")
    assert "already has a user with this e-mail" in errors(answer)


def test_a_password_is_set_twice_the_same(ada, acme, eve):
    url = address(eve, "password", eve.pk)
    assert url in ada.get(address(eve, "danger", eve.pk)).content.decode()
    assert "not the same" in errors(ada.submit(url, password="another one", again="a different one"))
    assert "required" in errors(ada.submit(url, password="", again=""))
    assert "Many people" in errors(ada.submit(url, password="iloveyou", again="iloveyou"))
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


def test_a_profile_is_changed_and_told(ada, acme, eve):
    url = address(eve, "change", eve.pk)
    claims = '{"birthdate": "1815-12-10"}'
    answer = ada.submit(
        url, given_name="Eve", phone_number="+44 20", standard_claims=claims, app_metadata='{"plan": "gold"}'
    )
    assert answer.status_code == 302
    eve.refresh_from_db()
    assert (eve.given_name, eve.phone_number, eve.app_metadata) == ("Eve", "+44 20", {"plan": "gold"})
    assert eve.standard_claims == {"birthdate": "1815-12-10"}
    assert set(acme.events("sapi")[0].details["changes"]) == {
        "given_name",
        "phone_number",
        "standard_claims",
        "app_metadata",
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"standard_claims": '{"shoe_size": "42"}'}, "not among the standard claims"),
        ({"standard_claims": "{"}, "Enter a valid JSON"),
        ({"app_metadata": '{"a": NaN}'}, "must be finite"),
        ({"user_metadata": "[1]"}, "object of names"),
        ({"picture": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_an_impossible_profile_is_said_on_the_form(wrong, said, ada, acme, eve):
    before = len(acme.events("sapi"))
    assert said in errors(ada.submit(address(eve, "change", eve.pk), **wrong))
    assert len(acme.events("sapi")) == before


def test_saving_a_user_without_a_change_tells_nothing(ada, acme, eve):
    before = len(acme.events("sapi"))
    assert ada.submit(address(eve, "change", eve.pk)).status_code == 302
    assert len(acme.events("sapi")) == before


def test_what_happened_to_a_user_is_shown_and_cannot_be_written(ada, eve):
    User.objects.filter(pk=eve.pk).update(last_ip="192.0.2.7", logins_count=3)
    url = address(eve, "change", eve.pk)
    assert "192.0.2.7" in ada.get(url).content.decode()
    ada.submit(url, last_ip="192.0.2.8", logins_count="9", user_id="auth0|mine", name="Eve")
    stored = User.objects.get()
    assert (stored.last_ip, stored.logins_count, stored.user_id, stored.name) == ("192.0.2.7", 3, eve.user_id, "Eve")


def test_a_floor_above_adds_a_section_and_an_address_to_the_page_of_a_user(ada, eve, monkeypatch):
    def told(request, user):
        return Section(title="Told of", columns=("E-mail",), rows=[(user.email,)], empty="")

    monkeypatch.setattr(UserAdmin, "section_providers", [told])
    sections = ada.get(address(eve, "change", eve.pk)).context["sections"]
    assert [(section.title, section.rows) for section in sections] == [("Told of", [("eve@example.com",)])]
    page = site._registry[User]
    monkeypatch.setattr(UserAdmin, "page_providers", [lambda page: [page.own_url("x/", page.password_view, "x")]])
    assert "tenants_user_x" in [url.name for url in page.own_urls()]


def test_the_list_of_users_says_who_is_blocked_and_when_each_was_here_last(ada, acme, people, eve):
    page = ada.get(address(User, "changelist")).content.decode()
    assert '<span class="badge good">Active</span>' in page
    assert '<td data-label="Last login" class="field-last_login">-</td>' in page
    User.objects.update(blocked=True, last_login=datetime(2026, 3, 5, 14, 7, tzinfo=UTC))
    page = ada.get(address(User, "changelist")).content.decode()
    assert '<span class="badge bad">Blocked</span>' in page
    assert "2026-03-05 14:07:00</time>" in page


def test_the_list_of_directories_says_where_people_may_sign_up(ada, people):
    create_connection(people.tenant, "staff", by=factories.BY, disable_signup=True)
    page = ada.get(address(Connection, "changelist")).content.decode()
    assert re.findall(r'class="field-signup"><span class="badge \w+">(\w+)</span>', page) == ["Open", "Closed"]
    assert "<img" not in page.split('id="changelist"')[1]


def test_an_empty_list_says_what_belongs_there_and_leads_on(ada, vera, acme):
    add = address(User, "add")
    page = ada.get(address(User, "changelist")).content.decode()
    assert "Nobody is here yet" in page
    assert page.count(add) == 1
    assert 'id="searchbar"' not in page
    assert add not in vera.get(address(User, "changelist")).content.decode()
    assert "Nothing here matches" in ada.get(address(User, "changelist", q="eve")).content.decode()


def test_nobody_is_deleted_from_a_list(root, acme, eve, people):
    for row in (eve, people):
        sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        root.post(address(row, "changelist"), sent)
        assert type(row).objects.filter(pk=row.pk).exists()
        assert "delete_selected" not in root.get(address(row, "changelist")).content.decode()


def test_the_page_of_a_user_is_labelled_in_plain_words(ada, eve):
    page = ada.get(address(eve, "change", eve.pk)).content.decode()
    labels = {text.strip() for text in re.findall(r'<(?:label|span class="fact-term")[^>]*>([^<]*)</', page)}
    assert {"E-mail", "E-mail verified", "User ID", "Last IP", "Logins"} <= labels
    assert not {"Email", "User id", "Last ip", "Logins count"} & labels
