"""manage.py first_token: asks a running server for a token, proves it from the published keys, and shows how it was done.

Reads what `create_tenant --demo --json` printed. Needs no database: what it does, any client can do.
"""

import json
import shlex
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apis.services.demo import has_page
from tenants.keys import jws

WAIT_SECONDS = 30
TIMEOUT_SECONDS = 10
UNITS = (("hour", 3600), ("minute", 60), ("second", 1))


class Command(BaseCommand):
    help = "Gets a first token from a running demo server and prints the request, the token's claims and the console."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("demo", type=Path, nargs="?", default=settings.VAR_DIR / "demo.json")
        parser.add_argument("--issuer", help="https://localhost:8443/ instead of the issuer in the file")
        parser.add_argument("--cacert", type=Path, help="the certificate authority to trust, with https")
        parser.add_argument("--console-login", type=Path, help="the file with the operator's name and password")

    def handle(self, *, demo: Path, issuer: str | None, cacert: Path | None, console_login: Path | None, **_: Any) -> None:
        document = _read(demo)
        issuer = (issuer or document["issuer"]).rstrip("/") + "/"
        request = _token_request(document, demo)
        try:
            claims = _proven_claims(_Server(issuer, cacert), request)
        except (URLError, OSError, ValueError, KeyError, jws.InvalidTokenError) as error:
            raise CommandError(f"No token from {issuer}: {error}") from error
        story = _story(issuer, request, claims, cacert)
        self.stdout.write(story + _page(issuer, document, demo) + _console(issuer, console_login))


class _Server:
    """The server at `issuer`, asked directly: no proxy stands before this machine itself."""

    def __init__(self, issuer: str, cacert: Path | None) -> None:
        self.issuer = issuer
        context = ssl.create_default_context(cafile=cacert)
        self._open = build_opener(ProxyHandler({}), HTTPSHandler(context=context)).open

    def wait(self) -> None:
        """Returns when the server lives. Raises URLError or OSError when it does not within WAIT_SECONDS."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                self._open(f"{self.issuer}livez", timeout=TIMEOUT_SECONDS).close()
                return
            except (URLError, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def json(self, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at `url`, after a POST of `form` when there is one. Raises ValueError for a refusal."""
        body = urlencode(form).encode() if form else None
        try:
            with self._open(url, body, timeout=TIMEOUT_SECONDS) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as error:
            with error:
                raise ValueError(f"{url} answered {error.code} {error.read(500).decode(errors='replace')}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is not what `create_tenant --demo --json` prints: {error}") from error
    return document


def _token_request(document: dict[str, Any], path: Path) -> dict[str, str]:
    """The parameters of the request. Raises CommandError when the file has no secret to ask with."""
    try:
        application, api = document["applications"]["m2m"], document["apis"][0]
    except (KeyError, IndexError) as error:
        raise CommandError(f"{path} has no demo in it: make it by `create_tenant NAME --domain … --demo --json`.") from error
    if not application["client_secret"]:
        raise CommandError(f"{path} holds no client secret: `create_tenant … --demo --json --rotate` makes a fresh one.")
    return {
        "grant_type": "client_credentials",
        "audience": api["identifier"],
        "client_id": application["client_id"],
        "client_secret": application["client_secret"],
    }


def _proven_claims(server: _Server, request: dict[str, str]) -> dict[str, Any]:
    """The claims of a fresh token, verified with nothing but what the server publishes."""
    server.wait()
    metadata = server.json(f"{server.issuer}.well-known/openid-configuration")
    token = server.json(metadata["token_endpoint"], request)["access_token"]
    keys = {jwk["kid"]: jws.public_key(jwk) for jwk in server.json(metadata["jwks_uri"])["keys"]}
    return jws.verify(token, keys, issuer=server.issuer, audience=request["audience"])


def _story(issuer: str, request: dict[str, str], claims: dict[str, Any], cacert: Path | None) -> str:
    trust = f" --cacert {shlex.quote(str(cacert))}" if cacert else ""
    lines = [f"curl -sS{trust} {shlex.quote(f'{issuer}oauth/token')}"]
    lines += [f"  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in request.items()]
    curl = " \\\n".join(f"  {line}" for line in lines)
    shown = json.dumps(claims, indent=2).replace("\n", "\n  ")
    return (
        f"\nLatchkey answers at {issuer}\n\nPaste this for a token:\n\n{curl}\n\n"
        f"It was just tried. The token, verified with the published keys, says:\n\n  {shown}\n\n{_lifetime(claims)}\n\n"
    )


def _lifetime(claims: dict[str, Any]) -> str:
    seconds = claims["exp"] - claims["iat"]
    unit, length = next((unit, length) for unit, length in UNITS if seconds % length == 0)
    span = f"{seconds // length} {unit}{'' if seconds == length else 's'}"
    ends = datetime.fromtimestamp(claims["exp"], UTC)
    return f"Each token is valid for {span}; this one expires on {ends:%Y-%m-%d at %H:%M:%S} UTC."


def _page(issuer: str, document: dict[str, Any], path: Path) -> str:
    """Where people sign in, and as whom. Nothing where there is no such page."""
    users = document.get("users", [])
    if not users or not has_page(document.get("tenant", ""), urlsplit(issuer).netloc):
        return ""
    password = users[0]["password"] or f"unknown: `create_tenant ... --demo --json --rotate > {path}` makes a fresh one"
    return f"Demo     {issuer}demo/\n         log in as {users[0]['email']}, password {password}\n"


def _console(issuer: str, login: Path | None) -> str:
    """Where the console is and, when `login` names a file that can be read, how to get in."""
    address = f"Console  {issuer}admin/"
    if login is None or not login.exists():
        return address
    words = dict(line.split(None, 1) for line in login.read_text().splitlines() if line.strip())
    return f"{address}\n         username {words['username']}\n         password {words['password']}"
