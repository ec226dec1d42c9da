"""What the audit trail knows afterwards: who, what, why not, and what would change it. Never a secret."""

import json
import threading

import pytest
from django.db import OperationalError

from apis.services import apis
from tenants import audit, changes
from tenants.audit.queue import EventQueue
from tenants.models import LogEvent
from tests import factories
from tests.factories import BY
from tests.management_api.caller import Caller


def test_an_issued_token_is_an_event_with_all_parties(acme):
    response = acme.http(user_agent="curl/8").post("/oauth/token", acme.good_request(), content_type="application/json")
    [event] = acme.events("seccft")
    assert event.client_id == acme.application.client_id
    assert event.client_name == "Warehouse"
    assert event.audience == acme.api.identifier
    assert event.scope == "read:orders create:orders"
    assert event.hostname == "acme.example.com"
    assert event.user_agent == "curl/8"
    assert event.ip == "127.0.0.1"
    assert event.details["request_id"] == event.request_id == response.headers["X-Auth0-RequestId"]


@pytest.mark.parametrize(
    ("details", "stored"), [({}, ""), ({"request_id": "x" * 65}, "x" * 64), ({"request_id": "a1"}, "a1")]
)
def test_a_request_id_is_stored_as_far_as_its_column_goes(acme, details, stored):
    audit.record(audit.Event(type="s", tenant_id=acme.tenant.pk, details=details))
    assert acme.events("s")[0].request_id == stored


def test_a_refusal_is_an_event_with_reason_and_remedy(acme):
    acme.ask(audience="urn:acme:unknown", scope="a b")
    [event] = acme.events("feccft")
    assert event.description == "Service not enabled within domain: urn:acme:unknown"
    assert event.audience == "urn:acme:unknown"
    assert event.scope == "a b"
    assert event.client_name == "Warehouse"
    assert event.details["reason"] == "UnknownAudience"
    assert event.details["error"] == "access_denied"
    assert "The tenant has no API" in event.details["remedy"]


def test_a_refusal_before_authentication_names_the_client_that_was_claimed(acme):
    acme.ask(client_secret="wrong")
    [event] = acme.events("feccft")
    assert event.client_id == acme.application.client_id
    assert event.client_name == ""


def test_every_kind_of_bad_request_leaves_an_event(acme):
    client = acme.http()
    client.post("/oauth/token", "x", content_type="text/plain")
    client.post("/oauth/token", "grant_type=a&grant_type=b", content_type="application/x-www-form-urlencoded")
    client.get("/oauth/token")
    reasons = [event.details["reason"] for event in acme.events("feccft")]
    assert reasons == ["MethodNotAllowed", "RepeatedParameter", "UnsupportedContentType"]


def test_events_of_one_tenant_are_not_the_others(acme, globex):
    acme.ask()
    assert acme.events("seccft")
    assert not globex.events("seccft")


def test_token_events_wait_for_the_batch_and_changes_do_not(acme):
    before = LogEvent.objects.count()
    acme.ask()
    assert LogEvent.objects.count() == before
    factories.make_api(acme.tenant, "urn:acme:two")
    assert LogEvent.objects.filter(description="Create an API").count() == 2
    assert audit.flush() == 1


def test_a_change_is_told_with_who_and_what_and_without_secrets(acme):
    with pytest.MonkeyPatch.context():
        apis.update_api(acme.api, name="Orders", by=changes.Actor("operator", "grace", "192.0.2.1"))
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name, event.ip) == ("Update an API", "grace", "192.0.2.1")
    assert event.details == {
        "actor": {"type": "operator", "name": "grace"},
        "target": acme.api.identifier,
        "changes": {"name": "Orders"},
    }


def test_a_secret_among_the_values_of_a_change_is_redacted(acme, django_capture_on_commit_callbacks):
    from django.db import transaction

    with transaction.atomic():
        changes.changed(acme.tenant, BY, "Test", values={"client_secret": "s3cret", "scopes": ("a", "b"), "who": BY})
    details = acme.events("sapi")[0].details
    assert details["changes"]["client_secret"] == "[redacted]"
    assert details["changes"]["scopes"] == ["a", "b"]
    assert "s3cret" not in json.dumps(details)


def test_a_failed_write_keeps_the_events_in_order(acme, monkeypatch):
    for audience in ("urn:a", "urn:b"):
        acme.ask(audience=audience)

    def away(*args, **kwargs):
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(audit.waiting, "_write", away)
        assert audit.flush() == 0
    assert [event.audience for event in acme.events("feccft")] == ["urn:b", "urn:a"]


def test_T142_a_flood_fills_the_queue_and_no_more(acme, settings):
    settings.AUDIT_QUEUE_LIMIT = 2
    for _ in range(5):
        acme.ask()
    assert len(acme.events("seccft")) == 2


def test_long_and_strange_text_is_cut_and_stored(acme):
    acme.http(user_agent="x" * 5_000).post("/oauth/token", acme.good_request() | {"audience": "urn:" + "y" * 5_000})
    acme.http(user_agent="x" * 5_000).post(
        "/oauth/token", acme.good_request() | {"audience": "urn:" + "y" * 5_000}, content_type="application/json"
    )
    event = acme.events("feccft")[0]
    assert len(event.user_agent) == 400
    assert len(event.audience) == 600
    assert audit.store._storable("a\x00b", 10) == "a\ufffdb"


@pytest.mark.parametrize("kind", ["s", "seccft"])
@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\\u0000"])
def test_T142_no_text_in_the_details_keeps_an_event_and_its_neighbours_from_being_stored(acme, kind, text):
    for details in ({"remedy": text}, {text: [{"deep": [text]}]}, {"many": 2**70, "remedy": text}):
        audit.record(audit.Event(type=kind, tenant_id=acme.tenant.pk, details=details))
    audit.record(audit.Event(type=kind, tenant_id=acme.tenant.pk, details={"remedy": "sound"}))
    found = acme.events(kind)
    assert len(found) == 4
    assert {"remedy": "sound"} in [event.details for event in found]
    shown = text if text.startswith("\\") else "a\N{REPLACEMENT CHARACTER}b"
    stored = shown.replace("\N{REPLACEMENT CHARACTER}", "?") if "\ud800" in text else shown
    assert {"remedy": stored} in [event.details for event in found]
    assert Caller(acme).get("logs", q=f"type:{kind}").status_code == 200


def test_the_writer_thread_empties_the_queue_and_survives_a_failure(settings, transactional_db):
    settings.AUDIT_FLUSH_SECONDS = 0.05
    written, failed = threading.Event(), threading.Event()

    def write(events):
        if not failed.is_set():
            failed.set()
            raise ValueError("a mistake of ours")
        written.set()

    queue = EventQueue(write)
    queue.append(audit.Event(type="seccft", tenant_id=1))
    assert failed.wait(60)
    queue.append(audit.Event(type="seccft", tenant_id=1))
    queue.close()
    assert written.is_set(), "close writes what waits"
