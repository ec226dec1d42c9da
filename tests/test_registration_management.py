"""The registration access token: a client reads, replaces and deletes its own registration (RFC 7592)."""

import pytest
from django.db import transaction

from apis.models import Application
from apis.services import applications
from authserver import errors
from authserver.models import ClientRegistration, TokenFamily
from authserver.registration import limits, metadata
from authserver.services import client_registrations
from tenants import throttle
from tests.factories import BY
from tests.people import CALLBACK
from tests.registrations import GOOD, JSON, Newcomer, open_to_strangers, refused, sign_in
from tests.standing import userinfo

UNAUTHORIZED = (401, "invalid_token")
TOKEN = "registration_access_token"
PLACES = {"client_secret", "client_secret_expires_at", TOKEN}


@pytest.fixture
def made(newcomer):
    return newcomer.registers(logo_uri="https://shop.example/logo.png", contacts=["ops@shop.example"])


def changed(made, **changes):
    """What a client sends to replace its registration, as RFC 7592 §2.2 wants it."""
    return GOOD | {"client_id": made["client_id"]} | changes


@pytest.mark.spec("RFC 7592", "2.1", "read")
def test_a_client_reads_what_is_registered_without_its_secret(newcomer, made):
    response = newcomer.reads(made)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    secret = {"client_secret", "client_secret_expires_at"}
    assert response.json() == {name: value for name, value in made.items() if name not in secret}
    assert newcomer.reads(made).status_code == 200, "reading uses nothing up"


@pytest.mark.spec("RFC 7592", "2.2", "a change replaces all of the metadata")
def test_a_change_replaces_everything_and_what_is_left_out_is_gone(newcomer, made):
    response = newcomer.writes(made, changed(made, client_name="Renamed", redirect_uris=["https://new.example/cb"]))
    assert response.status_code == 200
    after = response.json()
    assert (after["client_name"], after["redirect_uris"]) == ("Renamed", ["https://new.example/cb"])
    assert not {"logo_uri", "contacts", "client_secret"} & set(after)
    assert after["client_id_issued_at"] == made["client_id_issued_at"]
    row = newcomer.row(made)
    assert (row.name, row.redirect_uris, row.logo_uri) == ("Renamed", "https://new.example/cb", "")
    assert newcomer.reads(after).json() == after
    assert newcomer.world.ask(client_id=made["client_id"], client_secret=made["client_secret"]).status_code == 403, (
        "the secret is still the same, and no client_credentials was registered"
    )


def test_a_change_leaves_alone_what_an_operator_decided(newcomer, made):
    row = newcomer.row(made)
    applications.update_application(
        row, by=BY, description="Ours", refresh_token_leeway=7, other_settings={"sso": True}, id_token_lifetime=60
    )
    assert newcomer.writes(made, changed(made, default_max_age=60)).status_code == 200
    row.refresh_from_db()
    assert (row.description, row.refresh_token_leeway, row.id_token_lifetime) == ("Ours", 7, 60)
    assert row.other_settings == {"sso": True, "default_max_age": 60}
    assert row.is_first_party is False


@pytest.mark.spec("RFC 7592", "2.2", "client_id must match, and client_secret if it is sent")
@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": None},
        {"client_id": "another"},
        {"client_secret": "wrong"},
        {"client_secret": "\ud800"},
        {"client_secret": 7},
        {"client_secret": ""},
    ],
    ids=ascii,
)
def test_a_client_cannot_choose_its_id_or_its_secret(newcomer, made, wrong):
    assert refused(newcomer.writes(made, changed(made, **wrong))) == (400, "invalid_client_metadata")
    assert newcomer.reads(made).status_code == 200, "a refused change does not use the token up"
    right = newcomer.writes(made, changed(made, client_secret=made["client_secret"]))
    assert right.status_code == 200


def test_a_bad_change_changes_nothing(newcomer, made):
    for bad, code in (
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"id_token_signed_response_alg": "ES256"}, "invalid_client_metadata"),
        ({"grant_types": ["password"]}, "invalid_client_metadata"),
    ):
        assert refused(newcomer.writes(made, changed(made, client_name="Changed", **bad))) == (400, code)
    assert newcomer.reads(made).json()["client_name"] == "Newcomer"


def test_who_becomes_public_loses_the_secret_and_who_stops_being_so_gets_one(newcomer, made):
    public = newcomer.writes(made, changed(made, token_endpoint_auth_method="none")).json()
    assert not PLACES - {TOKEN} & set(public)
    assert not newcomer.row(made).secrets.exists()
    again = newcomer.writes(public, changed(made)).json()
    assert (again["client_secret"] != made["client_secret"], again["client_secret_expires_at"]) == (True, 0)
    assert applications.live_secrets(newcomer.row(made)).count() == 1


def test_a_machine_that_becomes_an_application_of_people_gets_their_directories(people, newcomer):
    open_to_strangers(people)
    machine = newcomer.registers(grant_types=["client_credentials"], redirect_uris=[])
    assert not newcomer.row(machine).connections.exists()
    assert newcomer.writes(machine, changed(machine)).status_code == 200
    assert sign_in(people, machine)["id_token"]


@pytest.mark.spec("RFC 7592", "2.3", "delete")
def test_who_leaves_takes_everything_along(people, newcomer):
    open_to_strangers(people)
    made = newcomer.registers()
    tokens = sign_in(people, made, audience=None, scope="openid")
    assert userinfo(people.world, tokens["access_token"]).status_code == 200
    response = newcomer.leaves(made)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Cache-Control"] == "no-store"
    assert not Application.objects.filter(client_id=made["client_id"]).exists()
    assert not ClientRegistration.objects.exists()
    assert not TokenFamily.objects.filter(application__client_id=made["client_id"]).exists()
    assert userinfo(people.world, tokens["access_token"]).status_code == 401
    for call in (newcomer.reads(made), newcomer.writes(made, changed(made)), newcomer.leaves(made)):
        assert refused(call) == UNAUTHORIZED
    told = [event for event in newcomer.world.events("sapi") if event.description == "Delete a client"]
    assert told[0].client_id == made["client_id"]


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        ("", 'Bearer realm="acme"'),
        ("Basic YTpi", 'Bearer realm="acme", error="invalid_token"'),
        ("Bearer", 'Bearer realm="acme", error="invalid_token"'),
        ("Bearer wrong", 'Bearer realm="acme", error="invalid_token"'),
        ("Bearer \xff", 'Bearer realm="acme", error="invalid_token"'),
    ],
)
@pytest.mark.spec("RFC 7592", "2", "401 without the right token, for an unknown client as well")
def test_without_the_right_token_nothing_is_said_and_nothing_done(newcomer, made, header, challenge):
    unknown = made | {"registration_client_uri": "https://acme.example.com/oidc/register/nobody"}
    headers = {"authorization": header}
    for target in (made, unknown):
        for call in (
            newcomer.reads(target, **headers),
            newcomer.writes(target, changed(made), **headers),
            newcomer.leaves(target, **headers),
        ):
            assert refused(call) == UNAUTHORIZED
            assert call.headers["WWW-Authenticate"] == challenge
    assert newcomer.reads(made).status_code == 200


def test_a_token_in_the_address_is_none(newcomer, made):
    path = f"/oidc/register/{made['client_id']}"
    assert refused(newcomer.world.http().get(path, {"access_token": made[TOKEN]})) == UNAUTHORIZED


@pytest.mark.parametrize("settings", [{"enabled": False}, {"is_first_party": True}], ids=str)
def test_an_application_that_an_operator_took_over_is_no_longer_its_own(newcomer, made, settings):
    applications.update_application(newcomer.row(made), by=BY, **settings)
    for call in (newcomer.reads(made), newcomer.writes(made, changed(made)), newcomer.leaves(made)):
        assert refused(call) == UNAUTHORIZED
    assert Application.objects.filter(client_id=made["client_id"]).exists()
    assert newcomer.world.events("fapi")[0].details["remedy"].startswith("An operator")


def test_T087_the_token_of_one_client_opens_no_other_and_none_of_another_tenant(newcomer, made, globex):
    other = newcomer.registers(client_name="Other")
    crossed = made | {"registration_client_uri": other["registration_client_uri"]}
    abroad = Newcomer(globex)
    theirs = abroad.registers()
    for who, target in ((newcomer, crossed), (abroad, made), (abroad, made | {TOKEN: theirs[TOKEN]})):
        for call in (who.reads(target), who.writes(target, changed(other)), who.leaves(target)):
            assert refused(call) == UNAUTHORIZED
    for who, mine in ((newcomer, made), (newcomer, other), (abroad, theirs)):
        assert who.reads(mine).status_code == 200


def test_T087_a_change_brings_a_new_token_and_the_old_one_is_dead(newcomer, made):
    after = newcomer.writes(made, changed(made)).json()
    assert after[TOKEN] != made[TOKEN]
    for call in (newcomer.reads(made), newcomer.writes(made, changed(made)), newcomer.leaves(made)):
        assert refused(call) == UNAUTHORIZED
    assert newcomer.reads(after).status_code == 200


def test_T087_of_two_changes_with_one_token_one_wins(newcomer, made):
    first, second = ClientRegistration.objects.get(), ClientRegistration.objects.get()
    client_registrations.replace(first, metadata.wanted(changed(made, client_name="First")), by=BY)
    with pytest.raises(errors.InvalidToken), transaction.atomic():
        client_registrations.replace(second, metadata.wanted(changed(made, client_name="Second")), by=BY)
    assert newcomer.row(made).name == "First"


def test_T087_only_a_hash_of_the_token_is_kept_and_no_log_has_it(newcomer, made, capfd):
    newcomer.reads(made)
    newcomer.reads(made, authorization="Bearer wrong")
    written = "".join(capfd.readouterr())
    assert "/oidc/register/" in written
    row = ClientRegistration.objects.get()
    assert len(row.token_sha256) == 64
    for place in (written, str(vars(row)), str([vars(event) for event in newcomer.world.events("sapi", "fapi")])):
        assert made[TOKEN] not in place
        assert made["client_secret"] not in place


def test_T087_a_client_that_was_deleted_in_the_console_has_no_token_any_more(newcomer, made):
    applications.delete_application(newcomer.row(made), by=BY)
    assert refused(newcomer.reads(made)) == UNAUTHORIZED


def test_T088_changes_of_one_registration_are_limited(newcomer, made, monkeypatch):
    monkeypatch.setattr(limits, "PER_CLIENT", throttle.Limit("changes of a test", 2, 60))
    other = newcomer.registers()
    for _ in range(2):
        made = newcomer.writes(made, changed(made)).json()
    response = newcomer.writes(made, changed(made))
    assert refused(response) == (429, "too_many_requests")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert newcomer.reads(made).status_code == 200
    assert newcomer.writes(other, changed(other)).status_code == 200, "another client is not held up"


def test_a_change_is_json_only(newcomer, made):
    client = newcomer.world.http(authorization=f"Bearer {made[TOKEN]}")
    sent = client.generic("PUT", f"/oidc/register/{made['client_id']}", b"client_name=x", content_type="text/plain")
    assert refused(sent) == (400, "invalid_request")
    assert newcomer.row(made).redirect_uris == CALLBACK
    assert JSON in sent.json()["error_description"]
