"""`make run` as a newcomer meets it: the printed curl pasted as it is, a second start, a stop. And PostgreSQL's absence."""

import json
import signal
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import psycopg
import pytest

from tests import postgres
from tests.canary import SECRET
from tests.operations.newcomer import (
    STOP_SECONDS,
    alive,
    bare_environment,
    copy_checkout,
    family,
    make_run,
    pasted,
    running,
)

AUDIENCE = "https://orders.example.com"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with bare_environment(tmp_path / "home") as variables:
        yield variables


def token_from(output: str, checkout: Path, environment: dict[str, str]) -> str:
    answer = subprocess.run(
        ["bash", "-c", pasted(output)], cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    token: str = json.loads(answer.stdout)["access_token"]
    return token


def claims_by_pyjwt(token: str, issuer: str, authority: Path | None) -> dict[str, Any]:
    context = ssl.create_default_context(cafile=authority)
    key = jwt.PyJWKClient(f"{issuer}.well-known/jwks.json", ssl_context=context).get_signing_key_from_jwt(token)
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer)
    return claims


def token_events(checkout: Path, environment: dict[str, str]) -> int:
    """How many successful token events are stored, those apart that were made up for the demo."""
    query = "SELECT count(*) FROM tenants_logevent WHERE type = 'seccft' AND details ->> 'synthetic' IS NULL"
    if url := environment.get("DATABASE_URL"):
        with psycopg.connect(url) as database:
            return database.execute(query).fetchone()[0]
    database = sqlite3.connect(checkout / "var" / "latchkey.sqlite3")
    try:
        return database.execute(query).fetchone()[0]
    finally:
        database.close()


def refuse_a_second_one(command: list[str], port: int, checkout: Path, environment: dict[str, str]) -> None:
    """Another `make run` on `port` says one clear sentence and leaves the credentials as they are."""
    files = [checkout / "var" / name for name in ("demo.json", "console-login")]
    before = [file.read_text() for file in files]
    again = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode != 0
    assert f"Port {port} is in use" in again.stderr
    assert "Traceback" not in again.stderr
    assert [file.read_text() for file in files] == before


def assert_no_secret_in_the_log(checkout: Path) -> None:
    """T-141, for the server as it really runs: its log lines hold no secret of the demo, no token, no key."""
    demo = json.loads((checkout / "var" / "demo.json").read_text())
    clients = [demo["management"], *demo["applications"].values()]
    secrets = [client["client_secret"] for client in clients if "client_secret" in client]
    lines = [line for line in (checkout.parent / "output").read_text().splitlines() if line.startswith('{"')]
    assert any('"/oauth/token"' in line for line in lines)
    assert not [line for line in lines if SECRET.search(line) or any(secret in line for secret in secrets)]


def stop(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to make alone ends it and all that it started."""
    started = family(process.pid)
    assert len(started) >= 5, "make, run_demo, granian and its two workers"
    process.send_signal(signal.SIGTERM)
    process.wait(STOP_SECONDS)
    assert not started & set(alive())


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_the_printed_curl_gives_a_token_and_a_stop_leaves_nothing_but_data(
    checkout: Path, environment: dict[str, str], tls: bool
) -> None:
    port, other = postgres.free_port(), postgres.free_port()
    issuer = f"http{'s' if tls else ''}://localhost:{port}/"
    authority = checkout / "var" / "tls" / "ca.pem" if tls else None
    command = make_run("TLS=1", f"TLS_PORT={port}", f"PORT={other}") if tls else make_run(f"PORT={port}")
    with running(command, checkout, environment) as (process, output):
        claims = claims_by_pyjwt(token_from(output, checkout, environment), issuer, authority)
        assert claims["gty"] == "client-credentials"
        assert f'"iss": "{issuer}"' in output
        refuse_a_second_one(command, port, checkout, environment)
        token_from(output, checkout, environment)
        stop(process)
    assert_no_secret_in_the_log(checkout)
    # One by first_token, two by us; the last was asked for just before the stop.
    assert token_events(checkout, environment) == 3
    private = [checkout / "var", *(checkout / "var" / name for name in ("demo.json", "console-login"))]
    assert [path.stat().st_mode & 0o077 for path in private] == [0, 0, 0]


def test_a_missing_postgresql_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN_BINARIES", tmp_path)
    with pytest.raises(postgres.PostgresUnavailableError, match="apt-get install postgresql"):
        postgres.binaries()


def test_the_newest_postgresql_of_debian_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN_BINARIES", tmp_path)
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        for name in ("initdb", "postgres"):
            (tmp_path / version / "bin" / name).touch()
    (tmp_path / "17" / "bin" / "initdb").unlink()
    assert postgres.binaries() == tmp_path / "15" / "bin"
