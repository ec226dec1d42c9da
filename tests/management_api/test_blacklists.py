"""/api/v2/blacklists/tokens: one access token ends before its time, and its siblings do not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from apis.services import apis
from authserver.models import RevokedToken
from tests import factories
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost
from tests.standing import backend, claims, introspect, is_alive, revoke, userinfo


def jti(token):
    return claims(token)["jti"]


def blacklist(api2, token, audience=""):
    return api2.post("blacklists/tokens", {"aud": audience or api2.world.api.identifier, "jti": jti(token)})


def is_active(people, token, client):
    return introspect(people, token, **client).json()["active"]


def test_a_persons_token_is_refused_while_its_siblings_live(api2, people):
    first = people.tokens()
    second = people.refresh(first["refresh_token"]).json()
    response = blacklist(api2, first["access_token"])
    assert (response.status_code, response.content) == (204, b"")
    assert userinfo(people.world, first["access_token"]).status_code == 401
    assert introspect(people, first["access_token"]).json() == {"active": False}
    assert is_alive(people, second | {"refresh_token": first["refresh_token"]})
    assert userinfo(people.world, people.refresh(first["refresh_token"]).json()["access_token"]).status_code == 200


def test_a_machines_token_is_refused_while_its_siblings_live(api2, people):
    asked = {"client_id": people.world.application.client_id, "client_secret": people.world.secret}
    first, second = (people.world.ask().json()["access_token"] for _ in range(2))
    assert [is_active(people, token, asked) for token in (first, second)] == [True, True]
    assert blacklist(api2, first).status_code == 204
    assert [is_active(people, token, asked) for token in (first, second)] == [False, True]
    assert not is_active(people, first, backend(people))


def test_a_token_of_the_management_api_ends_itself(acme, api2):
    own = Caller(acme)
    audience = f"{acme.issuer}api/v2/"
    assert own.get("grants").status_code == 200
    assert blacklist(own, own.token, audience).status_code == 204
    assert error(own.get("grants")) == (401, "", "Token has been revoked")
    assert api2.get("blacklists/tokens", aud=audience).json() == [{"aud": audience, "jti": jti(own.token)}]


def test_twice_is_one_row_and_one_event(api2, people):
    token = people.world.ask().json()["access_token"]
    assert [blacklist(api2, token).status_code for _ in range(2)] == [204, 204]
    assert RevokedToken.objects.count() == 1
    (event,) = (event for event in people.world.events("sapi") if event.description == "Revoke an access token")
    assert (event.details["target"], event.audience) == (jti(token), people.world.api.identifier)
    assert event.details["actor"] == {"type": "client", "name": event.client_id}


def test_the_list_says_which_and_of_which_api(api2, people):
    factories.make_api(people.world.tenant, "urn:other")
    identifier = people.world.api.identifier
    for audience, name in ((identifier, "one"), ("urn:other", "two"), (identifier, "three")):
        assert api2.post("blacklists/tokens", {"aud": audience, "jti": name}).status_code == 204
    rows = [{"aud": identifier, "jti": "one"}, {"aud": "urn:other", "jti": "two"}, {"aud": identifier, "jti": "three"}]
    assert api2.get("blacklists/tokens").json() == rows
    assert api2.get("blacklists/tokens", aud="urn:other").json() == rows[1:2]
    assert api2.get("blacklists/tokens", aud="urn:nobody").json() == []
    totals = {"start": 2, "limit": 2, "total": 3}
    assert api2.get("blacklists/tokens", page=1, per_page=2, include_totals="true").json() == totals | {"tokens": rows[2:]}


def test_what_a_client_gave_back_itself_is_in_the_list(api2, people):
    asked = {"client_id": people.world.application.client_id, "client_secret": people.world.secret}
    token = people.world.ask().json()["access_token"]
    revoke(people, token, **asked)
    assert api2.get("blacklists/tokens").json() == [{"aud": people.world.api.identifier, "jti": jti(token)}]


def test_a_token_stays_refused_when_its_api_is_gone(api2, people):
    other = factories.make_api(people.world.tenant, "urn:other")
    factories.grant(people.world.application, other)
    token = people.world.ask(audience="urn:other").json()["access_token"]
    asked = {"client_id": people.world.application.client_id, "client_secret": people.world.secret}
    blacklist(api2, token, "urn:other")
    apis.delete_api(other, by=BY)
    assert api2.get("blacklists/tokens").json() == [{"jti": jti(token)}]
    assert not is_active(people, token, asked)


def test_it_is_kept_as_long_as_any_token_may_live_and_then_cleaned_up(api2, people):
    apis.update_api(people.world.api, token_lifetime=2_592_000, by=BY)
    token = people.world.ask().json()["access_token"]
    apis.update_api(people.world.api, token_lifetime=60, token_lifetime_for_web=60, by=BY)
    blacklist(api2, token)
    row = RevokedToken.objects.get()
    assert row.expires_at.timestamp() >= claims(token)["exp"]
    call_command("cleanup", verbosity=0, stdout=StringIO())
    assert RevokedToken.objects.filter(pk=row.pk).exists()
    RevokedToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api2.get("blacklists/tokens").json() == []


def test_a_page_costs_at_most_four_statements_however_long_it_is(monkeypatch, api2, people):
    for number in range(51):
        api2.post("blacklists/tokens", {"aud": people.world.api.identifier, "jti": str(number)})
    query = {"include_totals": "true", "aud": people.world.api.identifier}
    few, many = (cost(monkeypatch, api2, "blacklists/tokens", per_page=size, **query) for size in (2, 50))
    assert few == many <= 4


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"jti": "a"}, (400, "invalid_body", "Payload validation error: 'This field is required' on property aud.")),
        (
            {"aud": "https://orders.example.com"},
            (400, "invalid_body", "Payload validation error: 'This field is required' on property jti."),
        ),
        (
            {"aud": "https://orders.example.com", "jti": "a" * 256},
            (
                400,
                "invalid_body",
                "Payload validation error: 'Ensure this field has no more than 255 characters' on property jti.",
            ),
        ),
        ({"aud": "urn:nobody", "jti": "a"}, (404, "inexistent_resource_server", "The resource server does not exist")),
    ],
    ids=["no aud", "no jti", "a long jti", "an unknown API"],
)
def test_what_is_not_a_token_of_this_tenant_is_refused(api2, body, refusal):
    assert error(api2.post("blacklists/tokens", body)) == refusal
    assert not RevokedToken.objects.exists()


def test_the_longest_jti_is_kept_whole(api2, acme):
    longest = "a" * 255
    assert api2.post("blacklists/tokens", {"aud": acme.api.identifier, "jti": longest}).status_code == 204
    assert api2.get("blacklists/tokens").json()[0]["jti"] == longest


def test_only_who_may_blacklist_does(people):
    token = people.tokens()["access_token"]
    other = Caller(people.world, ("read:refresh_tokens", "delete:refresh_tokens", "read:grants"))
    refusal = (403, "insufficient_scope", "Insufficient scope, expected any of: blacklist:tokens")
    assert error(blacklist(other, token)) == error(other.get("blacklists/tokens")) == refusal
    assert userinfo(people.world, token).status_code == 200


def test_T139_a_tenant_blacklists_its_own_tokens_only(api2, other2, people, strangers):
    """Both tenants have an API of this identifier."""
    token = people.tokens()["access_token"]
    assert other2.post("blacklists/tokens", {"aud": people.world.api.identifier, "jti": jti(token)}).status_code == 204
    assert userinfo(people.world, token).status_code == 200
    assert api2.get("blacklists/tokens").json() == []
    factories.make_api(people.world.tenant, "urn:acme")
    assert error(other2.post("blacklists/tokens", {"aud": "urn:acme", "jti": "a"}))[0] == 404
    assert error(other2.post("blacklists/tokens", {"aud": f"{people.world.issuer}api/v2/", "jti": "a"}))[0] == 404
