"""/api/v2/users: a person is made, read, changed and deleted as Auth0's clients do it (`wire.md` §2.5, §2.6)."""

from urllib.parse import quote

import pytest

from tenants.models import User
from tenants.services import create_connection, create_user
from tests import factories
from tests.management_api.caller import Caller, error
from tests.people import PASSWORD

BY = factories.BY
NO_USER = (404, "inexistent_user", "The user does not exist.")
NEW = "canary-Another-long-passphrase-that-nobody-has-9876543210-9876543210"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture
def staff(acme):
    return create_connection(acme.tenant, "Staff", by=BY)


def new(**changes):
    return {"connection": "Staff", "email": "grace@example.com", "password": PASSWORD} | changes


def at(user_id):
    return f"users/{quote(user_id, safe='')}"


def make(api2, **changes):
    response = api2.post("users", new(**changes))
    assert response.status_code == 201, response.content
    return response.json()


def test_an_address_and_a_password_are_enough_and_the_rest_comes_from_the_address(api2, staff):
    response = api2.post("users", new())
    assert response.status_code == 201
    body = response.json()
    moments = [body.pop(name) for name in ("created_at", "updated_at")]
    assert all(len(moment) == 24 and moment.endswith("Z") for moment in moments)
    user_id = body.pop("user_id")
    assert user_id.startswith("auth0|")
    assert body == {
        "email": "grace@example.com",
        "email_verified": False,
        "name": "grace@example.com",
        "nickname": "grace",
        "identities": [
            {"user_id": user_id.removeprefix("auth0|"), "connection": "Staff", "provider": "auth0", "isSocial": False}
        ],
        "logins_count": 0,
    }


def test_every_member_is_kept_and_shown(api2, staff):
    profile = {
        "email_verified": True,
        "name": "Grace Hopper",
        "given_name": "Grace",
        "family_name": "Hopper",
        "nickname": "amazing",
        "picture": "https://example.com/grace.png",
        "phone_number": "+12025550123",
        "phone_verified": True,
        "blocked": True,
        "user_metadata": {"colour": "navy", "nested": {"a": [1, 2.5, True]}},
        "app_metadata": {"plan": "gold"},
    }
    made = make(api2, **profile, verify_email=False)
    assert made.items() >= profile.items()
    assert api2.get(at(made["user_id"])).json() == made


def test_a_chosen_id_stands_behind_the_provider_and_is_given_once(api2, other2, staff, globex):
    made = make(api2, user_id="legacy-42")
    assert made["user_id"] == "auth0|legacy-42"
    assert made["identities"][0]["user_id"] == "legacy-42"
    assert error(api2.post("users", new(user_id="legacy-42", email="b@example.com")))[0] == 409
    create_connection(globex.tenant, "Staff", by=BY)
    assert other2.post("users", new(user_id="legacy-42")).json()["user_id"] == "auth0|legacy-42"


@pytest.mark.parametrize("user_id", ["", "a b", "a/b", "a%7Cb", "a?b", "ä", "a\nb", "x" * 201])
def test_an_id_that_needs_quoting_is_refused(api2, staff, user_id):
    assert error(api2.post("users", new(user_id=user_id)))[:2] == (400, "invalid_body")
    assert not User.objects.exists()


def test_an_address_is_taken_once_in_a_directory_whatever_its_case(api2, other2, staff, acme, globex):
    make(api2)
    assert error(api2.post("users", new(email="Grace@Example.com"))) == (409, "", "The user already exists.")
    create_connection(acme.tenant, "Guests", by=BY)
    assert api2.post("users", new(connection="Guests")).status_code == 201
    create_connection(globex.tenant, "Staff", by=BY)
    assert other2.post("users", new()).status_code == 201


def test_T139_a_directory_of_another_tenant_does_not_exist(api2, globex):
    create_connection(globex.tenant, "Theirs", by=BY)
    refusal = (400, "inexistent_connection", "The connection does not exist.")
    assert error(api2.post("users", new(connection="Theirs"))) == refusal
    assert not User.objects.exists()


@pytest.mark.parametrize("member", ["connection", "email", "password"])
def test_nothing_that_a_user_of_a_directory_needs_may_be_missing(api2, staff, member):
    body = new()
    del body[member]
    assert error(api2.post("users", body)) == (
        400,
        "invalid_body",
        f"Payload validation error: 'This field is required' on property {member}.",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"username": "grace"},
            "A directory knows people by their e-mail address: there are no user names' on property username",
        ),
        ({"verify_email": True}, "No mail is sent: set email_verified to what you know' on property verify_email"),
        ({"tenant": "globex"}, "Additional properties not allowed: tenant'"),
        ({"tenant_id": 1, "id": 1, "is_staff": True}, "Additional properties not allowed: tenant_id, id, is_staff'"),
        ({"logins_count": 7}, "Additional properties not allowed: logins_count'"),
        ({"email_verified": "true"}, "Expected type boolean but found type string' on property email_verified"),
        ({"app_metadata": []}, "Expected type object but found type array' on property app_metadata"),
        ({"given_name": "a\x00"}, "Text must not contain NUL or half a surrogate pair' on property given_name"),
    ],
)
def test_T139_what_a_caller_may_not_set_is_refused_and_not_ignored(api2, staff, changes, message):
    assert error(api2.post("users", new(**changes))) == (400, "invalid_body", f"Payload validation error: '{message}.")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "no address"},
        {"picture": "javascript:alert(1)"},
        {"user_metadata": {"n": 2**63}},
        {"user_metadata": {"text": "a\x00"}},
        {"user_metadata": {"long": "x" * 70_000}},
        {"app_metadata": {"deep": eval("[" * 40 + "]" * 40)}},
    ],
)
def test_T142_what_no_row_can_hold_and_no_answer_could_show_is_refused(api2, staff, changes):
    assert error(api2.post("users", new(**changes)))[:2] == (400, "invalid_body")
    assert not User.objects.exists()


def test_T142_metadata_of_any_depth_is_a_refusal_and_no_failure(api2, staff):
    http = api2.world.http(authorization=f"Bearer {api2.token}")
    for depth in (30, 100, 400, 900, 100_000):
        deep = '{"a":' * depth + "1" + "}" * depth
        body = f'{{"connection":"Staff","email":"e{depth}@example.com","password":"{PASSWORD}","app_metadata":{deep}}}'
        response = http.post("/api/v2/users", data=body, content_type="application/json")
        assert response.status_code == (201 if depth == 30 else 400), depth


def test_a_weak_password_is_refused_without_being_repeated(api2, acme, staff):
    for weak in ("short", "password123"):
        status, code, message = error(api2.post("users", new(password=weak)))
        assert (status, code) == (400, "invalid_body")
        assert message.startswith("PasswordStrengthError: ")
        assert weak not in message
    assert all("password123" not in str((event.description, event.details)) for event in acme.events("fapi", "sapi"))
    made = make(api2)
    assert error(api2.patch(at(made["user_id"]), {"password": "short"}))[2].startswith("PasswordStrengthError: ")


def test_T141_no_answer_and_no_event_has_a_password_or_a_hash(api2, acme, staff):
    made = make(api2)
    changed = api2.patch(at(made["user_id"]), {"password": NEW})
    assert changed.status_code == 200
    hashed = User.objects.get().password
    answers = [changed, api2.get(at(made["user_id"])), api2.get("users"), api2.get("users-by-email", email=made["email"])]
    told = str([(event.description, event.details) for event in acme.events("sapi", "fapi")])
    for text in [*(answer.content.decode() for answer in answers), told]:
        assert PASSWORD not in text
        assert NEW not in text
        assert hashed not in text
        assert '"password"' not in text


@pytest.mark.parametrize("encode", [lambda text: quote(text, safe=""), lambda text: quote(quote(text, safe="")), str])
def test_an_id_is_found_in_every_encoding(api2, people, encode):
    shown = api2.get(f"users/{encode(people.user.user_id)}").json()
    assert shown["email"] == "ada@example.com"


@pytest.mark.parametrize("user_id", ["auth0|nobody", "nobody", "x" * 3_000, "%F0%9F", "%25F0%259F"])
def test_nobody_is_nobody(api2, people, user_id):
    assert error(api2.get(f"users/{user_id}")) == NO_USER
    assert error(api2.patch(f"users/{user_id}", {"name": "x"})) == NO_USER
    assert api2.delete(f"users/{user_id}").status_code == 204
    assert User.objects.count() == 1


def test_T139_a_user_of_another_tenant_is_nobody(api2, people, strangers):
    path = at(strangers.user.user_id)
    before = User.objects.values().get(pk=strangers.user.pk)
    assert error(api2.get(path)) == NO_USER
    assert error(api2.patch(path, {"blocked": True, "password": None} | {"password": NEW})) == NO_USER
    assert api2.delete(path).status_code == 204
    assert api2.get(f"{path}/logs").json() == []
    assert User.objects.values().get(pk=strangers.user.pk) == before
    shown = [user["user_id"] for user in api2.get("users").json()]
    assert shown == [people.user.user_id]
    assert [user["user_id"] for user in api2.get("users-by-email", email="ada@example.com").json()] == shown


def test_deleting_twice_is_no_error_and_everything_ends_with_the_person(api2, people):
    tokens = people.tokens()
    for _ in range(2):
        response = api2.delete(at(people.user.user_id))
        assert (response.status_code, response.content) == (204, b"")
    assert error(api2.get(at(people.user.user_id))) == NO_USER
    assert people.refresh(tokens["refresh_token"]).status_code == 403


def test_a_patch_changes_what_it_says_and_null_clears(api2, staff):
    made = make(api2, given_name="Grace", picture="https://example.com/g.png")
    shown = api2.patch(at(made["user_id"]), {"name": "Grace Hopper", "picture": None, "given_name": None}).json()
    assert shown["updated_at"] > made["updated_at"]
    for gone in ("picture", "given_name", "updated_at"):
        made.pop(gone)
    assert shown == made | {"name": "Grace Hopper", "updated_at": shown["updated_at"]}
    assert error(api2.patch(at(made["user_id"]), {"email": None}))[:2] == (400, "invalid_body")
    assert error(api2.patch(at(made["user_id"]), {"email": ""}))[:2] == (400, "invalid_body")


@pytest.mark.parametrize("metadata", ["user_metadata", "app_metadata"])
def test_metadata_is_merged_on_its_first_level_and_null_deletes(api2, staff, metadata):
    made = make(api2, **{metadata: {"plan": "gold", "address": {"city": "Rome", "zip": "1"}}})
    path = at(made["user_id"])
    merged = api2.patch(path, {metadata: {"address": {"city": "Oslo"}, "since": 2020}}).json()
    assert merged[metadata] == {"plan": "gold", "address": {"city": "Oslo"}, "since": 2020}
    assert api2.patch(path, {metadata: {"plan": None}}).json()[metadata] == {"address": {"city": "Oslo"}, "since": 2020}
    assert metadata not in api2.patch(path, {metadata: {}}).json()
    api2.patch(path, {metadata: {"plan": "tin"}})
    assert metadata not in api2.patch(path, {metadata: None}).json()


def test_merging_stays_within_what_a_row_holds(api2, staff):
    made = make(api2, app_metadata={"a": "x" * 40_000})
    assert error(api2.patch(at(made["user_id"]), {"app_metadata": {"b": "x" * 40_000}}))[:2] == (400, "invalid_body")
    assert list(api2.get(at(made["user_id"])).json()["app_metadata"]) == ["a"]


def test_a_new_address_is_unverified_unless_the_caller_knows_better(api2, staff):
    made = make(api2, email_verified=True)
    path = at(made["user_id"])
    assert api2.patch(path, {"email": "g@example.com", "verify_email": False}).json()["email_verified"] is False
    known = api2.patch(path, {"email": "h@example.com", "email_verified": True, "client_id": "c"}).json()
    assert (known["email"], known["email_verified"]) == ("h@example.com", True)
    assert error(api2.patch(path, {"email": "i@example.com", "verify_email": True}))[:2] == (400, "invalid_body")
    make(api2, email="taken@example.com")
    assert error(api2.patch(path, {"email": "Taken@example.com"})) == (409, "", "The user already exists.")


@pytest.mark.parametrize("changes", [{"password": NEW}, {"blocked": True}])
def test_a_new_password_and_a_block_end_sessions_and_tokens(api2, people, changes):
    browser = people.signed_in()
    tokens = people.tokens()
    assert api2.patch(at(people.user.user_id), changes | {"connection": "Users"}).status_code == 200
    assert people.refresh(tokens["refresh_token"]).status_code == 403
    assert people.authorize(browser).headers["Location"].startswith("/u/login")


def test_a_change_of_profile_ends_nothing(api2, people):
    browser = people.signed_in()
    tokens = people.tokens()
    api2.patch(at(people.user.user_id), {"name": "Countess Lovelace", "blocked": False, "app_metadata": {"a": 1}})
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    assert not people.authorize(browser).headers["Location"].startswith("/u/login")


def test_one_signs_in_with_the_password_that_was_set_and_not_with_the_one_before(api2, people):
    api2.patch(at(people.user.user_id), {"password": NEW})
    browser = people.browser()
    refused = people.log_in(browser, people.authorize(browser), password=PASSWORD)
    assert "Location" not in refused.headers
    accepted = people.log_in(browser, people.authorize(browser), password=NEW)
    assert "Location" in accepted.headers


def test_a_connection_in_a_patch_is_the_users_own(api2, people, acme):
    create_connection(acme.tenant, "Guests", by=BY)
    path = at(people.user.user_id)
    assert api2.patch(path, {"connection": "Users", "blocked": True}).json()["blocked"] is True
    for connection in ("Guests", "Nowhere"):
        refusal = error(api2.patch(path, {"connection": connection, "blocked": False}))
        assert refusal == (400, "operation_not_supported", "The user has no identity in this connection.")
    assert api2.get(path).json()["blocked"] is True


def test_address_password_and_telephone_change_one_at_a_time(api2, people):
    path = at(people.user.user_id)
    status, code, message = error(api2.patch(path, {"email": "b@example.com", "password": NEW}))
    assert (status, code) == (400, "invalid_body")
    assert "Cannot update email and password simultaneously" in message
    assert api2.get(path).json()["email"] == "ada@example.com"


def test_who_may_write_application_metadata_only_writes_nothing_else(api2, acme, people):
    writer = Caller(acme, ("update:users_app_metadata",))
    path = at(people.user.user_id)
    assert writer.patch(path, {"app_metadata": {"plan": "gold"}}).json()["app_metadata"] == {"plan": "gold"}
    for body in ({"blocked": True}, {"app_metadata": {"plan": "tin"}, "user_metadata": {}}, {"password": NEW}):
        refusal = (403, "insufficient_scope", "Insufficient scope, expected any of: update:users")
        assert error(writer.patch(path, body)) == refusal
    assert api2.get(path).json()["app_metadata"] == {"plan": "gold"}
    assert people.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "users", "read:users"),
        ("post", "users", "create:users"),
        ("get", "users/{}", "read:users"),
        ("patch", "users/{}", "update:users"),
        ("delete", "users/{}", "delete:users"),
        ("get", "users-by-email", "read:users"),
        ("get", "users/{}/logs", "read:logs_users"),
    ],
)
def test_an_operation_needs_its_scope(people, method, path, scope):
    every_other = tuple(name for name in ("read:clients", "read:users", "create:users", "update:users") if name != scope)
    poor = Caller(people.world, every_other)
    refusal = error(poor.call(method, path.format(quote(people.user.user_id, safe="")), {} if method == "patch" else None))
    assert refusal[:2] == (403, "insufficient_scope")
    assert scope in refusal[2]
    assert User.objects.count() == 1


def test_an_address_finds_one_person_of_each_directory_in_any_case(api2, acme, people):
    guests = create_connection(acme.tenant, "Guests", by=BY)
    create_user(guests, email="Ada@Example.com", password=PASSWORD, by=BY)
    create_user(guests, email="ada@example.com.au", password=PASSWORD, by=BY)
    found = api2.get("users-by-email", email="ADA@example.com").json()
    assert [user["identities"][0]["connection"] for user in found] == ["Users", "Guests"]
    assert api2.get("users-by-email", email="a%@example.com").json() == []
    assert api2.get("users-by-email", email="ada@example.com", fields="email").json() == [
        {"email": "ada@example.com"},
        {"email": "Ada@Example.com"},
    ]
    assert error(api2.get("users-by-email"))[:2] == (400, "invalid_query_string")


def test_fields_are_chosen_or_left_out(api2, people):
    path = at(people.user.user_id)
    whole = api2.get(path).json()
    assert api2.get(path, fields="email,name").json() == {"email": "ada@example.com", "name": "Ada Lovelace"}
    left = api2.get(path, fields="email,name", include_fields="false").json()
    assert left == {name: value for name, value in whole.items() if name not in {"email", "name"}}


def test_the_events_of_a_person_are_the_newest_first_and_nobody_elses(api2, people, acme):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    people.tokens()
    acme.events()
    path = f"{at(people.user.user_id)}/logs"
    page = api2.get(path, include_totals="true").json()
    assert page["total"] == len(page["logs"]) > 1
    assert {row["user_id"] for row in page["logs"]} == {people.user.user_id}
    ids = [row["log_id"] for row in page["logs"]]
    assert ids == sorted(ids, reverse=True)
    assert [row["log_id"] for row in api2.get(path, sort="date:1").json()] == ids[::-1]
    assert [row["log_id"] for row in api2.get(path, per_page=1, page=1).json()] == ids[1:2]


def test_a_change_is_an_event_with_its_author_and_what_was_changed(api2, acme, people):
    api2.patch(at(people.user.user_id), {"app_metadata": {"plan": "gold"}})
    event = acme.events("sapi")[0]
    assert (event.description, event.details["target"]) == ("Update a user", people.user.user_id)
    assert event.details["changes"] == {"app_metadata": {"plan": "gold"}}
    assert event.details["actor"] == {"type": "client", "name": event.client_id}
