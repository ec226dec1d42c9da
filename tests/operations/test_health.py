"""Liveness depends on nothing; readiness on everything that a token needs."""

import pytest
from django.db import OperationalError

from authserver.endpoints import health
from tests import factories


def test_L25_liveness_needs_no_database(client, monkeypatch):
    assert client.get("/livez").json() == {"status": "ok"}


def test_L25_readiness_says_what_is_missing(client, db, monkeypatch):
    tenant = factories.make_tenant("acme")
    assert client.get("/readyz").status_code == 200
    tenant.signing_keys.filter(state="current").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["missing"]) == (503, "signing_key")
    assert response.headers["Retry-After"] == "1"

    def away():
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(health.connection, "ensure_connection", away)
        assert client.get("/readyz").json() == {"status": "unavailable", "missing": "database"}


def test_L25_readiness_waits_for_migrations(client, db, monkeypatch):
    monkeypatch.setattr(health, "_seen_migrated", [])
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [("apis", "0003")])
    assert client.get("/readyz").json()["missing"] == "migrations"
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [])
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_takes_no_writes_and_is_not_logged(client, db, path, capsys):
    assert client.post(path).status_code == 405
    assert client.get(path).status_code == 200
    assert '"path":"' + path not in capsys.readouterr().out
