"""Who is asking: exactly one method, the registered one, of this tenant. Ids are those of the security checklist."""

import base64
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.models import AppType
from apis.services import applications
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY


def basic(client_id, secret):
    return "Basic " + base64.b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()


def ask_with(world, authorization, **parameters):
    body = {"grant_type": "client_credentials", "audience": world.api.identifier} | parameters
    return world.http(authorization=authorization).post("/oauth/token", body, content_type="application/json")


def test_the_secret_may_come_in_the_header_or_in_the_body(acme):
    assert acme.ask().status_code == 200
    assert ask_with(acme, basic(acme.application.client_id, acme.secret)).status_code == 200


def test_with_the_oidc_profile_only_the_registered_method_is_taken(acme):
    update_tenant(acme.tenant, security_profile="oidc", by=BY)
    assert acme.ask().status_code == 200
    refused = ask_with(acme, basic(acme.application.client_id, acme.secret))
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_client"
    applications.update_application(acme.application, token_endpoint_auth_method="client_secret_basic", by=BY)
    assert ask_with(acme, basic(acme.application.client_id, acme.secret)).status_code == 200
    assert acme.ask().status_code == 401


def test_T060_a_confidential_client_without_a_secret_is_refused(acme):
    response = acme.ask(client_secret=None)
    assert response.status_code == 401
    assert response.json() == {"error": "access_denied", "error_description": "Unauthorized"}


def test_T060_a_public_client_with_some_secret_is_refused(acme):
    public, _ = factories.make_application(acme.tenant, "Tracker", app_type=AppType.SPA)
    assert acme.ask(client_id=public.client_id).status_code == 401


@pytest.mark.spec("RFC 6749", "5.2", "a failed Basic authentication is answered with a Basic challenge")
def test_T060_a_wrong_secret_in_the_header_is_answered_with_a_challenge(acme):
    response = ask_with(acme, basic(acme.application.client_id, "wrong"))
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="acme"'
    assert "WWW-Authenticate" not in acme.ask(client_secret="wrong").headers


def test_T061_two_methods_at_once_are_refused(acme):
    response = ask_with(acme, basic(acme.application.client_id, acme.secret), client_secret=acme.secret)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"
    assert not acme.events("seccft")


def test_T062_the_header_and_the_body_must_name_the_same_client(acme):
    other, _ = factories.make_application(acme.tenant, "Other")
    header = basic(acme.application.client_id, acme.secret)
    assert ask_with(acme, header, client_id=acme.application.client_id).status_code == 200
    response = ask_with(acme, header, client_id=other.client_id)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


def test_T063_an_unknown_client_and_a_wrong_secret_get_the_same_answer(acme):
    unknown = acme.ask(client_id="nobody")
    wrong = acme.ask(client_secret="wrong")
    assert (unknown.status_code, unknown.content) == (wrong.status_code, wrong.content)
    reasons = [event.details["remedy"] for event in acme.events("feccft")]
    assert reasons == ["The client_secret is wrong.", "The tenant has no application with this client_id."]


def test_T063_an_unknown_client_and_a_wrong_secret_cost_the_same_look_into_the_database(acme):
    acme.ask()
    counts = []
    for changes in ({"client_id": "nobody"}, {"client_secret": "wrong"}):
        client, body = acme.http(), acme.good_request() | changes
        with CaptureQueriesContext(connection) as queries:
            client.post("/oauth/token", body, content_type="application/json")
        counts.append([query["sql"].split(" FROM ")[1].split(" ")[0] for query in queries.captured_queries])
    assert counts[0] == counts[1]


def test_T063_the_same_holds_in_the_rfc_dialect(acme):
    update_tenant(acme.tenant, security_profile="oidc", by=BY)
    unknown = acme.ask(client_id="nobody")
    wrong = acme.ask(client_secret="wrong")
    assert (unknown.status_code, unknown.content) == (wrong.status_code, wrong.content)
    assert unknown.json()["error"] == "invalid_client"


@pytest.mark.spec("RFC 6749", "2.3.1", "id and secret are form-urlencoded inside Basic")
def test_T064_reserved_characters_survive_the_header(acme):
    secret = "a+b/c%d:e f&g=ü" + "x" * 40
    applications.rotate_secret(acme.application, by=BY)
    applications.add_secret(acme.application, value=secret, by=BY)
    assert ask_with(acme, basic(acme.application.client_id, secret)).status_code == 200
    assert acme.ask(client_secret=secret).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"a\x00:b").decode(),
        "Basic " + base64.b64encode(b"a%00:b").decode(),
        "Bearer abc",
        "Digest abc",
    ],
)
def test_a_malformed_authorization_header_is_a_bad_request(acme, header):
    response = ask_with(acme, header)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


def test_a_missing_client_id_is_named(acme):
    response = acme.ask(client_id=None)
    assert response.status_code == 400
    assert response.json()["error_description"] == "Missing required parameter: client_id"


@pytest.mark.parametrize("client_id", ["x" * 10_000, "a\x00b", "' OR 1=1 --", "ä", "../../etc"])
def test_a_strange_client_id_is_just_unknown(acme, client_id):
    assert acme.ask(client_id=client_id).status_code in (400, 401)


def test_a_client_of_another_tenant_is_unknown_here(acme, globex):
    response = acme.ask(client_id=globex.application.client_id, client_secret=globex.secret)
    assert response.status_code == 401
    assert globex.ask().status_code == 200


def test_two_secrets_work_during_a_rotation_and_the_old_one_ends_when_told(acme):
    fresh = applications.rotate_secret(acme.application, overlap=timedelta(hours=1), by=BY)
    assert acme.ask().status_code == 200
    assert acme.ask(client_secret=fresh.value).status_code == 200
    applications.end_secret(acme.application.secrets.first(), at=timezone.now() - timedelta(seconds=1), by=BY)
    assert acme.ask().status_code == 401
    assert "expired" in acme.events("feccft")[0].details["remedy"]
    assert acme.ask(client_secret=fresh.value).status_code == 200


def test_the_last_use_of_a_secret_is_noted_with_the_batch_of_events(acme):
    row = acme.application.secrets.get()
    acme.ask()
    row.refresh_from_db()
    assert row.last_used_at is None
    event = acme.events("seccft")[0]
    row.refresh_from_db()
    assert row.last_used_at == event.date
