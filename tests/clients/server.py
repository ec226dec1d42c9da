"""The real server for client libraries: `manage.py run_demo --tls` in a copy of the checkout, with production settings.

Two granian workers behind TLS from the local CA, on PostgreSQL when the suite runs there, else on a SQLite file.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.targets import latchkey_environment
from tests.operations.newcomer import bare_environment, copy_checkout, running
from tests.postgres import free_port

WORKERS = "2"


@dataclass(frozen=True, slots=True)
class RealServer:
    """Where it answers and whom it knows. `log` is all that it wrote; `authority` is the file of the CA to trust."""

    issuer: str
    authority: Path
    log: Path
    audience: str
    applications: dict[str, dict[str, Any]] = field(repr=False)
    machine: dict[str, str] = field(repr=False)
    person: dict[str, str] = field(repr=False)

    @property
    def domain(self) -> str:
        """host:port, which Auth0's SDKs take instead of an address."""
        return self.issuer.removeprefix("https://").rstrip("/")


@contextmanager
def serving(directory: Path) -> Iterator[RealServer]:
    """Runs the server until the block ends; everything lies in `directory`."""
    checkout = copy_checkout(directory / "checkout")
    with bare_environment(directory / "home") as bare:
        environment = _production(bare, checkout)
        port, unused = free_port(), free_port()
        command = [sys.executable, "manage.py", "run_demo", "--tls", "--workers", WORKERS]
        command += ["--tls-port", str(port), "--port", str(unused)]
        with running(command, checkout, environment):
            demo = json.loads((checkout / "var" / "demo.json").read_text())
            yield RealServer(
                issuer=demo["issuer"],
                authority=checkout / "var" / "tls" / "ca.pem",
                log=directory / "output",
                audience=demo["apis"][0]["identifier"],
                applications=_provision(demo["tenant"], checkout, environment),
                machine=demo["applications"]["m2m"],
                person=demo["users"][0],
            )


def _production(bare: dict[str, str], checkout: Path) -> dict[str, str]:
    """What an installation has to say, with secrets made for this run; `bare` decides the database."""
    url = bare.get("DATABASE_URL", f"sqlite:///{checkout / 'var' / 'latchkey.sqlite3'}")
    return bare | latchkey_environment(url) | {"PYTHONDONTWRITEBYTECODE": "1"}


def _provision(tenant: str, checkout: Path, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.clients.provision", tenant]
    printed = subprocess.run(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, check=True).stdout
    made: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return made
