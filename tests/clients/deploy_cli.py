"""Runs auth0-deploy-cli, unmodified, against one tenant: `a0deploy export` and `a0deploy import`, told by environment only.

Also the tenant's Management API by plain HTTP, for what has to be there before.
"""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from tests.clients import node
from tests.clients.server import RealServer

TOOL = node.HERE / "node_modules" / "auth0-deploy-cli" / "lib" / "index.js"
NAMES = node.HERE / "localhost_names.cjs"
# An import compiles the tool's schema for ten seconds, and longer on a busy machine.
SECONDS = 600


class Tenant:
    """One of `tests.clients.tenants`, as the operator of it sees it."""

    def __init__(self, server: RealServer, name: str) -> None:
        self.issuer: str = server.tenants[name]["issuer"]
        self._server, self._management = server, server.tenants[name]["management"]

    def export(self, directory: Path, **settings: str) -> dict[str, Any]:
        """The document that `a0deploy export` writes into `directory`."""
        self.deploy("export", "--format=yaml", "--output_folder", str(directory), **settings)
        return dict(yaml.safe_load((directory / "tenant.yaml").read_text()))

    def bring(self, document: dict[str, Any], directory: Path, **settings: str) -> str:
        """What `a0deploy import` tells of bringing the tenant to `document`."""
        directory.mkdir(exist_ok=True)
        file = directory / "tenant.yaml"
        file.write_text(yaml.safe_dump(document, sort_keys=False))
        return self.deploy("import", "--input_file", str(file), **settings)

    def deploy(self, *command: str, **settings: str) -> str:
        """What the tool tells. Fails with its own words when it does not succeed."""
        environment = {
            "PATH": "",
            "NODE_EXTRA_CA_CERTS": str(self._server.authority),
            "AUTH0_DOMAIN": urlsplit(self.issuer).netloc,
            "AUTH0_CLIENT_ID": self._management["client_id"],
            "AUTH0_CLIENT_SECRET": self._management["client_secret"],
        }
        call = [*node.command(), "--require", str(NAMES), str(TOOL), *command]
        done = subprocess.run(call, env=environment | settings, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def http(self) -> httpx.Client:
        """The tenant's own addresses, without a token."""
        found = urlsplit(self.issuer)
        trust = ssl.create_default_context(cafile=self._server.authority)
        # The name stands in the header only: not every resolver knows names below .localhost.
        address, headers = f"https://localhost:{found.port}", {"Host": found.netloc}
        return httpx.Client(verify=trust, trust_env=False, base_url=address, headers=headers, timeout=300)

    @contextmanager
    def api(self) -> Iterator[httpx.Client]:
        """The same with a token for all of the tenant's Management API."""
        with self.http() as http:
            token = self.token(self._management)
            http.headers["Authorization"] = f"Bearer {token}"
            yield http

    def token(self, application: dict[str, str]) -> str:
        """An access token for `application` itself: client_id, client_secret, audience."""
        asked = application | {"grant_type": "client_credentials"}
        with self.http() as http:
            return str(http.post("/oauth/token", json=asked).raise_for_status().json()["access_token"])
