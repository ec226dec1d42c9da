"""A demo as `make run` has it, in a database that is thrown away, and an empty tenant beside it.

Settings are read when Django starts, so `prepared` comes first, before anything of ours is imported.
"""

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

from tests.bench.servers import free_port, serving

OPERATOR, VIEWER, PASSWORD = "ada", "vera", "a password for pictures"


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo answers, and what `create_tenant --demo --json` said of it."""

    origin: str
    document: dict[str, Any]
    callback: str

    @property
    def user(self) -> dict[str, str]:
        """Who signs in, with e-mail and password."""
        return dict(self.document["users"][0])

    def client_id(self, key: str) -> str:
        return str(self.document["applications"][key]["client_id"])


@contextmanager
def served_demo() -> Iterator[Demo]:
    """The demo, while it is served."""
    with tempfile.TemporaryDirectory(prefix="latchkey-screenshots-") as directory:
        port, url = free_port(), f"sqlite:///{directory}/db.sqlite3"
        os.environ |= {"DEVELOPMENT": "true", "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        # The driver of the browser runs an event loop, beside which Django would not ask the database.
        os.environ |= {"DJANGO_ALLOW_ASYNC_UNSAFE": "1", "LOG_LEVEL": "WARNING"}
        with _application() as callback:
            demo = Demo(f"http://localhost:{port}", _prepared(f"localhost:{port}", callback), callback)
            with serving("config.wsgi:application", port, {"DATABASE_URL": url}, Path(directory) / "server.log"):
                yield demo


class _Application(BaseHTTPRequestHandler):
    """Where people come back to."""

    def do_GET(self) -> None:
        # The browser may be on its way elsewhere already.
        with suppress(OSError):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Back at the application.")

    def log_message(self, *_: Any) -> None:
        """Quiet: an address may hold a code."""


@contextmanager
def _application() -> Iterator[str]:
    """The callback of the demo's applications."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Application) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/callback"
        server.shutdown()


def _prepared(host: str, callback: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    document = _tenant("demo", host)
    _tenant("acme", "acme.localhost:8000", demo=False)
    _register(callback)
    _fill_and_staff()
    return document


def _tenant(name: str, domain: str, *, demo: bool = True) -> dict[str, Any]:
    from django.core.management import call_command

    output = StringIO()
    call_command("create_tenant", name, "--domain", domain, *(["--demo"] if demo else []), "--json", stdout=output)
    return dict(json.loads(output.getvalue()))


def _register(callback: str) -> None:
    from apis.models import Application
    from apis.services.applications import update_application
    from tenants.changes import COMMAND_LINE

    for application in Application.objects.exclude(redirect_uris=""):
        uris = f"{application.redirect_uris}\n{callback}"
        update_application(application, by=COMMAND_LINE, redirect_uris=uris)


def _fill_and_staff() -> None:
    from authserver.demo_history import fill
    from tenants.models import Membership, Operator, Tenant

    demo, empty = Tenant.objects.get(name="demo"), Tenant.objects.get(name="acme")
    fill(demo)
    for name, tenants, role in ((OPERATOR, (demo, empty), "admin"), (VIEWER, (demo,), "viewer")):
        operator = Operator.objects.create_user(name, password=PASSWORD, is_staff=True, is_superuser=False)
        for tenant in tenants:
            Membership.objects.create(operator=operator, tenant=tenant, role=Membership.Role(role))
