"""manage.py run_demo up to the moment when processes start: what it prepares, and how it would serve."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from authserver.management import first_start
from authserver.management.commands import run_demo
from tenants.models import Domain


class Served(list[list[str]]):
    """The commands that would have been started: the server's and the visitor's."""


@pytest.fixture
def served(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    settings.VAR_DIR, settings.STATIC_ROOT, settings.DEVELOPMENT = tmp_path / "var", tmp_path / "static", True
    commands = Served()
    monkeypatch.setattr(run_demo, "supervise", lambda *both: commands.extend(both))
    monkeypatch.setattr(run_demo, "refuse_taken_port", lambda *_: None)
    # The test's own database stays open.
    monkeypatch.setattr(run_demo.connections, "close_all", lambda: None)
    for name in ("PORT", "TLS", "TLS_PORT", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    return commands


def hosts() -> set[str]:
    return set(Domain.objects.values_list("host", flat=True))


def test_plain_http_on_the_usual_port(served: Served, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("run_demo")
    server, visitor = served
    assert hosts() == {"localhost:8000"}
    assert server[server.index("--port") + 1] == "8000"
    assert server[server.index("--host") + 1] == "127.0.0.1"
    assert server[server.index("--workers") + 1] == "2"
    assert visitor[visitor.index("--issuer") + 1] == "http://localhost:8000/"
    assert "--cacert" not in visitor
    assert visitor[-1] == str(settings.VAR_DIR / "console-login")
    assert "Starting at http://localhost:8000/ with 2 workers." in capsys.readouterr().out
    assert stat.S_IMODE(settings.VAR_DIR.stat().st_mode) == 0o700


def test_https_with_a_domain_for_the_tenant(served: Served, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TLS": "1", "PORT": "8001", "TLS_PORT": "8444", "WEB_CONCURRENCY": "3"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(settings.VAR_DIR.parent)
    call_command("run_demo")
    server, visitor = served
    assert hosts() == {"localhost:8444", "demo.localhost:8444", "localhost:8001"}
    assert server[server.index("--port") + 1] == "8444"
    assert server[server.index("--workers") + 1] == "3"
    assert Path(server[server.index("--ssl-certificate") + 1]).exists()
    assert visitor[visitor.index("--cacert") + 1] == "var/tls/ca.pem"
    assert visitor[visitor.index("--issuer") + 1] == "https://localhost:8444/"


@pytest.mark.parametrize("value", ["", "0", "false", "No"])
def test_tls_can_be_said_no_to(served: Served, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TLS", value)
    call_command("run_demo")
    assert hosts() == {"localhost:8000"}


def test_outside_development_static_files_are_collected(served: Served, settings: Any) -> None:
    settings.DEVELOPMENT = False
    call_command("run_demo")
    assert (settings.STATIC_ROOT / "admin" / "css" / "base.css").exists()


def test_a_login_that_is_not_ours_is_not_shown(served: Served, django_user_model: Any) -> None:
    django_user_model.objects.create_superuser(first_start.OPERATOR, password="chosen elsewhere")
    call_command("run_demo")
    assert "--console-login" not in served[1]


def test_a_port_that_is_no_number_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(CommandError, match="invalid int value"):
        call_command("run_demo")


def test_a_database_that_is_away_is_told(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(run_demo, "ensure_operator", fail)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        call_command("run_demo")
    assert served == []
