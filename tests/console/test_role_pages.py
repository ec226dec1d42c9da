"""An operator makes roles, and gives roles and permissions to people."""

import pytest

from apis.models import Role
from apis.services import apis, roles
from tenants.models import LogEvent, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address

BY = factories.BY


def person(world, email):
    people = world.tenant.connections.first() or create_connection(world.tenant, "people", by=BY)
    return create_user(people, email=email, password="a long password", by=BY)


@pytest.fixture
def eve(acme):
    return person(acme, "eve@example.com")


@pytest.fixture
def clerk(acme):
    return roles.create_role(acme.tenant, "Clerk", by=BY)


def offered(answer):
    """What the page offers to tick: id → label."""
    return {str(pk): label for pk, label in answer.context["adminform"].form.fields["chosen"].choices}


def permission(world, value):
    return world.api.permissions.get(value=value)


def test_a_role_is_made_changed_and_deleted_and_each_is_told(ada, acme):
    assert ada.submit(address(Role, "add"), name="Clerk", description="Sells").status_code == 302
    role = Role.objects.get()
    assert (role.tenant, role.name) == (acme.tenant, "Clerk")
    ada.submit(address(role, "change", role.pk), name="Seller")
    role.refresh_from_db()
    assert role.name == "Seller"
    assert "0 users hold it" in ada.get(address(role, "delete", role.pk)).content.decode()
    ada.submit(address(role, "delete", role.pk))
    assert not Role.objects.exists()
    told = [(event.description, event.user_name) for event in acme.events("sapi")[:3]]
    assert told == [("Delete a role", "ada"), ("Update a role", "ada"), ("Create a role", "ada")]


@pytest.mark.parametrize(("name", "said"), [("", "required"), ("<b>", "must not contain"), ("Clerk", "already exists")])
def test_a_bad_name_is_said_on_the_form(name, said, ada, acme, clerk):
    assert said in errors(ada.submit(address(Role, "add"), name=name))
    assert Role.objects.count() == 1


def test_permissions_are_found_across_the_apis_and_added_and_removed(ada, acme, clerk):
    billing = factories.make_api(
        acme.tenant, "urn:billing", name="Billing", permissions=[apis.Scope("read:bills", "See bills")]
    )
    url = address(clerk, "permissions_add", clerk.pk)
    assert {"read:orders (https://orders.example.com): May read:orders", "read:bills (Billing): See bills"} <= set(
        offered(ada.get(url)).values()
    )
    assert list(offered(ada.submit(url, search="bill")).values()) == ["read:bills (Billing): See bills"]
    assert list(offered(ada.submit(url, search="see BILLING")).values()) == ["read:bills (Billing): See bills"]
    assert not offered(ada.submit(url, search="see orders"))
    chosen = [billing.permissions.get().pk, permission(acme, "read:orders").pk]
    assert ada.submit(url, search="bill", chosen=chosen).url == address(clerk, "permissions", clerk.pk)
    assert set(clerk.permissions.values_list("value", flat=True)) == {"read:bills", "read:orders"}
    assert acme.events("sapi")[0].user_name == "ada"
    assert not set(offered(ada.get(url))) & {str(pk) for pk in chosen}
    remove = address(clerk, "permissions_remove", clerk.pk)
    assert set(offered(ada.get(remove))) == {str(pk) for pk in chosen}
    ada.submit(remove, chosen=chosen[:1])
    section = ada.get(address(clerk, "permissions", clerk.pk)).context["sections"][0]
    assert [row[0] for row in section.rows] == ["read:orders"]


def test_nothing_ticked_changes_nothing_and_shows_the_page_again(ada, acme, clerk):
    before = len(acme.events("sapi"))
    assert ada.submit(address(clerk, "permissions_add", clerk.pk)).status_code == 200
    assert len(acme.events("sapi")) == before


def test_a_long_list_is_cut_and_searching_finds_the_rest(ada, acme, clerk):
    apis.set_permissions(acme.api, [apis.Scope(f"read:{number:03}") for number in range(150)], by=BY)
    url = address(clerk, "permissions_add", clerk.pk)
    page = ada.get(url)
    assert len(offered(page)) == 100
    assert "There are more than these 100" in page.content.decode()
    assert len(offered(ada.submit(url, search="read:149"))) == 1


def test_users_are_found_added_and_removed(ada, acme, eve, clerk):
    bob = person(acme, "bob@example.com")
    url = address(clerk, "users_add", clerk.pk)
    assert list(offered(ada.submit(url, search="EVE")).values()) == ["eve@example.com (people)"]
    assert not offered(ada.submit(url, search="example"))
    ada.submit(url, chosen=[eve.pk, bob.pk])
    assert set(clerk.users.all()) == {eve, bob}
    section = ada.get(address(clerk, "users", clerk.pk)).context["sections"][0]
    assert [bob.email in section.rows[0][0], eve.email in section.rows[1][0]] == [True, True]
    ada.submit(address(clerk, "users_remove", clerk.pk), chosen=[bob.pk])
    assert list(clerk.users.all()) == [eve]
    assert "1 user holds it" in ada.get(address(clerk, "delete", clerk.pk)).content.decode()


def test_from_the_page_of_a_user_roles_are_given_and_taken_away(ada, acme, eve, clerk):
    url = address(eve, "roles_add", eve.pk)
    assert list(offered(ada.get(url)).values()) == ["Clerk"]
    assert ada.submit(url, chosen=[clerk.pk]).url == address(eve, "roles", eve.pk)
    section = ada.get(address(eve, "roles", eve.pk)).context["sections"][0]
    assert (section.title, "Clerk" in section.rows[0][0]) == ("Roles", True)
    assert not offered(ada.get(url))
    ada.submit(address(eve, "roles_remove", eve.pk), chosen=[clerk.pk])
    assert not eve.roles.exists()
    assert [event.description for event in acme.events("sapi")[:2]] == ["Remove users from a role", "Add users to a role"]


def test_from_the_page_of_a_user_permissions_are_granted_and_revoked(ada, acme, eve):
    read = permission(acme, "read:orders")
    ada.submit(address(eve, "permissions_add", eve.pk), search="read:orders", chosen=[read.pk])
    section = ada.get(address(eve, "roles", eve.pk)).context["sections"][1]
    assert (section.title, [row[0] for row in section.rows]) == ("Permissions without a role", ["read:orders"])
    ada.submit(address(eve, "permissions_remove", eve.pk), chosen=[read.pk])
    assert not eve.direct_permissions.exists()


def test_what_the_service_refuses_is_said_on_the_page_and_none_of_it_is_written(ada, acme, eve):
    made = [roles.create_role(acme.tenant, f"Role {number:02}", by=BY) for number in range(roles.MAX_ROLES + 1)]
    for role in made[2:]:
        roles.add_role_users(role, [eve], by=BY)
    refused = errors(ada.submit(address(eve, "roles_add", eve.pk), chosen=[made[0].pk, made[1].pk]))
    assert "at most 50 roles" in refused
    assert eve.roles.count() == roles.MAX_ROLES - 1


def test_T139_nothing_of_another_tenant_is_offered_or_taken(ada, root, globex, eve, clerk):
    stranger, theirs = person(globex, "stranger@example.com"), roles.create_role(globex.tenant, "Theirs", by=BY)
    foreign = globex.api.permissions.first()
    attempts = [
        (address(clerk, "permissions_add", clerk.pk), foreign.pk),
        (address(clerk, "users_add", clerk.pk), stranger.pk),
        (address(eve, "roles_add", eve.pk), theirs.pk),
        (address(eve, "permissions_add", eve.pk), foreign.pk),
    ]
    before = LogEvent.objects.count()
    for console in (ada, root):
        for url, pk in attempts:
            assert str(pk) not in offered(console.get(url)), url
            for sent in (pk, "nonsense", "9" * 30):
                assert "chosen" in console.submit(url, chosen=[sent]).context["adminform"].form.errors, (url, sent)
    assert not clerk.users.exists()
    assert not clerk.permissions.exists()
    assert not eve.roles.exists()
    assert not eve.direct_permissions.exists()
    assert LogEvent.objects.count() == before


def test_T139_the_pages_of_another_tenants_role_and_user_are_not_found(grace, acme, eve, clerk):
    for row, pages in (
        (clerk, ("permissions_add", "permissions_remove", "users_add", "users_remove")),
        (eve, ("roles_add", "roles_remove", "permissions_add", "permissions_remove")),
    ):
        for page in pages:
            url = address(row, page, row.pk)
            assert grace.get(url).status_code == grace.post(url, {"chosen": [eve.pk]}).status_code == 404


def test_a_viewer_sees_roles_and_their_holders_and_can_change_none(ada, vera, acme, eve, clerk):
    roles.add_role_users(clerk, [eve], by=BY)
    roles.set_role_permissions(clerk, acme.api.permissions.all(), by=BY)
    permissions, users = (vera.get(address(clerk, tab, clerk.pk)) for tab in ("permissions", "users"))
    assert [len(page.context["sections"][0].rows) for page in (permissions, users)] == [2, 1]
    user_page = vera.get(address(eve, "roles", eve.pk))
    for shown in (permissions, users, user_page):
        assert not [link for section in shown.context["sections"] for link in section.links]
    for url, chosen in (
        (address(clerk, "permissions_remove", clerk.pk), acme.api.permissions.first().pk),
        (address(clerk, "users_remove", clerk.pk), eve.pk),
        (address(eve, "roles_remove", eve.pk), clerk.pk),
    ):
        assert vera.post(url, {"chosen": [chosen]}).status_code == 403
    assert (clerk.permissions.count(), clerk.users.count(), User.objects.get().roles.count()) == (2, 1, 1)


def test_searching_adds_nothing_even_with_boxes_ticked_and_is_what_enter_does(ada, acme, eve, clerk):
    url = address(clerk, "users_add", clerk.pk)
    page = ada.get(url).content.decode()
    assert page.index('<input type="submit" name="_search" value="Search">') < page.index('value="Add"')
    answer = ada.submit(url, search="eve", chosen=[eve.pk], _search="Search")
    assert list(offered(answer).values()) == ["eve@example.com (people)"]
    assert not clerk.users.exists()
    ada.submit(url, search="eve", chosen=[eve.pk])
    assert list(clerk.users.all()) == [eve]


def test_what_was_done_is_said_in_a_sentence(ada, acme, eve, clerk):
    bob = person(acme, "bob@example.com")
    page = address(clerk, "users", clerk.pk)
    ada.submit(address(clerk, "users_add", clerk.pk), chosen=[eve.pk])
    assert "1 user added." in ada.get(page).content.decode()
    ada.submit(address(clerk, "users_add", clerk.pk), chosen=[bob.pk])
    ada.submit(address(clerk, "users_remove", clerk.pk), chosen=[bob.pk, eve.pk])
    assert "2 users removed." in ada.get(page).content.decode()
    ada.submit(address(eve, "roles_add", eve.pk), chosen=[clerk.pk])
    assert "1 role added." in ada.get(address(eve, "roles", eve.pk)).content.decode()
    assert "None: it permits nothing yet." in ada.get(address(clerk, "permissions", clerk.pk)).content.decode()


def test_the_list_counts_the_permissions_of_each_role(ada, acme, clerk):
    roles.set_role_permissions(clerk, acme.api.permissions.all(), by=BY)
    roles.create_role(acme.tenant, "Guest", by=BY)
    page = ada.get(address(Role, "changelist")).content.decode()
    assert [page.count(f'class="field-permission_count">{count}</td>') for count in (2, 0)] == [1, 1]


def test_a_role_has_tabs_and_another_tenants_operator_finds_none_of_them(ada, grace, clerk):
    tabs = [address(clerk, tab, clerk.pk) for tab in ("change", "permissions", "users")]
    assert [tab.url for tab in ada.get(tabs[0]).context["tabs"]] == tabs
    assert {grace.get(tab).status_code for tab in tabs} == {404}
