"""Connections and their users: names, what goes with a directory, and what a change leaves behind."""

import pytest
from django.core.exceptions import ValidationError

from tenants.models import Connection, LogEvent, Tenant, User
from tenants.services import (
    create_connection,
    create_user,
    delete_connection,
    set_password,
    update_connection,
    update_tenant,
    update_user,
)
from tests import factories

BY = factories.BY


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=BY)


def test_a_deleted_connection_takes_its_users_and_is_no_default_directory(acme, globex, people):
    theirs = create_connection(globex.tenant, "people", by=BY)
    for tenant, connection in ((acme.tenant, people), (globex.tenant, theirs)):
        update_tenant(tenant, by=BY, default_directory="people")
        create_user(connection, email="ada@example.com", password="a long secret", by=BY)
    delete_connection(people, by=BY)
    assert Tenant.objects.get(name="acme").default_directory == ""
    assert Tenant.objects.get(name="globex").default_directory == "people"
    assert [user.tenant.name for user in User.objects.all()] == ["globex"]


@pytest.mark.parametrize("name", ["", "-people", "people-", "a--b", "peo ple", "people_1", "people\n", "a" * 129])
def test_a_connection_is_named_as_auth0_names_them(acme, name):
    with pytest.raises(ValidationError):
        create_connection(acme.tenant, name, by=BY)
    assert not Connection.objects.exists()


def test_a_change_is_told_with_who_made_it_and_without_passwords(acme, globex, people):
    user = create_user(people, email="ada@example.com", password="correct horse battery", by=BY)
    set_password(user, "staple staple staple", by=BY)
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Set a user's password", "a test")
    assert event.details["actor"] == {"type": "test", "name": "a test"}
    told = str(list(LogEvent.objects.values()))
    assert "correct horse" not in told
    assert "staple" not in told
    assert not [event for event in globex.events("sapi") if "user" in event.description]


def test_a_connection_has_options_and_keeps_its_name_and_tenant(acme, globex, people):
    update_connection(people, by=BY, disable_signup=True, brute_force_protection=False, is_domain_connection=True)
    people.refresh_from_db()
    assert (people.disable_signup, people.brute_force_protection, people.is_domain_connection) == (True, False, True)
    assert acme.events("sapi")[0].details["changes"]["disable_signup"] is True
    update_connection(people, by=BY, name="people", disable_signup=False)
    for fixed in ({"name": "staff"}, {"tenant": globex.tenant}):
        with pytest.raises(ValidationError, match="cannot be changed"):
            update_connection(people, by=BY, **fixed)
    with pytest.raises(ValidationError, match="cannot be set"):
        update_connection(people, by=BY, created_at=None)
    people.refresh_from_db()
    assert (people.name, people.disable_signup) == ("people", False)


def test_a_new_connection_lets_people_sign_up_is_guarded_and_not_for_third_parties(acme):
    made = create_connection(acme.tenant, "plain", by=BY)
    assert (made.disable_signup, made.brute_force_protection, made.is_domain_connection) == (False, True, False)
    assert create_connection(acme.tenant, "closed", by=BY, disable_signup=True).disable_signup


@pytest.fixture
def eve(people):
    return create_user(people, email="eve@example.com", password="a long password", email_verified=True, by=BY)


def test_a_profile_is_kept_and_told(acme, eve):
    profile = {
        "name": "Eve Adams",
        "given_name": "Eve",
        "family_name": "Adams",
        "nickname": "evie",
        "picture": "https://pictures.example.com/eve.png",
        "phone_number": "+44 20 7946 0000",
        "phone_verified": True,
        "standard_claims": {"birthdate": "1815-12-10", "address": {"country": "GB"}},
        "user_metadata": {"colour": "blue", "list": [1, None, True]},
        "app_metadata": {"plan": {"name": "gold"}},
    }
    update_user(eve, by=BY, **profile)
    stored = User.objects.get()
    assert {name: getattr(stored, name) for name in profile} == profile
    assert acme.events("sapi")[0].details["changes"]["given_name"] == "Eve"


@pytest.mark.parametrize(
    "claims",
    [
        {"middle_name": "King", "preferred_username": "ada", "gender": "female"},
        {"profile": "https://example.com/ada", "website": "http://ada.example.com/"},
        {"birthdate": "1815"},
        {"birthdate": "0000-12-10"},
        {"zoneinfo": "Europe/London"},
        {"zoneinfo": "America/Argentina/Buenos_Aires"},
        {"zoneinfo": "Etc/GMT+1"},
        {"locale": "en"},
        {"locale": "zh-Hant-TW"},
        {"locale": "en_GB"},
        {"address": {"formatted": "1 Road\nTown", "street_address": "1 Road", "locality": "Town", "region": "R"}},
        {"address": {"postal_code": "N1", "country": "GB"}},
        {},
    ],
    ids=str,
)
def test_standard_claims_without_a_column_are_kept_as_openid_connect_has_them(eve, claims):
    update_user(eve, by=BY, standard_claims=claims)
    assert User.objects.get().standard_claims == claims


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"nick": "x"}, "'nick' is not among the standard claims"),
        ({"email": "other@example.com"}, "'email' is not among"),
        ({"sub": "auth0|1"}, "'sub' is not among"),
        ({"middle_name": 1}, "'middle_name' is text"),
        ({"middle_name": ""}, "'middle_name' is text"),
        ({"middle_name": "x" * 2_049}, "'middle_name' is text"),
        ({"middle_name": "a\x00b"}, "'middle_name' is text"),
        ({"middle_name": "\ud800"}, "'middle_name' is text"),
        ({"profile": "javascript:alert(1)"}, "'profile' is a web address"),
        ({"website": "example.com"}, "'website' is a web address"),
        ({"website": None}, "'website' is a web address"),
        ({"birthdate": "10.12.1815"}, "'birthdate' is a date"),
        ({"birthdate": "1815-13-01"}, "'birthdate' is a date"),
        ({"birthdate": "1815\n"}, "'birthdate' is a date"),
        ({"zoneinfo": "Europe London"}, "'zoneinfo' is a time zone"),
        ({"locale": "english please"}, "'locale' is a language tag"),
        ({"address": "1 Road"}, "'address' is an object"),
        ({"address": {"planet": "Mars"}}, "'address' is an object"),
        ({"address": {"country": 1}}, "'address' is an object"),
        ([], "are an object"),
        (None, "are an object"),
    ],
    ids=str,
)
def test_another_claim_or_another_type_is_refused_with_its_reason(people, eve, claims, said):
    with pytest.raises(ValidationError) as refused:
        update_user(eve, by=BY, standard_claims=claims)
    assert said in str(refused.value.message_dict["standard_claims"])
    with pytest.raises(ValidationError):
        create_user(people, email="bob@example.com", password="a long password", by=BY, standard_claims=claims)
    assert User.objects.get().standard_claims == {}


@pytest.mark.parametrize(
    "metadata",
    [[], "text", {"a": "\x00"}, {"\x00": 1}, {"a": {"b": ["\ud800"]}}, {"a": "x" * 65_536}, {"a": float("nan")}],
    ids=["list", "text", "NUL", "NUL name", "surrogate", "large", "no number"],
)
@pytest.mark.parametrize("column", ["user_metadata", "app_metadata"])
def test_metadata_is_an_object_that_every_database_stores(eve, column, metadata):
    with pytest.raises(ValidationError) as refused:
        update_user(eve, by=BY, **{column: metadata})
    assert column in refused.value.message_dict
    assert getattr(User.objects.get(), column) == {}


@pytest.mark.parametrize(
    "profile",
    [
        {"picture": "javascript:alert(1)"},
        {"name": "x" * 301},
        {"name": "\x00"},
        {"nickname": "\ud800"},
        {"phone_number": "1" * 41},
        {"email": "nobody"},
    ],
    ids=str,
)
def test_an_impossible_profile_is_refused(eve, profile):
    with pytest.raises(ValidationError):
        update_user(eve, by=BY, **profile)
    assert User.objects.get().name == ""


def test_T139_columns_that_are_not_a_profile_cannot_be_written_through_it(acme, globex, people, eve):
    other = create_connection(acme.tenant, "other", by=BY)
    for column, value in (
        ("password", "plain"),
        ("user_id", "auth0|mine"),
        ("tenant", globex.tenant),
        ("connection", other),
        ("logins_count", 7),
        ("last_ip", "1.2.3.4"),
    ):
        with pytest.raises(ValidationError, match="cannot be"):
            update_user(eve, by=BY, **{column: value})
    with pytest.raises(ValidationError, match="cannot be set"):
        create_user(people, email="bob@example.com", password="a long password", by=BY, user_id="auth0|mine")
    stored = User.objects.get()
    assert (stored.connection, stored.logins_count) == (people, 0)
    assert stored.check_password("a long password")


def test_a_new_email_or_telephone_is_unverified_unless_the_same_change_says_otherwise(eve):
    update_user(eve, by=BY, phone_number="+441", phone_verified=True)
    update_user(eve, by=BY, email="EVE@example.com", phone_number="+441")
    assert (eve.email_verified, eve.phone_verified) == (True, True)
    update_user(eve, by=BY, email="eva@example.com", phone_number="+442")
    stored = User.objects.get()
    assert (stored.email_verified, stored.phone_verified) == (False, False)
    update_user(eve, by=BY, email="evi@example.com", email_verified=True)
    assert User.objects.get().email_verified


@pytest.mark.parametrize(
    ("urls", "said"),
    [
        ("https://shop.example/bye\nhttps://*.example/", "wildcards"),
        ("javascript:alert(1)", "scheme is not allowed"),
        ("http://shop.example/", "loopback only"),
        ("https://shop.example/#x", "fragments"),
    ],
)
def test_logout_addresses_of_a_tenant_are_judged_line_by_line(acme, urls, said):
    with pytest.raises(ValidationError) as refused:
        update_tenant(acme.tenant, by=BY, allowed_logout_urls=urls)
    assert said in str(refused.value.message_dict["allowed_logout_urls"])
    assert Tenant.objects.get(name="acme").allowed_logout_urls == ""
    update_tenant(acme.tenant, by=BY, allowed_logout_urls="https://shop.example/bye\ncom.example.app:/bye")
    assert Tenant.objects.get(name="acme").allowed_logout_urls.endswith("app:/bye")
