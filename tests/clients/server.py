"""The real server for client libraries: `manage.py run_demo --tls` in a copy of the checkout, with production settings.

Two granian workers behind TLS from the local CA, on PostgreSQL when the suite runs there, else on a SQLite file.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
    # May use all of the Management API: client_id, client_secret, audience.
    management: dict[str, str] = field(repr=False)
    # Of `tests.clients.tenants`, by name, with all of their credentials.
    tenants: dict[str, dict[str, Any]] = field(repr=False)
    checkout: Path = field(repr=False)
    environment: dict[str, str] = field(repr=False)

    @property
    def domain(self) -> str:
        """host:port, which Auth0's SDKs take instead of an address."""
        return self.issuer.removeprefix("https://").rstrip("/")

    def at(self, tenant: str, person: dict[str, str]) -> "RealServer":
        """The same server as one of `tenants` sees it, where nobody is known yet but whom the caller will create."""
        made = self.tenants[tenant]
        return replace(self, issuer=made["issuer"], management=made["management"], person=person)

    def run(self, *command: str, sent: str = "") -> str:
        """The last line that `python COMMAND…` prints, in the server's checkout and environment; `sent` is its input."""
        return _run(command, self.checkout, self.environment, sent)


@contextmanager
def serving(directory: Path) -> Iterator[RealServer]:
    """Runs the server until the block ends; everything lies in `directory`."""
    checkout = copy_checkout(directory / "checkout")
    with bare_environment(directory / "home") as bare:
        environment = _production(bare, checkout)
        port, unused = free_port(), free_port()
        command = [sys.executable, "manage.py", "run_demo", "--tls", "--workers", WORKERS]
        command += ["--tls-port", str(port), "--port", str(unused)]
        tenants = json.loads(_run(["-m", "tests.clients.tenants", str(port)], checkout, environment))
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
                management=demo["management"],
                tenants=tenants,
                checkout=checkout,
                environment=environment,
            )


def _production(bare: dict[str, str], checkout: Path) -> dict[str, str]:
    """What an installation has to say, with secrets made for this run; `bare` decides the database."""
    url = bare.get("DATABASE_URL", f"sqlite:///{checkout / 'var' / 'latchkey.sqlite3'}")
    # Unlike those who stop the server (`bare`), clients read soon what they have just done.
    soon = {"AUDIT_FLUSH_SECONDS": "0.2"}
    return bare | latchkey_environment(url) | soon | {"PYTHONDONTWRITEBYTECODE": "1"}


def _provision(tenant: str, checkout: Path, environment: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(_run(["-m", "tests.clients.provision", tenant], checkout, environment))
    return made


def _run(command: Sequence[str], checkout: Path, environment: dict[str, str], sent: str = "") -> str:
    """The last line: the product's log may stand before it."""
    call = [sys.executable, *command]
    done = subprocess.run(call, cwd=checkout, env=environment, input=sent, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1]
