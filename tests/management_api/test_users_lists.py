"""GET /api/v2/users: pages, order, and `q` over every kind of field, on both databases."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.management_api.user_search import searched
from tenants.models import User
from tenants.rest.errors import ManagementError
from tenants.services import create_connection, create_user
from tests import factories
from tests.management_api.caller import error
from tests.management_api.statements import cost
from tests.people import PASSWORD

BY = factories.BY


def person(directory, address, **profile):
    return create_user(directory, email=f"{address}@example.com", password=PASSWORD, by=BY, **profile)


@pytest.fixture
def crowd(acme):
    """Four people in two directories; nothing that is true of one is true of all."""
    staff, guests = (create_connection(acme.tenant, name, by=BY) for name in ("Staff", "Guests"))
    ada = person(staff, "ada", name="Ada Lovelace", given_name="Ada", family_name="Lovelace", email_verified=True)
    bob = person(staff, "bob", blocked=True, nickname="Bobby", app_metadata={"plan": "gold", "seats": 5, "beta": True})
    cyd = person(guests, "cyd", name="Cyd (a friend)", user_metadata={"home": {"city": "São Paulo"}, "plan": "tin"})
    dan = person(guests, "dan_o", app_metadata={"plan": "gold*", "seats": 50, "beta": False})
    for user, day, logins in ((ada, 1, 3), (bob, 2, 0), (cyd, 3, 7), (dan, 4, 1)):
        moment = datetime(2026, 1, day, 12, tzinfo=UTC)
        User.objects.filter(pk=user.pk).update(created_at=moment, last_login=moment if logins else None, logins_count=logins)
    return [ada, bob, cyd, dan]


def names(response):
    assert response.status_code == 200, response.content
    return [user["email"].partition("@")[0] for user in response.json()]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", "ada bob cyd dan_o"),
        ("  ", "ada bob cyd dan_o"),
        ('email:"ada@example.com"', "ada"),
        ("email:ADA@Example.com", "ada"),
        ("email:Ad*", "ada"),
        ("email:dan_*", "dan_o"),
        ("email:da%*", ""),
        ("email:ada", ""),
        ('name:"ada lovelace"', "ada"),
        ("name:bob@example.com", "bob"),
        ("name:*", "ada bob cyd dan_o"),
        (r"name:Cyd\ \(a\ friend\)", "cyd"),
        ("given_name:ada AND family_name:Love*", "ada"),
        ("NOT given_name:*", "bob cyd dan_o"),
        ("nickname:bobby", "bob"),
        ("nickname:dan_o", "dan_o"),
        ("nickname:bob", ""),
        ("email_verified:true", "ada"),
        ("email_verified:false AND NOT blocked:true", "cyd dan_o"),
        ("blocked:true OR email_verified:true", "ada bob"),
        ("(blocked:true OR email_verified:true) AND NOT (nickname:bobby)", "ada"),
        ("ada@example.com OR bob@example.com AND blocked:false", "ada"),
        ('email:("ada@example.com" OR "cyd@example.com")', "ada cyd"),
        ('identities.connection:"Guests"', "cyd dan_o"),
        ("identities.connection:guests", ""),
        ('app_metadata.plan:"gold"', "bob"),
        ("NOT app_metadata.plan:gold", "ada cyd dan_o"),
        ('app_metadata.plan:"gold*"', "dan_o"),
        ("app_metadata.seats:5", "bob"),
        ("app_metadata.beta:true", "bob"),
        ("app_metadata.beta:false", "dan_o"),
        ("app_metadata.plan:*", "bob dan_o"),
        ("_exists_:user_metadata.home.city", "cyd"),
        ('user_metadata.home.city:"São Paulo"', "cyd"),
        ("user_metadata.home.city.district:x", ""),
        ("user_metadata.plan:gold", ""),
        ("created_at:[2026-01-02 TO 2026-01-03]", "bob cyd"),
        ("created_at:{2026-01-02 TO *}", "cyd dan_o"),
        ('created_at:["2026-01-01T12:00:00Z" TO 2026-01-02T11:59:59.999Z]', "ada"),
        ("last_login:[* TO 2026-01-03]", "ada cyd"),
        ("NOT last_login:*", "bob"),
        ("last_login:[* TO *]", "ada cyd dan_o"),
        ("NOT last_login:[* TO *]", "bob"),
        ("last_login:[* TO *] OR blocked:true", "ada bob cyd dan_o"),
        ("last_login:[2026-01-01 TO *] AND NOT last_login:[2026-01-03 TO *]", "ada"),
        ("logins_count:[1 TO 3]", "ada dan_o"),
        ("lovelace", "ada"),
        ("EXAMPLE.com", "ada bob cyd dan_o"),
        ("%", ""),
    ],
)
def test_a_query_finds_whom_it_says_and_nobody_else(api2, crowd, q, expected):
    response = api2.get("users", q=q, search_engine="v3")
    assert names(response) == expected.split()
    totals = api2.get("users", q=q, include_totals="true", per_page=1).json()
    assert totals["total"] == len(expected.split())


def test_a_user_id_finds_its_user(api2, crowd):
    ada = crowd[0].user_id
    for q in (f'user_id:"{ada}"', f"user_id:{ada}", f"user_id:{ada[:-1]}*", f'user_id:("{ada}" OR "auth0|x")'):
        assert names(api2.get("users", q=q)) == ["ada"]


@pytest.mark.parametrize(
    ("q", "about"),
    [
        ("password:*", "Unknown field password"),
        ("tenant:acme", "Unknown field tenant"),
        ("connection__tenant:1", "Unknown field connection__tenant"),
        ("email__regex:x", "Unknown field email__regex"),
        ("user_metadata.a__contains.:x", "Unknown field"),
        ("user_metadata.0:x", "Unknown field"),
        (r"user_metadata.a\":x", "Unknown field"),
        ("user_metadata." + ".".join("a" * 300) + ":x", "Unknown field"),
        ("user_metadata:x", "Unknown field user_metadata"),
        ("app_metadata.plan:go*", "compared as a whole"),
        ("app_metadata.seats:[1 TO 9]", "compared as a whole"),
        ("email_verified:yes", "true or false"),
        ("email:ada blocked:true", "AND or OR"),
        ("email:ada~", "Of the wildcards"),
        ("(email:ada", "parenthesis"),
        ("created_at:[yesterday TO *]", "a moment such as"),
        ("[a TO b]", "A range needs a field"),
        ("created_at:[9999-12-31T23:59:59-14:00 TO *]", "created_at"),
        ("NOT " * 200 + "a", "levels"),
        (" OR ".join(["a"] * 200), "conditions"),
        ("a" * 5_000, "characters"),
    ],
)
def test_a_query_that_is_not_understood_is_refused_with_what_is_wrong(api2, crowd, q, about):
    status, code, message = error(api2.get("users", q=q))
    assert (status, code) == (400, "invalid_query_string")
    assert about in message
    assert len(message) < 700


_pieces = st.one_of(
    st.sampled_from("()[]{}\"'\\:*~^?!+-/&|><=.,%_$@aé0\x00\ud83d"),
    st.sampled_from(["AND", "OR", "NOT", "TO", "true", "false", "[1 TO", "[* TO *]", "2026-01-01", "9999-12-31T23:59:59Z"]),
    st.sampled_from(["email:", "name:", "nickname:", "blocked:", "created_at:", "last_login:", "logins_count:"]),
    st.sampled_from(["user_metadata.a:", "app_metadata.a.b:", "identities.connection:", "_exists_:", "9" * 20]),
)
_queries = st.one_of(
    st.text(max_size=60),
    st.lists(_pieces, max_size=14).map(" ".join),
    st.lists(_pieces, max_size=14).map("".join),
)


def found_by(q):
    """The keys of those whom `q` finds; None when it is refused, as it should be."""
    try:
        return {user.pk for user in searched(User.objects.select_related("connection"), q)}
    except ManagementError as refusal:
        if (refusal.status, refusal.error_code) != (400, "invalid_query_string"):
            raise
        return None


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=_queries)
def test_T142_whatever_is_asked_finds_somebody_or_is_refused_and_not_finds_the_others(crowd, q):
    found, others = found_by(q), found_by(f"NOT ({q})")
    if found is not None and others is not None:
        assert found | others == {user.pk for user in crowd}
        assert not found & others


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=_queries)
def test_T142_whatever_is_sent_is_answered_or_refused(api2, crowd, q):
    response = api2.get("users", q=q.encode("utf-8", "surrogatepass"))
    assert response.status_code in (200, 400)


@pytest.mark.parametrize(
    "piece", ["(", "NOT ", '"', "[a ", "[a TO ", "a", "a.", "\\", "*", "a:", "a OR ", "a:( ", " ", ":", "-", "{* TO "]
)
def test_T142_the_time_for_a_query_does_not_grow_faster_than_the_query(monkeypatch, piece):
    from tenants.rest import lucene

    monkeypatch.setattr(lucene, "MAX_LENGTH", 10**9)
    started = time.process_time()
    for _ in range(3):
        with pytest.raises(ManagementError):
            lucene.parse(piece * (200_000 // len(piece)) + "\x01)")
    assert time.process_time() - started < 3


def test_pages_come_in_the_order_of_creation_with_totals_and_each_person_once(api2, crowd):
    every = api2.get("users").json()
    assert names(api2.get("users")) == ["ada", "bob", "cyd", "dan_o"]
    page = api2.get("users", page=1, per_page=3, include_totals="true", primary_order="false").json()
    assert page == {"start": 3, "limit": 3, "total": 4, "users": every[3:]}
    assert api2.get("users", page=2, per_page=3).json() == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sort": "created_at:-1"}, "dan_o cyd bob ada"),
        ({"sort": "created_at:1"}, "ada bob cyd dan_o"),
        ({"sort": "email:-1", "per_page": 2, "page": 1}, "bob ada"),
        ({"connection": "Guests", "sort": "email:-1"}, "dan_o cyd"),
        ({"connection": "Guests", "q": "app_metadata.plan:*"}, "dan_o"),
        ({"connection": "guests"}, ""),
    ],
)
def test_people_are_sorted_and_chosen_by_directory(api2, crowd, query, expected):
    assert names(api2.get("users", **query)) == expected.split()


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "password:1"},
        {"sort": "email"},
        {"sort": "email:2"},
        {"per_page": "101"},
        {"search_engine": "v9"},
        {"q": ["a", "b"]},
        {"fields": "email", "include_fields": "perhaps"},
    ],
)
def test_a_list_that_nobody_can_give_is_refused(api2, crowd, query):
    assert error(api2.get("users", **query))[:2] == (400, "invalid_query_string")


def test_T140_no_query_finds_a_person_of_another_tenant(api2, crowd, globex):
    theirs = create_connection(globex.tenant, "Staff", by=BY)
    person(theirs, "eve", name="Ada Lovelace", email_verified=True, app_metadata={"plan": "gold"})
    for q in ("", "lovelace", "eve", "NOT email:x", "email_verified:true OR email_verified:false", "app_metadata.plan:gold"):
        assert "eve" not in names(api2.get("users", q=q))
    assert "eve" not in names(api2.get("users", connection="Staff"))


def test_a_list_costs_the_same_few_statements_for_any_size(monkeypatch, api2, crowd):
    for number in range(10):
        person(crowd[0].connection, f"p{number}")
    asked = {"include_totals": "true", "q": "NOT blocked:true AND NOT app_metadata.plan:x", "sort": "email:1"}
    # Token, rows, totals; a page that is not full counts itself.
    assert cost(monkeypatch, api2, "users", per_page=2, **asked) == 3
    assert cost(monkeypatch, api2, "users", per_page=10, **asked) == 3
    assert cost(monkeypatch, api2, "users", per_page=50, **asked) == 2
    assert cost(monkeypatch, api2, "users-by-email", email="ada@example.com") == 2
    assert cost(monkeypatch, api2, f"users/{crowd[0].user_id}/logs", include_totals="true") <= 3
