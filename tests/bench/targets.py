"""What is measured: our server as `create_tenant --demo` leaves it, and stock django-oauth-toolkit with each kind of secret.

Each target has a database of its own in the same PostgreSQL, and knows how its answers are checked.
"""

import json
import os
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from tests.bench import answers
from tests.bench.answers import WrongAnswer
from tests.bench.load import Load
from tests.bench.servers import ROOT

AUDIENCE = "https://orders.example.com"


@dataclass(frozen=True, slots=True)
class Target:
    """One server and the request that is sent to it. `check` runs while it serves, `check_after` when it has stopped."""

    name: str
    application: str
    environment: dict[str, str]
    url: str
    form: dict[str, str]
    check: Callable[[Load], None]
    check_after: Callable[[Load], None] | None = None


def latchkey_environment(database_url: str) -> dict[str, str]:
    """A production installation's settings, with secrets made for this run; the rest stays at its default."""
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "KEY_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DEVELOPMENT": "false",
        "DEBUG": "false",
    }


def latchkey(database_url: str, port: int) -> Target:
    environment = latchkey_environment(database_url)
    tenant = create_tenant(environment, f"http://127.0.0.1:{port}")
    issuer = tenant["issuer"]

    def check(measured: Load) -> None:
        with urllib.request.urlopen(f"{issuer}.well-known/jwks.json") as published:
            answers.check_jwts(measured, json.load(published), issuer=issuer, audience=AUDIENCE)

    return Target(
        name="Latchkey",
        application="config.wsgi:application",
        environment=environment,
        url=f"{issuer}oauth/token",
        form=token_form(tenant["applications"]["m2m"]),
        check=check,
        check_after=lambda measured: _check_events(database_url, measured),
    )


def create_tenant(environment: dict[str, str], domain: str) -> dict[str, Any]:
    """The demo tenant in an empty database, as `create_tenant --json` describes it."""
    _run(environment, "manage.py", "migrate", "--verbosity=0")
    return _run(environment, "manage.py", "create_tenant", "demo", "--domain", domain, "--demo", "--json")


def stock(database_url: str, port: int) -> list[Target]:
    """The toolkit with its client secret as it is, and hashed as is its default."""
    environment = {"DATABASE_URL": database_url, "SECRET_KEY": secrets.token_urlsafe(48)}
    applications = _run(environment, "-m", "tests.bench.stock.prepare")
    return [
        Target(
            name=f"django-oauth-toolkit, {kind} secret",
            application="tests.bench.stock.wsgi:application",
            environment=environment,
            url=f"http://127.0.0.1:{port}/o/token/",
            form=token_form(applications[kind]),
            check=answers.check_opaque,
        )
        for kind in ("unhashed", "hashed")
    ]


def token_form(credentials: dict[str, str]) -> dict[str, str]:
    """The one request of this bench; the toolkit ignores the audience."""
    return {"grant_type": "client_credentials", "audience": AUDIENCE, **credentials}


def _check_events(database_url: str, measured: Load) -> None:
    """Every token left its event behind: what was measured is the server with its audit trail on."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM tenants_logevent WHERE type = 'seccft'").fetchone()
    stored = row[0] if row else 0
    if stored < measured.answers:
        raise WrongAnswer(f"{measured.answers} tokens went out, but only {stored} log events reached the database.")


def _run(environment: dict[str, str], *arguments: str) -> Any:
    """The last line that a Python command prints, read as JSON; None when it prints nothing."""
    finished = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, check=True
    )
    lines = finished.stdout.splitlines()
    return json.loads(lines[-1]) if lines else None
