"""/api/v2/refresh-tokens and /users/{id}/refresh-tokens: the shapes of `wire.md` §2.6, and that what is revoked is dead."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from authserver import families
from authserver.models import RefreshToken, Session, TokenFamily
from tenants.services import create_user
from tests import factories
from tests.console.sign_ins import make_family, make_session
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost
from tests.people import PASSWORD
from tests.standing import is_alive, is_dead, userinfo

MISSING = (404, "inexistent_refresh_token", "The refresh token does not exist")
NO_USER = (404, "inexistent_user", "The user does not exist.")


@pytest.fixture
def tokens(people):
    return people.tokens()


@pytest.fixture
def family(tokens):
    return TokenFamily.objects.get()


@pytest.fixture
def eve(people):
    return create_user(people.connection, email="eve@example.com", password=PASSWORD, by=BY)


def ids(response):
    return [row["id"] for row in response.json()["refresh_tokens"]]


def moment(text):
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


def close(text, expected):
    return abs(moment(text) - expected) < timedelta(milliseconds=1)


def test_a_refresh_token_is_shown_as_auth0_shows_it(api2, people, tokens, family):
    token = RefreshToken.objects.get()
    shown = api2.get(f"refresh-tokens/{family.pk}").json()
    for name, expected in (
        ("created_at", family.created_at),
        ("idle_expires_at", token.idle_expires_at),
        ("expires_at", token.expires_at),
    ):
        assert close(shown.pop(name), expected), name
    assert shown == {
        "id": family.pk,
        "user_id": people.user.user_id,
        "device": {"initial_ip": "127.0.0.1"},
        "client_id": people.web.client_id,
        "session_id": Session.objects.get().pk,
        "rotating": False,
        "resource_servers": [
            {"audience": people.world.api.identifier, "scopes": "openid profile email offline_access read:orders"}
        ],
        "refresh_token_metadata": {},
    }


def test_the_id_stays_while_it_rotates_and_the_last_exchange_is_told(api2, people):
    tokens = people.spa_tokens()
    family = TokenFamily.objects.get()
    before = api2.get(f"refresh-tokens/{family.pk}").json()
    assert before["rotating"] is True
    assert "last_exchanged_at" not in before
    people.refresh_spa(tokens["refresh_token"])
    after = api2.get(f"refresh-tokens/{family.pk}").json()
    assert moment(after["last_exchanged_at"]) >= moment(before["created_at"])
    assert after["expires_at"] == before["expires_at"]
    assert ids(api2.get("refresh-tokens", user_id=people.user.user_id)) == [family.pk]


def test_the_exchange_of_one_that_does_not_rotate_is_told_too(api2, people, tokens, family):
    people.refresh(tokens["refresh_token"])
    assert close(
        api2.get(f"refresh-tokens/{family.pk}").json()["last_exchanged_at"], RefreshToken.objects.get().last_exchanged_at
    )


def test_the_browser_is_not_told_once_somebody_signed_in_there_anew(api2, people, family):
    Session.objects.update(auth_time=timezone.now() + timedelta(minutes=1), ip="192.0.2.9")
    assert "device" not in api2.get(f"refresh-tokens/{family.pk}").json()


def test_without_a_session_and_an_api_it_says_no_more_than_is_known(api2, people):
    family = make_family(people.user, people.web, None)
    shown = api2.get(f"refresh-tokens/{family.pk}").json()
    assert {"session_id", "device", "last_exchanged_at"}.isdisjoint(shown)
    audience = f"{people.world.issuer}userinfo"
    assert shown["resource_servers"] == [{"audience": audience, "scopes": "offline_access read:orders"}]


def test_only_what_works_exists(api2, people):
    past = timezone.now() - timedelta(seconds=1)
    good, revoked, idle, over, used = (make_family(people.user, people.web, None) for _ in range(5))
    families.revoke_one(revoked.pk)
    idle.refresh_tokens.update(idle_expires_at=past)
    over.refresh_tokens.update(expires_at=past)
    used.refresh_tokens.update(used_at=past)
    assert ids(api2.get("refresh-tokens", user_id=people.user.user_id)) == [good.pk]
    for gone in (revoked, idle, over, used):
        assert error(api2.get(f"refresh-tokens/{gone.pk}")) == MISSING
        assert error(api2.patch(f"refresh-tokens/{gone.pk}", {"refresh_token_metadata": {}})) == MISSING


# --- Lists ---------------------------------------------------------------------------------------------------------------
def test_the_lists_of_one_user_go_on_where_they_stopped(api2, people, eve):
    rows = [make_family(people.user, people.web, None) for _ in range(5)]
    make_family(eve, people.web, None)
    for path, name, query in (
        ("refresh-tokens", "refresh_tokens", {"user_id": people.user.user_id}),
        (f"users/{quote(people.user.user_id)}/refresh-tokens", "tokens", {}),
    ):
        whole = api2.get(path, **query).json()
        assert list(whole) == [name]
        assert [row["id"] for row in whole[name]] == [row.pk for row in rows]
        first = api2.get(path, take=3, include_totals="true", **query).json()
        rest = api2.get(path, take=3, **query, **{"from": first["next"]}).json()
        assert first[name] + rest[name] == whole[name]
        assert set(first) == {name, "next"}
        assert set(rest) == {name}


def test_it_is_narrowed_by_application_and_to_some_members(api2, people):
    make_family(people.user, people.web, None)
    spa = make_family(people.user, people.spa, None)
    query = {"user_id": people.user.user_id, "client_id": people.spa.client_id}
    assert ids(api2.get("refresh-tokens", **query)) == [spa.pk]
    assert api2.get("refresh-tokens", fields="id", **query).json() == {"refresh_tokens": [{"id": spa.pk}]}
    assert ids(api2.get("refresh-tokens", user_id=people.user.user_id, client_id="x")) == []


def test_a_user_has_to_be_named_and_known(api2, family):
    message = "Query validation error: 'This field is required' on property user_id."
    assert error(api2.get("refresh-tokens")) == (400, "invalid_query_string", message)
    assert error(api2.get("refresh-tokens", user_id="auth0|x")) == NO_USER
    for call in (api2.get, api2.delete):
        assert error(call("users/auth0|x/refresh-tokens")) == NO_USER
    assert error(api2.get("refresh-tokens", user_id=family.user.user_id, per_page=5))[:2] == (400, "invalid_query_string")


@pytest.mark.parametrize("path", ["refresh-tokens", "users/{}/refresh-tokens"])
def test_a_page_costs_at_most_four_statements_however_long_it_is(monkeypatch, api2, people, path):
    for _ in range(51):
        make_family(people.user, people.web, people.world.api, make_session(people.user))
    user_id = people.user.user_id
    query = {} if "{}" in path else {"user_id": user_id, "client_id": people.web.client_id}
    few, many = (cost(monkeypatch, api2, path.format(quote(user_id)), take=size, **query) for size in (2, 50))
    assert few == many <= 4


# --- Metadata ------------------------------------------------------------------------------------------------------------
def test_metadata_is_replaced_as_a_whole_and_cleared_by_null(api2, people, tokens, family):
    path = f"refresh-tokens/{family.pk}"
    for sent, kept in (({"a": "1", "b": "2"}, None), ({"c": "3"}, None), (None, {})):
        response = api2.patch(path, {"refresh_token_metadata": sent})
        assert response.status_code == 200
        assert response.json() == api2.get(path).json()
        assert response.json()["refresh_token_metadata"] == (sent if kept is None else kept)
    assert api2.patch(path, {}).json() == api2.get(path).json()
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    event = people.world.events("sapi")[0]
    assert (event.description, event.details["target"]) == ("Update a refresh token", family.pk)


@pytest.mark.parametrize(
    "metadata",
    [{str(number): "x" for number in range(26)}, {"a": 1}, {"a": "x" * 256}, {"n" * 256: "x"}, {"a": "\x00"}, ["a"]],
    ids=["26 names", "a number", "a long text", "a long name", "NUL", "a list"],
)
def test_metadata_that_auth0_would_not_take_is_refused(api2, family, metadata):
    path = f"refresh-tokens/{family.pk}"
    assert error(api2.patch(path, {"refresh_token_metadata": metadata}))[:2] == (400, "invalid_body")
    assert api2.get(path).json()["refresh_token_metadata"] == {}


def test_nothing_else_of_it_can_be_written(api2, family):
    refusal = error(api2.patch(f"refresh-tokens/{family.pk}", {"user_id": "auth0|x"}))
    assert refusal == (400, "invalid_body", "Payload validation error: 'Additional properties not allowed: user_id'.")


# --- Endings -------------------------------------------------------------------------------------------------------------
def test_T058_one_that_is_deleted_is_dead_at_once_with_its_access_tokens(api2, people, tokens, family):
    assert is_alive(people, tokens)
    for _ in range(2):
        response = api2.delete(f"refresh-tokens/{family.pk}")
        assert (response.status_code, response.content) == (202, b"")
    assert is_dead(people, tokens)
    assert userinfo(people.world, tokens["access_token"]).status_code == 401
    assert error(api2.get(f"refresh-tokens/{family.pk}")) == MISSING
    events = [event for event in people.world.events("sapi") if event.description == "Revoke a refresh token"]
    assert [(event.details["target"], event.details["actor"]["type"]) for event in events] == [(family.pk, "client")]
    assert events[0].details["user"]["user_id"] == people.user.user_id


def test_T058_all_of_one_user_go_and_the_session_stays(api2, people, eve):
    web, spa = people.tokens(), people.spa_tokens()
    hers = make_family(eve, people.web, None)
    assert api2.delete(f"users/{quote(people.user.user_id)}/refresh-tokens").status_code == 202
    assert is_dead(people, web)
    assert people.refresh_spa(spa["refresh_token"]).status_code == 403
    assert families.live().filter(pk=hers.pk).exists()
    assert Session.objects.filter(ended_at=None).exists()
    event = people.world.events("sapi")[0]
    assert (event.description, event.details["revoked"]) == ("Revoke refresh tokens", 2)
    assert event.details["chosen"] == {"user_id": people.user.user_id}
    told = len(people.world.events("sapi"))
    assert api2.delete(f"users/{quote(people.user.user_id)}/refresh-tokens").status_code == 202
    assert len(people.world.events("sapi")) == told


def test_what_came_without_a_refresh_token_is_not_what_is_revoked(api2, people):
    without = people.tokens(scope="openid read:orders")
    assert "refresh_token" not in without
    assert api2.delete(f"users/{quote(people.user.user_id)}/refresh-tokens").status_code == 202
    assert userinfo(people.world, without["access_token"]).status_code == 200


@pytest.fixture
def four(people, eve):
    """Refresh tokens of two users, two applications and two APIs, by a name of two or three letters."""
    other = factories.make_api(people.world.tenant, "urn:other")
    return {
        "ada web": make_family(people.user, people.web, people.world.api),
        "ada web other": make_family(people.user, people.web, other),
        "ada spa": make_family(people.user, people.spa, people.world.api),
        "eve web": make_family(eve, people.web, people.world.api),
    }


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({"user_id"}, {"eve web"}),
        ({"user_id", "client_id"}, {"ada spa", "eve web"}),
        ({"user_id", "client_id", "audience"}, {"ada web", "ada spa", "eve web"}),
        ({"client_id"}, {"ada spa"}),
        ({"client_id", "audience"}, {"ada web", "ada spa", "eve web"}),
        ({"ids"}, {"ada web other", "eve web"}),
    ],
    ids=lambda names: " ".join(sorted(names)),
)
def test_T058_many_are_revoked_by_what_they_have_in_common(api2, people, four, chosen, left):
    named = {
        "user_id": people.user.user_id,
        "client_id": people.web.client_id,
        "audience": "urn:other",
        "ids": [four["ada web"].pk, four["ada spa"].pk, "nobody's"],
    }
    body = {name: named[name] for name in chosen}
    for _ in range(2):
        response = api2.post("refresh-tokens/revoke", body)
        assert (response.status_code, response.content) == (202, b"")
    assert {name for name, row in four.items() if families.live().filter(pk=row.pk).exists()} == left
    (event,) = (event for event in people.world.events("sapi") if event.description == "Revoke refresh tokens")
    assert (event.details["revoked"], event.details["chosen"]) == (4 - len(left), body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'Say which: ids, user_id or client_id'"),
        ({"audience": "urn:other"}, "'Say which: ids, user_id or client_id'"),
        ({"user_id": "auth0|x", "audience": "urn:other"}, "'audience goes with client_id'"),
        ({"ids": ["a"], "user_id": "auth0|x"}, "'Beside ids nothing else is allowed'"),
        ({"ids": []}, "'Ensure this field has at least 1 elements' on property ids"),
        ({"ids": ["a"] * 101}, "'Ensure this field has no more than 100 elements' on property ids"),
        ({"user_id": ""}, "'This field may not be blank' on property user_id"),
        ({"user_id": None}, "'This field may not be null' on property user_id"),
    ],
)
def test_who_does_not_say_which_revokes_none(api2, family, body, message):
    refusal = error(api2.post("refresh-tokens/revoke", body))
    assert refusal == (400, "invalid_body", f"Payload validation error: {message}.")
    assert families.live().filter(pk=family.pk).exists()


def test_who_may_read_may_neither_write_nor_revoke(people, tokens, family):
    reader = Caller(people.world, ("read:refresh_tokens",))
    path = f"refresh-tokens/{family.pk}"
    assert reader.get(path).status_code == 200
    for response in (
        reader.patch(path, {"refresh_token_metadata": {}}),
        reader.delete(path),
        reader.post("refresh-tokens/revoke", {"ids": [family.pk]}),
        reader.delete(f"users/{quote(people.user.user_id)}/refresh-tokens"),
    ):
        assert error(response)[:2] == (403, "insufficient_scope")
    assert is_alive(people, tokens)


def test_T139_another_tenants_refresh_tokens_do_not_exist(other2, people, tokens, family):
    path, user_path = f"refresh-tokens/{family.pk}", f"users/{quote(people.user.user_id)}/refresh-tokens"
    assert error(other2.get(path)) == MISSING
    assert error(other2.patch(path, {"refresh_token_metadata": {"a": "1"}})) == MISSING
    assert error(other2.get("refresh-tokens", user_id=people.user.user_id)) == NO_USER
    assert error(other2.get(user_path)) == error(other2.delete(user_path)) == NO_USER
    assert other2.delete(path).status_code == 202
    for body in (
        {"ids": [family.pk]},
        {"user_id": people.user.user_id},
        {"client_id": people.web.client_id},
        {"client_id": people.web.client_id, "audience": people.world.api.identifier},
    ):
        assert other2.post("refresh-tokens/revoke", body).status_code == 202
    assert is_alive(people, tokens)
    family.refresh_from_db()
    assert family.metadata == {}


def test_T141_no_answer_holds_a_token_or_its_hash(api2, people, tokens, family):
    text = api2.get("refresh-tokens", user_id=people.user.user_id).content.decode()
    assert family.pk in text
    assert tokens["refresh_token"] not in text
    assert RefreshToken.objects.get().token_checksum not in text
