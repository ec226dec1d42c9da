"""manage.py cleanup: what has expired goes, in batches; what a replay or an auditor may still ask for stays."""

from io import StringIO

import pytest
from django.contrib.sessions.models import Session as ConsoleSession
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.models import ClientSecret
from authserver.management.commands import cleanup
from authserver.models import (
    AccessToken,
    AuthorizationCode,
    AuthorizationRequest,
    DeviceCode,
    RefreshToken,
    RevokedToken,
    Session,
    TokenFamily,
    UsedAssertion,
)
from tenants.keys import rotation
from tenants.models import Attempts, LogCount, LogEvent, SigningKey
from tests import factories
from tests.authorizations import AHEAD, OVER, Authorizations, ago

BY = factories.BY


def clean(**options):
    out = StringIO()
    call_command("cleanup", stdout=out, **options)
    return dict(line.split(": ") for line in out.getvalue().splitlines())


def old_and_young(world):
    """Of everything that expires, one row that may go (of sessions two) and one that must stay."""
    authorizations = Authorizations(world)
    LogEvent.objects.all().delete()
    for number, (event, counted, secret, expires) in enumerate([(31, 16, 31, OVER), (29, 14, 29, AHEAD)]):
        LogEvent.objects.create(tenant=world.tenant, type="sapi", date=ago(event))
        LogCount.objects.create(tenant=world.tenant, hour=ago(counted), total=1)
        ClientSecret.objects.create(application=world.application, sha256=b"x", last_four="x", expires_at=ago(secret))
        family = authorizations.family(expires)
        authorizations.request(str(number), expires)
        authorizations.session(str(number), expires=expires)
        RevokedToken.objects.create(tenant=world.tenant, jti=str(number), expires_at=ago(expires))
        UsedAssertion.objects.create(application=world.application, jti=str(number), expires_at=ago(expires))
        Attempts.objects.create(key=str(number), count=1, resets_at=ago(expires))
        DeviceCode.objects.create(
            tenant=world.tenant, device_code=str(number), user_code=str(number), client_id="x", expires=ago(expires)
        )
        ConsoleSession.objects.create(session_key=str(number), session_data="", expire_date=ago(expires))
    authorizations.session("idle", idle=OVER)
    authorizations.opaque_token(family, OVER)
    authorizations.opaque_token(family, AHEAD)


MODELS = (
    LogEvent,
    LogCount,
    ClientSecret,
    TokenFamily,
    AuthorizationCode,
    RefreshToken,
    AccessToken,
    RevokedToken,
    UsedAssertion,
    AuthorizationRequest,
    Session,
    Attempts,
    DeviceCode,
    ConsoleSession,
)


def counts():
    return {model._meta.label: model.objects.count() for model in MODELS}


GONE = {
    "log events": "1",
    "hourly counts": "1",
    "client secrets": "1",
    "token families": "1",
    "opaque access tokens": "1",
    "revoked access tokens": "1",
    "used client assertions": "1",
    "unfinished authorization requests": "1",
    "sessions": "2",
    "attempts": "1",
    "device codes": "1",
    "console sessions": "1",
    "unused registrations": "0",
}


def test_cleanup_removes_what_has_expired_and_keeps_the_rest(acme):
    old_and_young(acme)
    assert clean() == GONE | {"signing keys retired": "0"}
    # The application keeps the secret that it was made with, the family its used refresh token.
    two = {"apis.ClientSecret": 2, "authserver.RefreshToken": 2}
    assert counts() == {model._meta.label: 1 for model in MODELS} | two
    assert acme.ask().status_code == 200


def test_what_stays_is_what_has_not_expired(acme):
    old_and_young(acme)
    clean()
    now = timezone.now()
    assert TokenFamily.objects.get().expires_at > now
    assert AccessToken.objects.get().expires > now
    assert [row.pk for row in (AuthorizationRequest.objects.get(), Attempts.objects.get())] == ["1", "1"]
    assert UsedAssertion.objects.get().jti == "1"
    assert (Session.objects.get().secret_sha256, RevokedToken.objects.get().jti) == ("1", "1")
    assert (DeviceCode.objects.get().device_code, ConsoleSession.objects.get().pk) == ("1", "1")


def test_T050_a_replay_in_a_live_family_still_finds_what_to_revoke(acme):
    family = Authorizations(acme).family(AHEAD)
    clean()
    assert family.refresh_tokens.get(used_at__isnull=False).expires_at > timezone.now()
    assert family.codes.get().used_at


def test_a_revoked_family_stays_until_its_tokens_would_have_expired(acme):
    family = Authorizations(acme).family(AHEAD, revoked_at=ago(1))
    assert clean()["token families"] == "0"
    TokenFamily.objects.update(expires_at=ago(1))
    assert clean()["token families"] == "1"
    assert not RefreshToken.objects.filter(family=family.pk).exists()


def test_a_family_outlives_the_session_that_it_came_from(acme):
    authorizations = Authorizations(acme)
    family = authorizations.family(AHEAD, session=authorizations.session("over", expires=OVER))
    assert clean()["sessions"] == "1"
    family.refresh_from_db()
    assert family.session is None
    assert family.refresh_tokens.count() == 2


def test_a_second_run_finds_nothing(acme):
    old_and_young(acme)
    clean()
    assert set(clean().values()) == {"0"}


def test_a_dry_run_counts_and_removes_nothing(acme):
    old_and_young(acme)
    before = counts()
    assert clean(dry_run=True) == GONE | {"signing keys to retire": "0"}
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
