"""Many calls of the Management API at once, four processes: nothing is lost, brought back or left waiting for each other."""

import random
import time

import pytest
from django.db import connection

from apis.models import API, Application, ClientCredential, ClientGrant, Role
from apis.services.applications import live_secrets
from tenants.models import Connection, SigningKey, Tenant, User
from tests.management_api.caller import Caller
from tests.management_api.rows import public_pem
from tests.people import PASSWORD
from tests.races.calls import calls_at_once, statuses

HANDS = 8
ORDERS = {"resource_server_identifier": "https://orders.example.com", "permission_name": "read:orders"}
SPARE_FLAGS = (
    "allow_changing_enable_sso",
    "custom_domains_provisioning",
    "dashboard_insights_view",
    "dashboard_log_streams_next",
    "disable_fields_map_fix",
    "disable_impersonation",
    "enable_pipeline2",
    "genai_trial",
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


@pytest.fixture
def together(crowd):
    """The answers to calls made at once, in their order."""
    # The server still remembers which tenant had this host in the test before.
    time.sleep(1.1)
    caller = Caller(crowd.people.world)
    return lambda *calls: calls_at_once(crowd, caller, *calls)


def made(together, path, body):
    (answer,) = together(("POST", path, body))
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_what_is_created_at_once_under_one_name_exists_once_and_the_others_are_409(together, crowd):
    person = {"email": "new@example.com", "password": PASSWORD, "connection": crowd.people.connection.name}
    for path, body, success in (
        ("resource-servers", {"identifier": "urn:new", "scopes": [{"value": "a"}]}, 201),
        ("roles", {"name": "new"}, 200),
        ("connections", {"name": "new", "strategy": "auth0"}, 201),
        ("users", person, 201),
        ("client-grants", {"client_id": crowd.people.web.client_id, "audience": "urn:new", "scope": ["a"]}, 201),
    ):
        assert statuses(together(*[("POST", path, body)] * HANDS)) == [success] + [409] * (HANDS - 1), path


def test_members_that_are_merged_at_once_all_arrive(together, crowd):
    client, user = crowd.people.web.client_id, crowd.people.user.user_id
    metadata = [{f"member{n}": "kept"} for n in range(HANDS)]
    calls = [("PATCH", f"clients/{client}", {"client_metadata": one}) for one in metadata]
    calls += [("PATCH", f"users/{user}", {"user_metadata": one}) for one in metadata]
    calls += [("PATCH", "tenants/settings", {"flags": {name: True}}) for name in SPARE_FLAGS]
    assert set(statuses(together(*calls))) == {200}
    everything = {f"member{n}": "kept" for n in range(HANDS)}
    assert Application.objects.get(client_id=client).client_metadata == everything
    assert User.objects.get(user_id=user).user_metadata == everything
    assert Tenant.objects.get().flags.items() >= dict.fromkeys(SPARE_FLAGS, True).items()


def test_changes_of_different_members_at_once_undo_none(together):
    role, api = (
        made(together, "roles", {"name": "r"})["id"],
        made(together, "resource-servers", {"identifier": "urn:r"})["id"],
    )
    for n in range(1, HANDS):
        together(
            ("PATCH", f"roles/{role}", {"name": f"name {n}"}),
            ("PATCH", f"roles/{role}", {"description": f"about {n}"}),
            ("PATCH", f"resource-servers/{api}", {"name": f"name {n}"}),
            ("PATCH", f"resource-servers/{api}", {"token_lifetime": 9_000 + n}),
        )
        found = Role.objects.get(pk=role)
        assert (found.name, found.description) == (f"name {n}", f"about {n}")
        assert API.objects.filter(pk=api, name=f"name {n}", token_lifetime=9_000 + n).exists()


def test_limits_hold_for_many_hands(together):
    client = made(together, "clients", {"name": "Limited", "app_type": "non_interactive"})["client_id"]
    keys = [{"credential_type": "public_key", "pem": public_pem(n)} for n in range(1, 6)]
    assert statuses(together(*[("POST", f"clients/{client}/credentials", key) for key in keys])) == [201, 201, 400, 400, 400]
    assert statuses(together(*[("POST", f"clients/{client}/rotate-secret")] * HANDS)) == [200] * HANDS
    assert live_secrets(Application.objects.get(client_id=client)).count() == 1
    assert ClientCredential.objects.filter(application__client_id=client).count() == 2


def test_signing_keys_rotated_at_once_stay_one_current_and_one_next(together):
    answers = together(*[("POST", "keys/signing/rotate")] * 4)
    assert statuses(answers) == [201] * 4
    assert len({answer.json()["kid"] for answer in answers}) == 4
    assert sorted(SigningKey.objects.values_list("state", flat=True)) == ["current", "next"] + ["previous"] * 4


def test_a_role_assigned_at_once_from_both_sides_is_held_once(together, crowd):
    role, user = made(together, "roles", {"name": "both"})["id"], crowd.people.user.user_id
    calls = [("POST", f"users/{user}/roles", {"roles": [role]}), ("POST", f"roles/{role}/users", {"users": [user]})]
    assert statuses(together(*calls * HANDS)) == [200] * HANDS + [204] * HANDS
    assert crowd.people.user.roles.filter(pk=role).count() == 1


def test_what_is_deleted_while_others_write_to_it_is_gone_and_nobody_is_told_of_a_conflict(together, crowd):
    ada, directory = crowd.people.user.user_id, crowd.people.connection.name
    for n in range(HANDS):
        api = made(together, "resource-servers", {"identifier": f"urn:{n}", "scopes": [{"value": "a"}]})["id"]
        client = made(together, "clients", {"name": "Brief", "app_type": "non_interactive"})["client_id"]
        role = made(together, "roles", {"name": f"brief {n}"})["id"]
        person = {"email": f"brief{n}@example.com", "password": PASSWORD, "connection": directory}
        user = made(together, "users", person)["user_id"]
        store = made(together, "connections", {"name": f"brief-{n}", "strategy": "auth0"})["id"]
        calls = [
            ("PATCH", f"resource-servers/{api}", {"name": "Changed"}),
            ("PATCH", f"resource-servers/{api}", {"signing_alg": "PS256"}),
            ("POST", "client-grants", {"client_id": crowd.people.web.client_id, "audience": f"urn:{n}", "scope": ["a"]}),
            ("PATCH", f"clients/{client}", {"description": "Changed"}),
            ("POST", f"clients/{client}/rotate-secret"),
            ("PATCH", f"roles/{role}", {"description": "Changed"}),
            ("POST", f"users/{ada}/roles", {"roles": [role]}),
            ("POST", f"roles/{role}/permissions", {"permissions": [ORDERS]}),
            ("PATCH", f"users/{user}", {"nickname": "Changed"}),
            ("POST", f"users/{user}/permissions", {"permissions": [ORDERS]}),
            ("PATCH", f"connections/{store}/clients", [{"client_id": crowd.people.web.client_id, "status": True}]),
            ("PATCH", f"connections/{store}", {"options": {"disable_signup": True}}),
        ]
        calls += [("DELETE", path) for path in gone(api, client, role, user, store)]
        random.shuffle(calls)
        answers = dict(zip([f"{method} {path}" for method, path, *_ in calls], together(*calls), strict=True))
        allowed = {200, 201, 202, 204, 404}
        assert {name: answer.text for name, answer in answers.items() if answer.status_code not in allowed} == {}
        assert {answers[f"DELETE {path}"].status_code for path in gone(api, client, role, user, store)} <= {200, 202, 204}
    for rows in (
        API.objects.filter(identifier__startswith="urn:"),
        Application.objects.filter(name="Brief"),
        Role.objects.filter(name__startswith="brief"),
        User.objects.filter(email__startswith="brief"),
        Connection.objects.filter(name__startswith="brief"),
    ):
        assert not rows.exists()


def gone(api, client, role, user, store):
    return [f"resource-servers/{api}", f"clients/{client}", f"roles/{role}", f"users/{user}", f"connections/{store}"]


def test_changes_that_touch_the_same_rows_in_every_order_do_not_wait_for_each_other(together, crowd):
    first, second = [made(together, "clients", {"name": "c", "app_type": "regular_web"})["client_id"] for _ in "ab"]
    one, other = [made(together, "roles", {"name": name})["id"] for name in "ab"]
    api = made(together, "resource-servers", {"identifier": "urn:x", "scopes": [{"value": "a"}]})["id"]
    ada, store = crowd.people.user.user_id, crowd.people.connection.pk
    one_way = [{"client_id": first, "status": True}, {"client_id": second, "status": False}]
    other_way = [{"client_id": second, "status": True}, {"client_id": first, "status": False}]
    for turn in range(10):
        grant = ClientGrant.objects.filter(application__client_id=first).values_list("pk", flat=True).first()
        calls = [
            ("PATCH", "tenants/settings", {"default_audience": "urn:x"}),
            ("PATCH", f"resource-servers/{api}", {"signing_alg": random.choice(["PS256", "RS256"])}),
            ("PATCH", f"clients/{first}", {"jwt_configuration": {"alg": random.choice(["PS256", "RS256"])}}),
            ("PATCH", f"clients/{second}", {"description": "x"}),
            ("POST", f"clients/{first}/rotate-secret"),
            ("POST", "client-grants", {"client_id": first, "audience": "urn:x", "scope": ["a"]}),
            ("POST", "client-grants", {"client_id": second, "audience": "urn:x", "scope": ["a"]}),
            ("POST", "clients", {"name": "new"}),
            ("POST", "resource-servers", {"identifier": f"urn:new:{turn}", "signing_alg": "PS256"}),
            ("POST", "keys/signing/rotate"),
            ("PATCH", f"connections/{store}/clients", one_way),
            ("PATCH", f"connections/{store}/clients", other_way),
            ("POST", f"users/{ada}/roles", {"roles": [one, other]}),
            ("POST", f"roles/{other}/users", {"users": [ada]}),
            ("DELETE", f"users/{ada}/roles", {"roles": [other, one]}),
            ("POST", f"roles/{one}/permissions", {"permissions": [ORDERS]}),
            *([("DELETE", f"client-grants/{grant}")] if grant else []),
        ] * 2
        random.shuffle(calls)
        assert set(statuses(together(*calls))) <= {200, 201, 204, 404, 409}


def test_every_process_takes_a_new_secret_at_once_and_none_the_former_one_after_a_second(together, crowd):
    world = crowd.people.world
    mine = {"grant_type": "client_credentials", "client_id": world.application.client_id, "audience": world.api.identifier}
    assert {answer.status_code for answer in crowd.at_once(40, **mine, client_secret=world.secret)} == {200}
    (rotated,) = together(("POST", f"clients/{world.application.client_id}/rotate-secret"))
    fresh = crowd.at_once(40, **mine, client_secret=rotated.json()["client_secret"])
    assert {answer.status_code for answer in fresh} == {200}
    time.sleep(1.1)
    assert {answer.status_code for answer in crowd.at_once(40, **mine, client_secret=world.secret)} == {401}


@pytest.mark.parametrize("path", ["clients/{client}", "resource-servers/{api}", "client-grants/{grant}"])
def test_a_second_after_a_deletion_no_process_issues_a_token(together, crowd, path):
    world = crowd.people.world
    mine = {"grant_type": "client_credentials", "client_id": world.application.client_id, "client_secret": world.secret}
    mine["audience"] = world.api.identifier
    assert {answer.status_code for answer in crowd.at_once(40, **mine)} == {200}
    grant = ClientGrant.objects.get(application=world.application, api=world.api)
    places = {"client": world.application.client_id, "api": world.api.pk, "grant": grant.pk}
    assert statuses(together(("DELETE", path.format(**places)))) == [204]
    time.sleep(1.1)
    assert {answer.status_code for answer in crowd.at_once(40, **mine)} <= {401, 403}
