"""What the token path costs in SQL, and how soon a change is seen."""

import pytest
from django.db import OperationalError

from apis.models import ClientSecret
from apis.models.client_secret import digest
from apis.services import applications, client_grants
from tenants import config_cache
from tenants.models import Tenant
from tests.factories import BY


class Clock:
    """A monotonic clock that a test winds forward (seconds)."""

    def __init__(self):
        self.now = 1_000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(config_cache, "time", clock)
    return clock


def bump_elsewhere(world):
    """What another process does: the version moves, and this process is not told."""
    Tenant.objects.filter(pk=world.tenant.pk).update(config_version=10_000)


def test_a_warm_token_request_runs_no_sql(acme, clock, django_assert_num_queries):
    acme.ask()
    client, body = acme.http(), acme.good_request()
    with django_assert_num_queries(0):
        for _ in range(3):
            assert client.post("/oauth/token", body, content_type="application/json").status_code == 200


def test_a_cold_token_request_runs_at_most_eight_statements(acme, django_assert_max_num_queries):
    client, body = acme.http(), acme.good_request()
    config_cache.clear()
    with django_assert_max_num_queries(8):
        assert client.post("/oauth/token", body, content_type="application/json").status_code == 200


def test_after_a_second_the_version_is_looked_at_once(acme, clock, django_assert_num_queries):
    acme.ask()
    client = acme.http()
    clock.now += 1.0
    with django_assert_num_queries(1):
        client.get("/.well-known/openid-configuration")
        client.get("/.well-known/openid-configuration")


def test_a_warm_key_set_and_metadata_run_no_sql(acme, clock, django_assert_num_queries):
    client = acme.http()
    paths = ["/.well-known/jwks.json", "/.well-known/openid-configuration"]
    for path in paths:
        client.get(path)
    with django_assert_num_queries(0):
        assert all(client.get(path).status_code == 200 for path in paths)


def test_a_grant_revoked_by_another_process_is_dead_within_a_second(acme, clock):
    assert acme.ask().status_code == 200
    acme.application.client_grants.all().delete()  # past the services, so that this process hears nothing
    bump_elsewhere(acme)
    clock.now += 0.9
    assert acme.ask().status_code == 200
    clock.now += 0.1
    assert acme.ask().status_code == 403


def test_what_another_process_just_switched_on_is_not_refused_on_older_knowledge(acme, clock):
    assert acme.ask().status_code == 200
    secret = "s" * 43
    ClientSecret.objects.create(application=acme.application, sha256=digest(secret), last_four="ssss")
    assert acme.ask(client_secret=secret).status_code == 401, "nobody has said that anything moved"
    bump_elsewhere(acme)
    assert acme.ask(client_secret=secret).status_code == 200, "and the clock stands still"
    assert len(acme.events("feccft")) == 1


def test_an_unknown_client_is_not_remembered_as_unknown(acme, clock):
    client_id = acme.application.client_id
    acme.application.delete()
    assert acme.ask(client_id=client_id).status_code == 401
    fresh = applications.create_application(acme.tenant, "Again", client_id=client_id, app_type="non_interactive", by=BY)
    acme.application, acme.secret = fresh, applications.add_secret(fresh, by=BY).value
    client_grants.create_client_grant(fresh, acme.api, ["read:orders"], by=BY)
    assert acme.ask().status_code == 200


def test_a_tenant_that_is_deleted_by_another_process_is_gone_within_a_second(acme, clock):
    assert acme.ask().status_code == 200
    client = acme.http()
    acme.tenant.delete()
    clock.now += 1.0
    assert client.get("/.well-known/jwks.json").status_code == 404


def test_keys_and_metadata_are_served_from_memory_while_the_database_is_away(acme, clock, monkeypatch):
    client = acme.http()
    paths = ["/.well-known/jwks.json", "/.well-known/openid-configuration"]
    for path in paths:
        client.get(path)
    acme.ask()
    clock.now += 1.0

    def away(*args):
        raise OperationalError("connection refused")

    monkeypatch.setattr(config_cache._cache, "_checked", away)
    assert [client.get(path).status_code for path in paths] == [200, 200]
    assert client.post("/oauth/token", {}, content_type="application/json").status_code == 503, "no token on old rules"


def test_a_bump_outside_a_transaction_is_a_programming_error(transactional_db, monkeypatch):
    with pytest.raises(RuntimeError, match="transaction"):
        config_cache.bump(1)


def test_the_cache_forgets_rather_than_grow_without_end(acme, globex, monkeypatch):
    monkeypatch.setattr(config_cache, "MAX_TENANTS", 1)
    monkeypatch.setattr(config_cache, "MAX_VALUES", 2)
    for world in (acme, globex, acme, globex):
        assert world.ask().status_code == 200
    assert len(config_cache._cache._snapshots) == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_counts_at_once_in_the_process_that_committed_it():
    from tests.conftest import build_world

    world = build_world("acme")
    assert world.ask().status_code == 200
    client_grants.delete_client_grant(world.application.client_grants.get(), by=BY)
    assert world.ask().status_code == 403


def test_what_was_read_while_a_write_finished_is_used_but_not_kept(acme, monkeypatch):
    real = config_cache.at_domain

    def read_during_a_write(domain, snapshot):
        config_cache._cache._forgotten += 1
        return real(domain, snapshot)

    monkeypatch.setattr(config_cache, "at_domain", read_during_a_write)
    assert acme.http().get("/.well-known/openid-configuration").status_code == 200
    assert config_cache._cache._snapshots == {}
