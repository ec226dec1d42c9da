"""/api/v2/sessions, /users/{id}/sessions and revoke-access: where people are signed in, and that they are signed out."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from authserver.models import Session, TokenFamily
from tenants.services import create_user, update_tenant
from tests.console.sign_ins import FIREFOX, HOUR, make_family, make_session
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost
from tests.people import PASSWORD, answer
from tests.standing import is_alive, is_dead, userinfo

MISSING = (404, "inexistent_session", "The session does not exist")
NO_USER = (404, "inexistent_user", "The user does not exist.")


@pytest.fixture
def browser(people):
    """Ada's, signed in to both applications."""
    return people.signed_in()


@pytest.fixture
def session(browser):
    return Session.objects.get()


@pytest.fixture
def address(people):
    """Ada's, below /users."""
    return f"users/{quote(people.user.user_id)}"


def is_signed_in(people, browser):
    """Whether the application gets a code without a page; else it must be told that nobody is signed in."""
    sent = answer(people.authorize(browser, prompt="none"))
    assert ("code" in sent) != (sent.get("error") == "login_required")
    return "code" in sent


def tokens(people, browser):
    return people.redeem(people.code(browser)).json()


def ids(response):
    return [row["id"] for row in response.json()["sessions"]]


def told(people, description):
    """The events of `description`, newest first."""
    return [event for event in people.world.events("sapi") if event.description == description]


def test_a_session_is_shown_as_auth0_shows_it(api2, people, session):
    shown = api2.get(f"sessions/{session.pk}").json()
    moments = {
        "created_at": session.created_at,
        "updated_at": session.last_seen_at,
        "authenticated_at": session.auth_time,
        "idle_expires_at": session.idle_expires_at,
        "expires_at": session.expires_at,
        "last_interacted_at": session.last_seen_at,
    }
    for name, expected in moments.items():
        text = shown.pop(name)
        assert text.endswith("Z")
        assert abs(datetime.fromisoformat(text) - expected) < timedelta(milliseconds=1), name
    (method,) = shown.pop("authentication")["methods"]
    assert method["name"] == "pwd"
    assert abs(datetime.fromisoformat(method["timestamp"]) - session.auth_time) < timedelta(milliseconds=1)
    assert shown == {
        "id": session.pk,
        "user_id": people.user.user_id,
        "device": {"initial_ip": "127.0.0.1", "last_ip": "127.0.0.1"},
        "clients": [{"client_id": people.web.client_id}, {"client_id": people.spa.client_id}],
        "cookie": {"mode": "persistent"},
        "session_metadata": {},
    }


def test_an_application_that_came_often_is_named_once(api2, people, browser, session):
    for _ in range(3):
        people.through(browser)
    clients = api2.get(f"sessions/{session.pk}").json()["clients"]
    assert clients == [{"client_id": people.web.client_id}, {"client_id": people.spa.client_id}]


def test_the_first_login_is_not_told_once_there_was_another(api2, people):
    session = make_session(people.user, ip="192.0.2.9", auth_time=timezone.now() - HOUR)
    both = {"initial_ip": "192.0.2.9", "initial_user_agent": FIREFOX}
    last = {"last_ip": "192.0.2.9", "last_user_agent": FIREFOX}
    assert api2.get(f"sessions/{session.pk}").json()["device"] == both | last
    Session.objects.update(auth_time=timezone.now() + HOUR)
    assert api2.get(f"sessions/{session.pk}").json()["device"] == last


def test_the_cookie_is_as_the_tenant_has_it(api2, people, session):
    update_tenant(people.world.tenant, session_cookie_mode="non-persistent", by=BY)
    assert api2.get(f"sessions/{session.pk}").json()["cookie"] == {"mode": "non-persistent"}


def test_one_that_ended_or_expired_does_not_exist(api2, people, address):
    past = timezone.now() - timedelta(seconds=1)
    good = make_session(people.user)
    gone = [make_session(people.user, **{column: past}) for column in ("ended_at", "expires_at", "idle_expires_at")]
    assert ids(api2.get(f"{address}/sessions")) == [good.pk]
    for row in gone:
        assert error(api2.get(f"sessions/{row.pk}")) == MISSING
        assert error(api2.patch(f"sessions/{row.pk}", {"session_metadata": {}})) == MISSING
        assert api2.delete(f"sessions/{row.pk}").status_code == 202
    assert not told(people, "End a session")


def test_the_list_of_a_user_goes_on_where_it_stopped(api2, people, address):
    rows = [make_session(people.user) for _ in range(5)]
    make_family(people.user, people.web, None, rows[0])
    whole = api2.get(f"{address}/sessions").json()
    assert [row["id"] for row in whole["sessions"]] == [row.pk for row in rows]
    assert [len(row["clients"]) for row in whole["sessions"]] == [1, 0, 0, 0, 0]
    first = api2.get(f"{address}/sessions", take=3, include_totals="true").json()
    rest = api2.get(f"{address}/sessions", take=3, **{"from": first["next"]}).json()
    assert first["sessions"] + rest["sessions"] == whole["sessions"]
    assert set(rest) == set(whole) == {"sessions"}
    assert error(api2.get(f"{address}/sessions", **{"from": "x"}))[:2] == (400, "invalid_query_string")


def test_a_page_costs_at_most_four_statements_however_long_it_is(monkeypatch, api2, people, address):
    for _ in range(51):
        make_family(people.user, people.web, None, make_session(people.user))
    few, many = (cost(monkeypatch, api2, f"{address}/sessions", take=size) for size in (2, 50))
    assert few == many <= 4


def test_metadata_is_replaced_as_a_whole_and_cleared_by_null(api2, people, browser, session):
    path = f"sessions/{session.pk}"
    for sent in ({"a": "1", "b": "2"}, {"c": "3"}, None):
        response = api2.patch(path, {"session_metadata": sent})
        assert response.status_code == 200
        assert response.json() == api2.get(path).json()
        assert response.json()["session_metadata"] == (sent or {})
    assert is_signed_in(people, browser)
    assert [event.details["target"] for event in told(people, "Update a session")] == [session.pk] * 3


@pytest.mark.parametrize(
    "body",
    [
        {"session_metadata": {str(number): "x" for number in range(26)}},
        {"session_metadata": {"a": {"b": "c"}}},
        {"session_metadata": {"a": "x" * 256}},
        {"session_metadata": "a"},
        {"user_id": "auth0|x"},
    ],
    ids=["26 names", "an object", "a long text", "a text", "something else"],
)
def test_what_may_not_be_written_is_refused(api2, session, body):
    assert error(api2.patch(f"sessions/{session.pk}", body))[:2] == (400, "invalid_body")
    assert api2.get(f"sessions/{session.pk}").json()["session_metadata"] == {}


def test_T091_a_session_that_is_deleted_signs_in_no_more_and_its_refresh_tokens_live(api2, people, browser, session):
    given = tokens(people, browser)
    assert is_signed_in(people, browser)
    for _ in range(2):
        response = api2.delete(f"sessions/{session.pk}")
        assert (response.status_code, response.content) == (202, b"")
    assert not is_signed_in(people, browser)
    assert is_alive(people, given)
    (event,) = told(people, "End a session")
    assert (event.details["target"], event.details["actor"]["type"]) == (session.pk, "client")
    assert event.details["actor"]["name"] == event.client_id == event.user_name


def test_T058_a_session_that_is_revoked_takes_with_it_what_applications_got_there(api2, people, browser, session):
    given, elsewhere = tokens(people, browser), people.tokens()
    without = people.redeem(people.code(browser, scope="openid")).json()
    assert api2.post(f"sessions/{session.pk}/revoke").status_code == 202
    assert not is_signed_in(people, browser)
    assert is_dead(people, given)
    assert userinfo(people.world, without["access_token"]).status_code == 401
    assert is_alive(people, elsewhere)
    (event,) = told(people, "Revoke refresh tokens")
    assert event.details["chosen"] == {"user_id": people.user.user_id, "session_id": session.pk}


def test_T058_what_outlived_its_session_is_revoked_with_it_later(api2, people, browser, session):
    given = tokens(people, browser)
    api2.delete(f"sessions/{session.pk}")
    assert api2.post(f"sessions/{session.pk}/revoke").status_code == 202
    assert is_dead(people, given)
    assert len(told(people, "End a session")) == 1
    assert error(api2.post("sessions/nobody/revoke")) == MISSING


def test_T091_all_sessions_of_a_user_end_and_nobody_elses(api2, people, address):
    browsers = [people.signed_in(), people.signed_in()]
    eve = create_user(people.connection, email="eve@example.com", password=PASSWORD, by=BY)
    hers, given = make_session(eve), tokens(people, browsers[0])
    for _ in range(2):
        response = api2.delete(f"{address}/sessions")
        assert (response.status_code, response.content) == (202, b"")
    assert [is_signed_in(people, browser) for browser in browsers] == [False, False]
    assert is_alive(people, given)
    assert Session.objects.filter(ended_at=None).get() == hers
    assert [event.details["ended"] for event in told(people, "End all sessions of a user")] == [2]


# --- revoke-access -------------------------------------------------------------------------------------------------------
def test_T058_access_that_is_revoked_is_gone_everywhere(api2, people, address):
    browsers = [people.signed_in(), people.signed_in()]
    given = [tokens(people, browser) for browser in browsers]
    response = api2.post(f"{address}/revoke-access", {})
    assert (response.status_code, response.content) == (202, b"")
    assert [is_signed_in(people, browser) for browser in browsers] == [False, False]
    assert [is_dead(people, one) for one in given] == [True, True]


def test_T058_access_may_be_revoked_in_one_session(api2, people, address, browser, session):
    given = tokens(people, browser)
    other = people.signed_in()
    elsewhere = tokens(people, other)
    assert api2.post(f"{address}/revoke-access", {"session_id": session.pk}).status_code == 202
    assert is_dead(people, given)
    assert not is_signed_in(people, browser)
    assert is_alive(people, elsewhere)
    assert is_signed_in(people, other)


@pytest.mark.parametrize("one", [False, True], ids=["every session", "one session"])
def test_refresh_tokens_may_be_preserved(api2, people, address, browser, one):
    given = tokens(people, browser)
    chosen = {"session_id": Session.objects.get().pk} if one else {}
    assert api2.post(f"{address}/revoke-access", {"preserve_refresh_tokens": True} | chosen).status_code == 202
    assert not is_signed_in(people, browser)
    assert is_alive(people, given)


def test_a_session_of_somebody_else_is_none_of_this_users(api2, people, address, browser, session):
    eve = create_user(people.connection, email="eve@example.com", password=PASSWORD, by=BY)
    path = f"users/{quote(eve.user_id)}/revoke-access"
    for session_id in (session.pk, "nobody"):
        assert error(api2.post(path, {"session_id": session_id})) == MISSING
    assert error(api2.post(path, {"sessions": []}))[:2] == (400, "invalid_body")
    assert is_signed_in(people, browser)


def test_an_unknown_user_has_no_sessions(api2, people):
    for path in ("users/auth0|x/sessions", "users/auth0%257Cx/sessions"):
        assert error(api2.get(path)) == error(api2.delete(path)) == NO_USER
    assert error(api2.post("users/auth0|x/revoke-access", {})) == NO_USER


@pytest.mark.parametrize("encode", [str, quote, lambda text: quote(quote(text))], ids=["raw", "once", "twice"])
def test_a_user_is_found_in_every_encoding(api2, people, session, encode):
    assert ids(api2.get(f"users/{encode(people.user.user_id)}/sessions")) == [session.pk]


def test_who_may_read_may_neither_write_nor_end(people, browser, session, address):
    reader = Caller(people.world, ("read:sessions",))
    path = f"sessions/{session.pk}"
    assert reader.get(path).status_code == 200
    for response in (
        reader.patch(path, {"session_metadata": {}}),
        reader.delete(path),
        reader.post(f"{path}/revoke"),
        reader.delete(f"{address}/sessions"),
        reader.post(f"{address}/revoke-access"),
    ):
        assert error(response)[:2] == (403, "insufficient_scope")
    assert is_signed_in(people, browser)


def test_T139_another_tenants_sessions_and_users_do_not_exist(other2, strangers, people, browser, address):
    session = Session.objects.get()
    given, path = tokens(people, browser), f"sessions/{session.pk}"
    assert error(other2.get(path)) == error(other2.post(f"{path}/revoke")) == MISSING
    assert error(other2.patch(path, {"session_metadata": {"a": "1"}})) == MISSING
    assert other2.delete(path).status_code == 202
    assert error(other2.get(f"{address}/sessions")) == error(other2.delete(f"{address}/sessions")) == NO_USER
    assert error(other2.post(f"{address}/revoke-access", {})) == NO_USER
    own = f"users/{quote(strangers.user.user_id)}/revoke-access"
    assert error(other2.post(own, {"session_id": session.pk})) == MISSING
    assert is_signed_in(people, browser)
    assert is_alive(people, given)
    session.refresh_from_db()
    assert session.metadata == {}


def test_T139_a_foreign_session_id_does_not_reach_foreign_tokens_of_a_family(other2, people, strangers, session):
    """A row that points across tenants cannot be made; were there one, it would not be followed."""
    family = make_family(people.user, people.web, None)
    foreign = make_session(strangers.user)
    TokenFamily.objects.filter(pk=family.pk).update(session=foreign)
    assert other2.get(f"sessions/{foreign.pk}").json()["clients"] == []
    assert other2.post(f"sessions/{foreign.pk}/revoke").status_code == 202
    family.refresh_from_db()
    assert family.revoked_at is None


def test_T141_no_answer_holds_the_cookies_secret_or_its_hash(api2, people, browser, session):
    text = api2.get(f"sessions/{session.pk}").content.decode()
    secret = browser.cookies["__Host-latchkey_session"].value
    assert secret not in text
    assert session.secret_sha256 not in text


def test_T142_an_id_that_no_database_could_hold_is_nobodys(api2, people, address):
    for path in (
        "sessions/a%00b",
        "sessions/a%00b/revoke",
        "refresh-tokens/a%00b",
        "grants/a%00b",
        "device-credentials/a%00b",
    ):
        for method in ("get", "patch", "post", "delete"):
            assert error(api2.call(method, path, {}))[0] == 404, (method, path)
    assert error(api2.get("users/a%00b/sessions"))[0] == error(api2.get("users/a%2500b/sessions"))[0] == 404
    refusal = error(api2.post(f"{address}/revoke-access", {"session_id": "a\x00b"}))
    assert refusal[:2] == (400, "invalid_body")
