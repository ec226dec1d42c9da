"""/api/v2/grants: what people allowed, and what is left of it when somebody takes it back for them."""

import pytest

from authserver.models import Consent
from tenants.services import create_user
from tests import factories
from tests.console.sign_ins import make_consent
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost
from tests.people import PASSWORD


@pytest.fixture
def consent(people):
    """What Ada allowed the Shop by signing in to it, as /grants shows it."""
    people.tokens()
    return Consent.objects.get()


@pytest.fixture
def eve(people):
    return create_user(people.connection, email="eve@example.com", password=PASSWORD, by=BY)


def ids(response):
    return [row["id"] for row in response.json()]


def asks_again(people):
    """Whether a person who signs in is asked for consent."""
    browser = people.browser()
    return people.log_in(browser, people.authorize(browser)).headers["Location"].startswith("/u/consent")


def test_what_a_person_allowed_is_a_row_in_auth0s_spelling(api2, people, consent):
    assert api2.get("grants").json() == [
        {
            "id": consent.pk,
            "clientID": people.web.client_id,
            "user_id": people.user.user_id,
            "audience": people.world.api.identifier,
            "scope": ["profile", "email", "offline_access", "read:orders"],
        }
    ]
    assert len(consent.pk) == 24


def test_without_an_api_it_is_about_userinfo(api2, people):
    row = make_consent(people.user, people.web, None)
    audience = f"{people.world.issuer}userinfo"
    assert [(shown["id"], shown["audience"]) for shown in api2.get("grants").json()] == [(row.pk, audience)]
    assert ids(api2.get("grants", audience=audience)) == [row.pk]


def test_it_is_found_by_user_application_and_audience(api2, people, eve):
    other = factories.make_api(people.world.tenant, "urn:other")
    ours, hers = make_consent(people.user, people.web, people.world.api), make_consent(eve, people.spa, other)
    assert ids(api2.get("grants")) == [ours.pk, hers.pk]
    for query in ({"user_id": people.user.user_id}, {"client_id": people.web.client_id}):
        assert ids(api2.get("grants", **query)) == [ours.pk]
    assert ids(api2.get("grants", audience="urn:other")) == [hers.pk]
    for query in ({"user_id": "auth0|x"}, {"client_id": "x"}, {"audience": "urn:x"}):
        assert ids(api2.get("grants", **query)) == []
    assert ids(api2.get("grants", audience="urn:other", user_id=people.user.user_id)) == []


def test_pages_with_totals(api2, people, eve):
    rows = [make_consent(user, people.web, api) for user in (people.user, eve) for api in (people.world.api, None)]
    assert ids(api2.get("grants", page=1, per_page=3)) == [rows[3].pk]
    page = api2.get("grants", page=0, per_page=3, include_totals="true").json()
    assert (page["start"], page["limit"], page["total"]) == (0, 3, 4)
    assert [row["id"] for row in page["grants"]] == [row.pk for row in rows[:3]]


def test_a_page_costs_at_most_four_statements_however_long_it_is(monkeypatch, api2, people):
    for number in range(51):
        user = create_user(people.connection, email=f"u{number}@example.com", password=PASSWORD, by=BY)
        make_consent(user, people.web, people.world.api)
    few, many = (
        cost(monkeypatch, api2, "grants", include_totals="true", per_page=size, audience=people.world.api.identifier)
        for size in (2, 50)
    )
    assert few == many <= 4


def test_T058_what_is_taken_back_refreshes_no_more_and_is_asked_for_again(api2, people):
    token = people.tokens()["refresh_token"]
    consent = Consent.objects.get()
    assert people.refresh(token).status_code == 200
    assert not asks_again(people)
    for _ in range(2):
        response = api2.delete(f"grants/{consent.pk}")
        assert (response.status_code, response.content) == (204, b"")
    assert people.refresh(token).json()["error"] == "invalid_grant"
    assert asks_again(people)


def test_the_log_says_which_client_took_it_back(api2, people, consent):
    api2.delete(f"grants/{consent.pk}")
    event = people.world.events("sapi")[0]
    assert (event.description, event.details["target"]) == ("Take back a consent", consent.pk)
    assert event.details["actor"] == {"type": "client", "name": event.client_id}
    assert event.details["application"] == {"client_id": people.web.client_id, "name": "Shop"}
    assert event.details["user"]["user_id"] == people.user.user_id
    told = len(people.world.events("sapi"))
    api2.delete(f"grants/{consent.pk}")
    assert len(people.world.events("sapi")) == told


def test_T058_all_of_one_user_go_with_their_refresh_tokens_and_nobody_elses(api2, people, eve):
    tokens, spa_tokens = people.tokens(), people.spa_tokens()
    hers = make_consent(eve, people.web, people.world.api)
    assert api2.delete("grants", user_id=people.user.user_id).status_code == 204
    assert [row.pk for row in Consent.objects.all()] == [hers.pk]
    assert people.refresh(tokens["refresh_token"]).status_code == 403
    assert people.refresh_spa(spa_tokens["refresh_token"]).status_code == 403
    assert api2.delete("grants", user_id=people.user.user_id).status_code == 204


def test_deleting_all_of_nobody_is_refused(api2, consent):
    refusal = error(api2.delete("grants"))
    message = "Query validation error: 'This field is required' on property user_id."
    assert refusal == (400, "invalid_query_string", message)
    assert error(api2.delete("grants", user_id=""))[0] == 400
    assert Consent.objects.filter(pk=consent.pk).exists()


def test_who_may_read_may_not_take_back(people, consent):
    reader = Caller(people.world, ("read:grants",))
    assert ids(reader.get("grants")) == [consent.pk]
    for response in (reader.delete(f"grants/{consent.pk}"), reader.delete("grants", user_id=people.user.user_id)):
        assert error(response) == (403, "insufficient_scope", "Insufficient scope, expected any of: delete:grants")
    assert Consent.objects.filter(pk=consent.pk).exists()


def test_T139_another_tenants_consents_are_neither_seen_nor_taken_back(other2, people):
    token = people.tokens()["refresh_token"]
    consent = Consent.objects.get()
    queries = ({}, {"user_id": people.user.user_id}, {"client_id": people.web.client_id})
    assert [ids(other2.get("grants", **query)) for query in queries] == [[], [], []]
    assert other2.delete(f"grants/{consent.pk}").status_code == 204
    assert other2.delete("grants", user_id=people.user.user_id).status_code == 204
    assert Consent.objects.filter(pk=consent.pk).exists()
    assert people.refresh(token).status_code == 200
