"""/api/v2/connections: database connections, their options and who signs in with them (`wire.md` §2.6)."""

import pytest

from apis.models import AppType
from tenants.models import Connection, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.factories import BY
from tests.management_api.caller import error
from tests.management_api.statements import cost
from tests.people import PASSWORD

MISSING = (404, "inexistent_connection", "The connection does not exist")


def create(api2, name="Users", **members):
    response = api2.post("connections", {"name": name, "strategy": "auth0", **members})
    assert response.status_code == 201, response.content
    return response.json()


def web(world, name="Shop"):
    return factories.make_application(world.tenant, name, app_type=AppType.REGULAR_WEB)[0]


def test_a_name_and_the_strategy_are_enough_and_the_answer_says_what_is_true_here(api2):
    body = create(api2)
    assert body.pop("id").startswith("con_")
    assert body == {
        "name": "Users",
        "strategy": "auth0",
        "options": {
            "mfa": {"active": False, "return_enroll_settings": True},
            "passwordPolicy": "low",
            "strategy_version": 2,
            "authentication_methods": {
                "password": {"enabled": True, "api_behavior": "required"},
                "passkey": {"enabled": False},
            },
            "passkey_options": {
                "challenge_ui": "both",
                "local_enrollment_enabled": True,
                "progressive_enrollment_enabled": True,
            },
            "disable_self_service_change_password": False,
            "disable_signup": False,
            "brute_force_protection": True,
        },
        "is_domain_connection": False,
        "authentication": {"active": True},
        "connected_accounts": {"active": False},
        "enabled_clients": [],
        "realms": ["Users"],
    }


def test_the_switches_act_and_what_is_harmless_is_kept(api2, acme):
    shop = web(acme)
    options = {
        "disable_signup": True,
        "brute_force_protection": False,
        "requires_username": False,
        "import_mode": False,
        "passwordPolicy": "none",
        "password_history": {"enable": False, "size": 5},
        "password_dictionary": {"enable": True, "dictionary": []},
        "password_complexity_options": {"min_length": 8},
        "validation": {"username": {"min": 1, "max": 15}},
    }
    sent = {
        "display_name": "People of Acme",
        "show_as_button": True,
        "metadata": {"cost centre": "12"},
        "is_domain_connection": True,
        "realms": ["Users"],
        "authentication": {"active": True},
        "connected_accounts": {"active": False},
        "enabled_clients": [shop.client_id],
    }
    made = create(api2, options=options, **sent)
    assert made.items() >= sent.items()
    assert made["options"].items() >= options.items()
    assert api2.get(f"connections/{made['id']}").json() == made
    row = Connection.objects.get(pk=made["id"])
    assert (row.disable_signup, row.brute_force_protection, row.is_domain_connection) == (True, False, True)
    assert list(shop.connections.all()) == [row]


def test_what_an_export_holds_is_an_import_at_another_tenant(api2, other2):
    exported = create(api2, options={"disable_signup": True, "password_options": {"history": {"active": False}}})
    kept = {name: value for name, value in exported.items() if name not in {"id", "enabled_clients"}}
    imported = other2.post("connections", kept).json()
    assert {name: value for name, value in imported.items() if name not in {"id", "enabled_clients"}} == kept
    again = {name: value for name, value in kept.items() if name not in {"name", "strategy"}}
    assert other2.patch(f"connections/{imported['id']}", again).json() == imported


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"requires_username": True}, "e-mail address only"),
        ({"enabledDatabaseCustomization": True}, "no database scripts"),
        ({"customScripts": {"login": "function login() {}"}}, "no database scripts"),
        ({"configuration": {"KEY": "value"}}, "no database scripts"),
        ({"import_mode": True}, "no database scripts"),
        ({"passwordPolicy": "superb"}, "No enum match"),
        ({"password_complexity_options": {"min_length": 9}}, "at least 8 characters"),
        ({"password_options": {"complexity": {"min_length": 12}}}, "at least 8 characters"),
        ({"password_options": {"complexity": {"character_types": ["number"]}}}, "kinds of characters"),
        ({"password_history": {"enable": True, "size": 5}}, "not remembered"),
        ({"password_no_personal_info": {"enable": True}}, "Of personal data"),
        ({"password_dictionary": {"enable": True, "dictionary": ["acme"]}}, "takes no words"),
        ({"authentication_methods": {"passkey": {"enabled": True}}}, "e-mail and password only"),
        ({"authentication_methods": {"password": {"enabled": False}}}, "e-mail and password only"),
        ({"attributes": {"phone_number": {"identifier": {"active": True}}}}, "e-mail address only"),
        ({"disable_signup": "yes"}, "Expected type boolean"),
        ({"colour": "red"}, "Additional properties not allowed: colour"),
        ("none", "Expected type object"),
    ],
)
def test_options_that_would_be_lies_are_refused_with_the_reason(api2, options, reason):
    status, code, message = error(api2.post("connections", {"name": "Users", "strategy": "auth0", "options": options}))
    assert (status, code) == (400, "invalid_body")
    assert reason in message
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"strategy": "samlp"}, "No enum match, allowed are: auth0"),
        ({"name": None}, "on property name"),
        ({"name": "two words"}, "Use letters, digits and single hyphens"),
        ({"realms": ["Users", "others"]}, "The realm of a connection is its name"),
        ({"authentication": {"active": False}}, "switch it off for the applications"),
        ({"connected_accounts": {"active": True}}, "Accounts elsewhere"),
        ({"metadata": {"a": 1}}, "At most 10 names with text"),
        ({"metadata": {str(number): "" for number in range(11)}}, "At most 10 names with text"),
        ({"enabled_clients": ["nobody"]}, "The client does not exist: nobody"),
        ({"display_name": "a\x00"}, "NUL"),
        ({"options": {"validation": {"a": "\x00"}}}, "NUL"),
    ],
)
def test_other_members_that_are_not_right_are_refused(api2, members, reason):
    status, code, message = error(api2.post("connections", {"name": "Users", "strategy": "auth0"} | members))
    assert (status, code) == (400, "invalid_body")
    assert reason in message
    assert not Connection.objects.exists()


def test_a_name_is_taken_once_per_tenant(api2, other2):
    create(api2)
    taken = (409, "", "A connection with the same name already exists")
    assert error(api2.post("connections", {"name": "Users", "strategy": "auth0"})) == taken
    create(other2)


def test_a_patch_replaces_the_options_as_a_whole_and_leaves_the_rest(api2):
    made = create(api2, display_name="People", options={"disable_signup": True, "import_mode": False})
    changed = api2.patch(f"connections/{made['id']}", {"options": {"passwordPolicy": "none"}}).json()
    assert changed["display_name"] == "People"
    assert changed["options"]["passwordPolicy"] == "none"
    assert changed["options"]["disable_signup"] is False
    assert changed["options"]["brute_force_protection"] is True
    assert "import_mode" not in changed["options"]
    untouched = api2.patch(f"connections/{made['id']}", {"is_domain_connection": True}).json()
    assert untouched == changed | {"is_domain_connection": True}


def test_null_clears_what_was_kept(api2):
    made = create(api2, display_name="People", metadata={"a": "b"})
    shown = api2.patch(f"connections/{made['id']}", {"display_name": None, "metadata": None}).json()
    assert "display_name" not in shown
    assert "metadata" not in shown


@pytest.mark.parametrize("fixed", [{"name": "Other"}, {"strategy": "auth0"}, {"id": "con_x"}])
def test_name_and_strategy_never_change(api2, fixed):
    made = create(api2)
    refusal = error(api2.patch(f"connections/{made['id']}", fixed))
    assert refusal[:2] == (400, "invalid_body")
    assert api2.get(f"connections/{made['id']}").json() == made


def test_a_refused_patch_changes_nothing_of_what_came_before_it(api2, acme):
    made = create(api2)
    sent = {"options": {"disable_signup": True}, "enabled_clients": [web(acme).client_id, "nobody"]}
    assert error(api2.patch(f"connections/{made['id']}", sent))[0] == 400
    assert not Connection.objects.get(pk=made["id"]).disable_signup


def test_deleting_tells_when_and_deleting_twice_is_no_error(api2):
    made = create(api2)
    first = api2.delete(f"connections/{made['id']}")
    assert first.status_code == 202
    assert first.json()["deleted_at"].endswith("Z")
    second = api2.delete(f"connections/{made['id']}")
    assert (second.status_code, second.content) == (204, b"")
    assert error(api2.get(f"connections/{made['id']}")) == MISSING


def test_the_clients_of_a_connection_are_switched_on_and_off(api2, acme):
    made, first, second = create(api2), web(acme, "First"), web(acme, "Second")
    # Each of them had every connection from the start, as they were made after it.
    path = f"connections/{made['id']}/clients"
    assert api2.get(path).json() == {"clients": [{"client_id": first.client_id}, {"client_id": second.client_id}]}
    switches = [{"client_id": first.client_id, "status": False}, {"client_id": second.client_id, "status": True}]
    response = api2.patch(path, switches)
    assert (response.status_code, response.content) == (204, b"")
    assert api2.get(path).json() == {"clients": [{"client_id": second.client_id}]}
    assert api2.get(f"connections/{made['id']}").json()["enabled_clients"] == [second.client_id]
    event = acme.events("sapi")[0]
    assert event.description == "Switch the clients of a connection"
    assert event.details["changes"] == {first.client_id: False, second.client_id: True}


def test_the_clients_of_a_connection_come_in_pages_of_a_checkpoint(api2, acme):
    made = create(api2)
    expected = [web(acme, f"App {number}").client_id for number in range(5)]
    path, found, query = f"connections/{made['id']}/clients", [], {"take": 2}
    for _ in range(3):
        page = api2.get(path, **query).json()
        found += [row["client_id"] for row in page["clients"]]
        query = {"take": 2, "from": page.get("next")}
    assert found == expected
    assert "next" not in page


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "Between 1 and 50 clients"),
        ([{"client_id": "a", "status": True}] * 51, "Between 1 and 50 clients"),
        ([{"client_id": "nobody", "status": True}], "The client does not exist: nobody"),
        ([{"client_id": "nobody"}], "This field is required"),
        ([{"client_id": "nobody", "status": "on"}], "Expected type boolean"),
        ({"client_id": "nobody", "status": True}, ""),
    ],
)
def test_switches_that_are_not_right_are_refused(api2, body, reason):
    made = create(api2)
    status, code, message = error(api2.patch(f"connections/{made['id']}/clients", body))
    assert (status, code) == (400, "invalid_body")
    assert reason in message


def test_a_user_is_deleted_by_e_mail(api2, acme):
    made = create(api2)
    other = create(api2, "Others")
    for row in (made, other):
        create_user(Connection.objects.get(pk=row["id"]), email="ada@example.com", password=PASSWORD, by=BY)
    for _ in range(2):
        response = api2.delete(f"connections/{made['id']}/users", email="Ada@example.com")
        assert (response.status_code, response.content) == (204, b"")
    assert [user.connection_id for user in User.objects.of(acme.tenant)] == [other["id"]]
    assert error(api2.delete(f"connections/{made['id']}/users"))[:2] == (400, "invalid_query_string")


def test_T139_another_tenants_connection_does_not_exist(api2, other2, strangers):
    theirs, own = strangers.connection, create(api2)
    assert error(api2.get(f"connections/{theirs.pk}")) == MISSING
    assert error(api2.patch(f"connections/{theirs.pk}", {"options": {}})) == MISSING
    assert error(api2.get(f"connections/{theirs.pk}/clients")) == MISSING
    switch = [{"client_id": strangers.web.client_id, "status": False}]
    assert error(api2.patch(f"connections/{theirs.pk}/clients", switch)) == MISSING
    assert error(api2.delete(f"connections/{theirs.pk}/users", email=strangers.user.email)) == MISSING
    assert api2.delete(f"connections/{theirs.pk}").status_code == 204
    assert len(other2.get("connections").json()) == 1
    assert User.objects.filter(pk=strangers.user.pk).exists()
    # Nor can another tenant's client be let in here.
    assert error(api2.patch(f"connections/{own['id']}/clients", switch))[0] == 400
    assert error(api2.patch(f"connections/{own['id']}", {"enabled_clients": [strangers.web.client_id]}))[0] == 400
    assert [row["name"] for row in api2.get("connections").json()] == ["Users"]


def test_lists_are_filtered_by_name_and_strategy(api2):
    for name in ("First", "Second"):
        create(api2, name)

    def names(**query):
        return [row["name"] for row in api2.get("connections", **query).json()]

    assert names() == ["First", "Second"]
    assert names(name="Second") == ["Second"]
    assert names(name="second") == []
    assert names(strategy=["auth0", "samlp"]) == ["First", "Second"]
    assert names(strategy="samlp") == []
    assert api2.get("connections", strategy="samlp", take=50).json() == {"connections": []}


def test_lists_come_in_both_styles_and_show_the_members_asked_for(api2):
    for name in ("First", "Second", "Third"):
        create(api2, name)
    page = api2.get("connections", page=1, per_page=2, include_totals="true", fields="name").json()
    assert page == {"start": 2, "limit": 2, "total": 3, "connections": [{"name": "Third"}]}
    first = api2.get("connections", take=2, include_totals="true", fields="name").json()
    assert first["connections"] == [{"name": "First"}, {"name": "Second"}]
    rest = api2.get("connections", take=2, fields="options", include_fields="false", **{"from": first["next"]}).json()
    assert [row["name"] for row in rest["connections"]] == ["Third"]
    assert "options" not in rest["connections"][0]
    assert "next" not in rest


def test_a_list_costs_the_same_few_statements_however_long(api2, acme, monkeypatch):
    for number in range(52):
        create_connection(acme.tenant, f"c{number}", by=BY)
    for number in range(3):
        web(acme, f"App {number}")
    pages = [cost(monkeypatch, api2, "connections", per_page=size, include_totals="true") for size in (2, 50)]
    assert pages[0] == pages[1] <= 4
    walks = [cost(monkeypatch, api2, "connections", take=size) for size in (2, 50)]
    assert walks[0] == walks[1] <= 4
    own = Connection.objects.of(acme.tenant).earliest("created_at")
    assert [cost(monkeypatch, api2, f"connections/{own.pk}/clients", take=size) for size in (2, 50)] == [3, 3]


def test_without_the_flag_a_new_application_has_no_connection(api2, acme):
    create(api2)
    assert api2.patch("tenants/settings", {"flags": {"enable_client_connections": False}}).status_code == 200
    acme.tenant.refresh_from_db()
    assert not web(acme, "Later").connections.exists()
    assert api2.patch("tenants/settings", {"flags": {"enable_client_connections": True}}).status_code == 200
    acme.tenant.refresh_from_db()
    assert web(acme, "Latest").connections.count() == 1


def test_a_password_policy_is_asked_of_whoever_gets_a_password_there(api2):
    options = {"passwordPolicy": "good", "mfa": {"active": True, "return_enroll_settings": True}}
    made = api2.post("connections", {"name": "Strict", "strategy": "auth0", "options": options}).json()
    assert made["options"].items() >= options.items()
    sent = {"connection": "Strict", "email": "ada@example.com"}
    refusal = error(api2.post("users", sent | {"password": "onlysmallletters"}))
    assert refusal[0] == 400
    assert "three of these" in refusal[2]
    assert api2.post("users", sent | {"password": "canary-Small-and-9"}).status_code == 201
