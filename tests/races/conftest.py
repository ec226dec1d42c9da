"""The production server with four worker processes on the tests' own PostgreSQL, and many clients that ask it at once."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection

from tests.bench import servers
from tests.conftest import build_world
from tests.people import People, make_people

WORKERS = ["--interface", "wsgi", "--workers", "4", "--blocking-threads", "2", "--no-ws", "--http", "1"]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Clients of `people`'s web application at the real server."""

    url: str
    people: People

    def at_once(self, count: int, **parameters: Any) -> list[httpx.Response]:
        """`count` equal token requests, all on their way before the first is answered."""
        form = {"client_id": self.people.web.client_id, "client_secret": self.people.secret} | parameters
        headers = {"Host": self.people.world.domain.host, "X-Forwarded-Proto": "https"}
        return asyncio.run(self._ask(count, form, headers))

    async def _ask(self, count: int, form: dict[str, Any], headers: dict[str, str]) -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=count)
        async with httpx.AsyncClient(base_url=self.url, headers=headers, limits=limits, timeout=300) as http:
            return list(await asyncio.gather(*[http.post("/oauth/token", data=form) for _ in range(count)]))


@pytest.fixture(scope="package")
def server_url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server listens. It knows the same secrets as this process and no test settings."""
    database = connection.settings_dict
    port = servers.free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "SECRET_KEY": settings.SECRET_KEY,
        "KEY_ENCRYPTION_KEYS": ",".join(settings.KEY_ENCRYPTION_KEYS),
        "TRUSTED_PROXIES": "127.0.0.1",
        "DEVELOPMENT": "false",
        # Its events wait for the end: they must not meet a table that is being emptied.
        "AUDIT_FLUSH_SECONDS": "3600",
    }
    log = Path(tmp_path_factory.mktemp("races"), "server.log")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(servers, "GRANIAN", WORKERS)
        with servers.serving("config.wsgi:application", port, environment, log):
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def crowd(transactional_db: None, server_url: str) -> Crowd:
    return Crowd(server_url, make_people(build_world("acme")))
