"""manage.py run_demo: what `make run` does once everything is installed. Safe to repeat, and to interrupt.

Migrates, has the first start made (`first_start`), serves on loopback by the production server, shows a first token, and
stops all that it started when it is stopped itself (`supervision`). PORT, TLS, TLS_PORT and WEB_CONCURRENCY come from
the environment.
"""

import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

from apis.services.demo import TENANT
from authserver.demo_history import fill
from authserver.management.first_start import ensure_demo_tenant, ensure_operator
from authserver.management.supervision import STOP_SECONDS, refuse_taken_port, supervise
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Serves a demo tenant on this machine and shows a first token."

    def add_arguments(self, parser: CommandParser) -> None:
        env = os.environ
        wants_tls = env.get("TLS", "").lower() not in {"", "0", "false", "no"}
        parser.add_argument("--port", type=int, default=env.get("PORT") or "8000", help="for http (PORT)")
        parser.add_argument("--tls", action="store_true", default=wants_tls, help="https instead of http (TLS=1)")
        parser.add_argument("--tls-port", type=int, default=env.get("TLS_PORT") or "8443", help="for https (TLS_PORT)")
        parser.add_argument("--workers", type=int, default=env.get("WEB_CONCURRENCY") or "2", help="(WEB_CONCURRENCY)")

    def handle(self, *, port: int, tls: bool, tls_port: int, workers: int, **_: Any) -> None:
        served = tls_port if tls else port
        refuse_taken_port(served, "TLS_PORT" if tls else "PORT")
        domains = [f"localhost:{port}"]
        if tls:
            domains = [f"https://localhost:{tls_port}", f"https://{TENANT}.localhost:{tls_port}", *domains]
        tell = self._prepare(domains, tls=tls)
        self.stdout.write(f"Starting at {tell[0]} with {workers} workers. Ctrl-C stops it.")
        self.stdout.flush()
        supervise(_server(served, workers, tls=tls), _first_token(*tell))

    def _prepare(self, domains: list[str], *, tls: bool) -> tuple[str, Path | None, Path | None]:
        """Everything that must be there before the first request: (issuer, file of the CA, file of the login)."""
        settings.VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        login = settings.VAR_DIR / "console-login"
        try:
            call_command("migrate", interactive=False, verbosity=0)
            issuer = ensure_demo_tenant(domains, settings.VAR_DIR / "demo.json")
            fill(Tenant.objects.get(name=TENANT))
            knows_login = ensure_operator(login)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        if settings.DEVELOPMENT:
            settings.STATIC_ROOT.mkdir(exist_ok=True)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)
        if tls:
            call_command("local_tls", stdout=StringIO())
        connections.close_all()
        return issuer, settings.VAR_DIR / "tls" / "ca.pem" if tls else None, login if knows_login else None


def _server(port: int, workers: int, *, tls: bool) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--http", "1", "--no-ws", "--respawn-failed-workers"]
    command += ["--workers-kill-timeout", str(STOP_SECONDS), "--log-level", "warning"]
    if tls:
        files = settings.VAR_DIR / "tls"
        command += ["--ssl-certificate", str(files / "server.pem"), "--ssl-keyfile", str(files / "server.key")]
    return [*command, "config.wsgi:application"]


def _first_token(issuer: str, authority: Path | None, login: Path | None) -> list[str]:
    command = [sys.executable, "manage.py", "first_token", _short(settings.VAR_DIR / "demo.json"), "--issuer", issuer]
    command += ["--cacert", _short(authority)] if authority else []
    return command + (["--console-login", _short(login)] if login else [])


def _short(path: Path) -> str:
    """`path` as a person at this prompt would write it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
