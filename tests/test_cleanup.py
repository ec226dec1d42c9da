"""manage.py cleanup: what has expired goes, in batches; what a replay or an auditor may still ask for stays."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.models import ClientSecret
from authserver.management.commands import cleanup
from authserver.models import AccessToken, AuthorizationCode, DeviceCode, RefreshToken
from tenants.keys import rotation
from tenants.models import LogEvent, SigningKey
from tenants.services import create_connection, create_user
from tests import factories

BY = factories.BY


def ago(days):
    return timezone.now() - timedelta(days=days)


def clean(**options):
    out = StringIO()
    call_command("cleanup", stdout=out, **options)
    return dict(line.split(": ") for line in out.getvalue().splitlines())


def user_of(world):
    people = create_connection(world.tenant, "people", by=BY)
    return create_user(people, email="ada@example.com", password="a long secret", by=BY)


def old_and_young(world):
    """Of everything that expires, one row that may go and one that must stay."""
    ours = {"tenant": world.tenant, "application": world.application}
    whose = ours | {"user": user_of(world)}
    LogEvent.objects.all().delete()
    for number, (event, secret, code, opaque, refresh) in enumerate([(31, 31, 366, 1, 366), (29, 29, 364, -1, 364)]):
        LogEvent.objects.create(tenant=world.tenant, type="sapi", date=ago(event))
        ClientSecret.objects.create(application=world.application, sha256=b"x", last_four="x", expires_at=ago(secret))
        AuthorizationCode.objects.create(**whose, code=f"code{number}", expires=ago(code), redirect_uri="https://x")
        AccessToken.objects.create(**whose, token=f"token{number}", expires=ago(opaque))
        RefreshToken.objects.create(**whose, token=f"refresh{number}", revoked=ago(refresh))
        DeviceCode.objects.create(
            tenant=world.tenant, device_code=str(number), user_code=str(number), client_id="x", expires=ago(opaque)
        )
        Session.objects.create(session_key=str(number), session_data="", expire_date=ago(opaque))
    RefreshToken.objects.create(**whose, token="live")


def counts():
    models = (LogEvent, ClientSecret, AuthorizationCode, AccessToken, RefreshToken, DeviceCode, Session)
    return {model.__name__: model.objects.count() for model in models}


KINDS = [
    "log events",
    "client secrets",
    "authorization codes",
    "opaque access tokens",
    "refresh tokens",
    "device codes",
    "console sessions",
]


def test_cleanup_removes_what_has_expired_and_keeps_the_rest(acme):
    old_and_young(acme)
    assert clean() == dict.fromkeys(KINDS, "1") | {"signing keys retired": "0"}
    assert counts() == {
        "LogEvent": 1,
        "ClientSecret": 2,
        "AuthorizationCode": 1,
        "AccessToken": 1,
        "RefreshToken": 2,
        "DeviceCode": 1,
        "Session": 1,
    }
    assert acme.ask().status_code == 200


def test_a_second_run_finds_nothing(acme):
    old_and_young(acme)
    clean()
    assert set(clean().values()) == {"0"}


def test_a_dry_run_counts_and_removes_nothing(acme):
    old_and_young(acme)
    before = counts()
    assert clean(dry_run=True) == dict.fromkeys(KINDS, "1") | {"signing keys to retire": "0"}
    assert counts() == before


def test_rows_go_in_batches(acme, monkeypatch):
    monkeypatch.setattr(cleanup, "BATCH", 10)
    LogEvent.objects.bulk_create([LogEvent(tenant=acme.tenant, type="sapi", date=ago(31)) for _ in range(25)])
    with CaptureQueriesContext(connection) as queries:
        assert clean()["log events"] == "25"
    deletes = [query["sql"] for query in queries if query["sql"].startswith('DELETE FROM "tenants_logevent"')]
    assert len(deletes) == 3


def test_how_long_events_stay_is_a_setting(acme, settings):
    LogEvent.objects.create(tenant=acme.tenant, type="sapi", date=ago(31))
    settings.LOG_RETENTION_DAYS = 32
    assert clean()["log events"] == "0"


@pytest.mark.parametrize(("days", "retired"), [(29, "0"), (31, "1")])
def test_a_key_that_no_live_token_needs_is_retired(acme, days, retired):
    kid = SigningKey.objects.of(acme.tenant).get(state="current").kid
    rotation.rotate(acme.tenant, by=BY)
    SigningKey.objects.filter(kid=kid).update(current_until=ago(days))
    assert clean(dry_run=True)["signing keys to retire"] == retired
    assert SigningKey.objects.get(kid=kid).state == "previous"
    assert clean()["signing keys retired"] == retired
    published = [key["kid"] for key in acme.http().get("/.well-known/jwks.json").json()["keys"]]
    assert (kid in published) == (retired == "0")
