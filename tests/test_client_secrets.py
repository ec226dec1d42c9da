"""Secrets of an application: shown once, kept as a hash, two at a time, ended for good."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apis.models import ClientSecret
from apis.models.client_secret import digest
from apis.services.applications import (
    NewSecret,
    add_secret,
    end_secret,
    live_secrets,
    rotate_secret,
    update_application,
)
from authserver import client_auth
from tenants import config_cache
from tests import factories

BY = factories.BY
HOUR = timedelta(hours=1)


def status(world, secret):
    return world.ask(client_secret=secret).status_code


def pass_time(secret, by):
    """Lets the end of `secret` come `by` earlier: the same as waiting."""
    ClientSecret.objects.filter(pk=secret.pk).update(expires_at=secret.expires_at - by)
    config_cache.clear()


def test_a_secret_has_256_bits_and_is_stored_as_its_hash_only(acme):
    fresh = add_secret(acme.application, by=BY)
    assert len(fresh.value) >= 43
    assert len({fresh.value, acme.secret}) == 2
    stored = ClientSecret.objects.filter(pk=fresh.row.pk).values().get()
    assert bytes(stored.pop("sha256")) == digest(fresh.value)
    assert stored.pop("last_four") == fresh.value[-4:]
    assert fresh.value not in str(stored)
    assert fresh.value not in repr(fresh)
    assert fresh.value not in str(acme.events("sapi"))


def test_two_secrets_work_side_by_side_and_a_third_is_refused(acme):
    second = add_secret(acme.application, by=BY)
    assert status(acme, acme.secret) == status(acme, second.value) == 200
    with pytest.raises(ValidationError, match="Two secrets are in use"):
        add_secret(acme.application, by=BY)
    with pytest.raises(ValidationError, match="Two secrets are in use"):
        rotate_secret(acme.application, by=BY, overlap=HOUR)
    assert live_secrets(acme.application).count() == 2


def test_rotation_ends_the_old_secrets_at_once(acme):
    second = add_secret(acme.application, by=BY)
    third = rotate_secret(acme.application, by=BY)
    assert [status(acme, secret) for secret in (acme.secret, second.value, third.value)] == [401, 401, 200]


def test_rotation_with_an_overlap_keeps_the_old_secret_until_it_is_over(acme):
    fresh = rotate_secret(acme.application, by=BY, overlap=HOUR)
    assert status(acme, acme.secret) == status(acme, fresh.value) == 200
    pass_time(acme.application.secrets.first(), by=HOUR)
    assert status(acme, acme.secret) == 401
    assert status(acme, fresh.value) == 200


def test_a_secret_runs_out_while_it_is_remembered(acme, monkeypatch):
    """The end is looked at on every request, not only when the configuration is read."""
    end_secret(acme.application.secrets.get(), by=BY, at=timezone.now() + HOUR)
    assert status(acme, acme.secret) == 200
    later = time.time() + HOUR.total_seconds()
    monkeypatch.setattr(client_auth, "time", SimpleNamespace(time=lambda: later))
    assert status(acme, acme.secret) == 401


def test_an_ended_secret_frees_its_place_but_never_comes_back(acme):
    old = acme.application.secrets.get()
    end_secret(old, by=BY)
    ended = old.expires_at
    add_secret(acme.application, by=BY)
    add_secret(acme.application, by=BY)
    with pytest.raises(ValidationError, match="ended"):
        end_secret(old, by=BY, at=timezone.now() + HOUR)
    assert ClientSecret.objects.get(pk=old.pk).expires_at == ended
    assert status(acme, acme.secret) == 401


def test_an_end_that_was_set_is_not_put_off_by_a_rotation(acme):
    old = acme.application.secrets.get()
    end_secret(old, by=BY, at=timezone.now() + HOUR)
    soon = old.expires_at
    rotate_secret(acme.application, by=BY, overlap=2 * HOUR)
    old.refresh_from_db()
    assert old.expires_at == soon


def test_a_public_client_gets_no_secret(acme):
    spa, _ = factories.make_application(acme.tenant, "Tracker", app_type="spa")
    for give in (add_secret, rotate_secret):
        with pytest.raises(ValidationError, match="public client"):
            give(spa, by=BY)
    assert not spa.secrets.exists()


def test_a_client_that_becomes_public_loses_its_secrets_for_good(acme, globex):
    public = {"token_endpoint_auth_method": "none", "grant_types": ["authorization_code"]}
    update_application(acme.application, by=BY, **public)
    assert not ClientSecret.objects.filter(application=acme.application).exists()
    confidential = {"token_endpoint_auth_method": "client_secret_post", "grant_types": ["client_credentials"]}
    update_application(acme.application, by=BY, **confidential)
    assert status(acme, acme.secret) == 401
    assert globex.application.secrets.count() == 1


def test_a_secret_of_one_application_opens_no_other(acme):
    other, secret = factories.make_application(acme.tenant, "Other")
    assert acme.ask(client_id=other.client_id).status_code == 401
    assert acme.ask(client_secret=secret).status_code == 401


@pytest.mark.parametrize("value", ["short", "x" * 31])
def test_a_chosen_secret_that_could_be_guessed_is_refused(acme, value):
    with pytest.raises(ValidationError, match="at least 32 characters"):
        add_secret(acme.application, by=BY, value=value)
    assert isinstance(add_secret(acme.application, by=BY, value="x" * 32), NewSecret)
