"""Fixtures that every story shares: a tenant with an API, an application that may call it, and a second tenant like it."""

import gc
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from apis.models import API, Application
from tenants import audit, config_cache
from tenants.keys import generation
from tenants.models import Domain, LogEvent, Tenant
from tenants.rest import rate_limit
from tests import factories
from tests.replay import replayed

pytest_plugins = ["tests.canary", "tests.people", "tests.registrations"]


def pytest_collection_finish() -> None:
    """What is loaded by now stays, so the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


class SecureClient(Client):
    """Django's test client, over https unless told otherwise."""

    def generic(self, *args: Any, secure: bool = True, **kwargs: Any) -> Any:
        return super().generic(*args, secure=secure, **kwargs)

    def get(self, *args: Any, secure: bool = True, **kwargs: Any) -> Any:
        return super().get(*args, secure=secure, **kwargs)

    def post(self, *args: Any, secure: bool = True, **kwargs: Any) -> Any:
        return super().post(*args, secure=secure, **kwargs)

    def options(self, *args: Any, secure: bool = True, **kwargs: Any) -> Any:
        return super().options(*args, secure=secure, **kwargs)


@dataclass(slots=True)
class World:
    """A tenant with one API and one machine-to-machine application that may call it."""

    tenant: Tenant
    api: API
    application: Application
    secret: str

    @property
    def domain(self) -> Domain:
        return self.tenant.domains.get()

    @property
    def issuer(self) -> str:
        return self.domain.issuer

    def http(self, **headers: str) -> Client:
        """A browser or client that talks to this tenant's domain, over https."""
        return SecureClient(headers={"host": self.domain.host, **headers})

    def good_request(self) -> dict[str, str]:
        """The parameters of a client credentials request that is granted."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.application.client_id,
            "client_secret": self.secret,
            "audience": self.api.identifier,
        }

    def ask(self, **changes: Any) -> Any:
        """POST /oauth/token with a good client credentials request, changed by `changes` (None leaves a parameter out)."""
        sent = {name: value for name, value in (self.good_request() | changes).items() if value is not None}
        return self.http().post("/oauth/token", sent, content_type="application/json")

    def events(self, *types: str) -> list[LogEvent]:
        """This tenant's events of `types`, newest first, after what waits was written."""
        audit.flush()
        return list(LogEvent.objects.of(self.tenant).filter(type__in=types))


def build_world(name: str) -> World:
    tenant = factories.make_tenant(name)
    api = factories.make_api(tenant)
    application, secret = factories.make_application(tenant)
    factories.grant(application, api)
    return World(tenant, api, application, secret)


def ready_world(name: str) -> World:
    """`build_world`, from the record. Its keys are not of the pool: a test that draws from that must not meet them again."""

    def build() -> World:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(generation, "generate", _generate)
            return build_world(name)

    return replayed(f"world {name}", build)


@pytest.fixture
def acme(db: None) -> World:
    return ready_world("acme")


@pytest.fixture
def globex(db: None) -> World:
    """The second tenant, in everything alike: what is acme's must not open here."""
    return ready_world("globex")


@pytest.fixture(scope="session")
def key_pool() -> Iterator[Any]:
    """RSA keys are slow to make; tests draw from a few, more than any one test uses."""
    return itertools.cycle([_generate("pool") for _ in range(12)])


_generate = generation.generate


@pytest.fixture(autouse=True)
def _ready_keys(key_pool: Iterator[Any], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "fresh_keys" not in request.keywords:
        monkeypatch.setattr(generation, "generate", lambda _name: next(key_pool))


@pytest.fixture(autouse=True)
def _commit_at_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A test inside a transaction never commits, so what waits for the commit happens at once."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (marker and marker.kwargs.get("transaction")):
        monkeypatch.setattr(transaction, "on_commit", lambda then, **_: then())


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process forgets between tests, as the database does."""
    # A count that is settled in the middle of a test costs statements where others are counted.
    monkeypatch.setattr(rate_limit, "SETTLE_EVERY", float(rate_limit.WINDOW))
    config_cache.clear()
    rate_limit.clear()
    yield
    audit.waiting.clear()
    config_cache.clear()
    rate_limit.clear()
