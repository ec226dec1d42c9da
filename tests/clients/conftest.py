"""One real server for all client libraries, a fresh browser for each test, and the libraries' versions in the summary."""

import logging
from collections.abc import Iterator

import pytest
from auth0.management import ManagementClient

from tests.clients import management_python, versions
from tests.clients.browser import Browser
from tests.clients.server import RealServer, serving
from tests.people import PASSWORD


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with serving(tmp_path_factory.mktemp("clients")) as running:
        yield running


@pytest.fixture
def browser(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # httpx logs addresses, and an authorization answer's address holds its code.
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)
    opened = Browser(server)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tenant(server: RealServer) -> Iterator[RealServer]:
    """The tenant of auth0-python's management client, on the machine of its operator."""
    seen = server.at("python", {"email": "grace@example.com", "password": PASSWORD})
    with management_python.trusting(seen):
        yield seen


@pytest.fixture(scope="module")
def auth0(tenant: RealServer) -> Iterator[ManagementClient]:
    with management_python.client(tenant, tenant.management) as client:
        yield client


@pytest.fixture
def _trusted(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operator sets for Python's requests: the local CA is trusted, and no proxy stands before loopback."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.authority))
    monkeypatch.setenv("NO_PROXY", "localhost")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"Client libraries: {versions.told()}")
