"""/api/v2/device-credentials: refresh tokens in Auth0's oldest dress."""

from datetime import timedelta

from django.utils import timezone

from authserver.models import RefreshToken, TokenFamily
from tests.console.sign_ins import FIREFOX, make_family, make_session
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost

ROTATING = "rotating_refresh_token"


def ids(response):
    return [row["id"] for row in response.json()]


def test_a_refresh_token_is_a_row_that_names_the_browser_of_the_sign_in(api2, people):
    family = make_family(people.user, people.web, people.world.api, make_session(people.user))
    assert api2.get("device-credentials").json() == [
        {
            "id": family.pk,
            "device_name": FIREFOX,
            "type": "refresh_token",
            "user_id": people.user.user_id,
            "client_id": people.web.client_id,
        }
    ]


def test_without_a_session_it_names_no_browser(api2, people):
    make_family(people.user, people.web, None)
    assert "device_name" not in api2.get("device-credentials").json()[0]


def test_rotating_ones_are_a_type_of_their_own(api2, people):
    stays, rotates = make_family(people.user, people.web, None), make_family(people.user, people.spa, None)
    assert ids(api2.get("device-credentials")) == ids(api2.get("device-credentials", type="refresh_token")) == [stays.pk]
    assert [(row["id"], row["type"]) for row in api2.get("device-credentials", type=ROTATING).json()] == [
        (rotates.pk, ROTATING)
    ]
    people.web.refresh_token_rotation, people.spa.refresh_token_rotation = "rotating", "non-rotating"
    people.web.save()
    people.spa.save()
    assert ids(api2.get("device-credentials")) == [rotates.pk]
    assert ids(api2.get("device-credentials", type=ROTATING)) == [stays.pk]


def test_nobody_has_a_public_key(api2, people):
    people.tokens()
    assert api2.get("device-credentials", type="public_key", include_totals="true").json() == {
        "start": 0,
        "limit": 50,
        "total": 0,
        "device_credentials": [],
    }
    assert error(api2.get("device-credentials", type="passkey"))[:2] == (400, "invalid_query_string")


def test_only_a_token_that_works_is_a_device(api2, people):
    past = timezone.now() - timedelta(seconds=1)
    good, idle, used, revoked = (make_family(people.user, people.web, None) for _ in range(4))
    idle.refresh_tokens.update(idle_expires_at=past)
    used.refresh_tokens.update(used_at=past)
    TokenFamily.objects.filter(pk=revoked.pk).update(revoked_at=past)
    assert ids(api2.get("device-credentials")) == [good.pk]


def test_filters_pages_and_fields(api2, people):
    families = [make_family(people.user, people.web, None) for _ in range(3)]
    assert ids(api2.get("device-credentials", user_id=people.user.user_id)) == [row.pk for row in families]
    assert ids(api2.get("device-credentials", client_id=people.web.client_id, page=1, per_page=2)) == [families[2].pk]
    assert ids(api2.get("device-credentials", user_id="auth0|x")) == []
    assert ids(api2.get("device-credentials", client_id=people.spa.client_id)) == []
    assert api2.get("device-credentials", fields="client_id", per_page=1).json() == [{"client_id": people.web.client_id}]


def test_a_page_costs_at_most_four_statements_however_long_it_is(monkeypatch, api2, people):
    for _ in range(51):
        make_family(people.user, people.web, people.world.api, make_session(people.user))
    few, many = (
        cost(monkeypatch, api2, "device-credentials", include_totals="true", per_page=size, user_id=people.user.user_id)
        for size in (2, 50)
    )
    assert few == many <= 4


def test_T058_a_device_that_is_deleted_is_signed_out_of_its_application(api2, people):
    tokens = people.spa_tokens()
    family = TokenFamily.objects.get()
    second = people.refresh_spa(tokens["refresh_token"]).json()["refresh_token"]
    assert ids(api2.get("device-credentials", type=ROTATING)) == [family.pk]
    for _ in range(2):
        assert api2.delete(f"device-credentials/{family.pk}").status_code == 204
    assert people.refresh_spa(second).json()["error"] == "invalid_grant"
    assert ids(api2.get("device-credentials", type=ROTATING)) == []
    events = [event for event in people.world.events("sapi") if event.description == "Revoke a refresh token"]
    assert [event.details["actor"]["type"] for event in events] == ["client"]


def test_nobody_here_may_register_a_key_of_a_device(api2):
    body = {"device_name": "Phone", "type": "public_key", "value": "x", "device_id": "y"}
    message = "Insufficient scope, expected any of: create:current_user_device_credentials"
    assert error(api2.post("device-credentials", body)) == (403, "insufficient_scope", message)


def test_who_may_read_may_not_delete(people):
    token = people.tokens()["refresh_token"]
    reader = Caller(people.world, ("read:device_credentials",))
    (found,) = ids(reader.get("device-credentials"))
    assert error(reader.delete(f"device-credentials/{found}"))[:2] == (403, "insufficient_scope")
    assert people.refresh(token).status_code == 200


def test_T139_another_tenants_devices_are_neither_seen_nor_deleted(other2, people):
    token = people.tokens()["refresh_token"]
    for query in ({}, {"user_id": people.user.user_id}, {"client_id": people.web.client_id}):
        assert ids(other2.get("device-credentials", **query)) == []
    assert other2.delete(f"device-credentials/{TokenFamily.objects.get().pk}").status_code == 204
    assert people.refresh(token).status_code == 200


def test_T141_no_row_holds_a_token_or_its_hash(api2, people):
    token = people.tokens()["refresh_token"]
    text = api2.get("device-credentials").content.decode()
    assert people.user.user_id in text
    assert token not in text
    assert RefreshToken.objects.get().token_checksum not in text
