"""Chromium in a thread of its own, the product over https, applications on another site, and Ada.

The browser's driver runs an event loop, and beside one Django refuses to ask the database: so every test of this folder
runs in the browser's thread, and its fixtures, which write rows, in the main one.
"""

import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from apis.services.applications import update_application
from tests import factories
from tests.browser import chromium
from tests.browser.orders_api import AUDIENCE, Issuer, OrdersApi
from tests.browser.person import Person
from tests.browser.relying_party import RelyingParty
from tests.browser.serving import certificate, product, site
from tests.browser.single_page import SinglePage
from tests.conftest import World
from tests.factories import BY
from tests.people import People, make_people

# Seconds. Other parts of the tests run beside this one, on the same few cores.
PATIENCE = 60


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: Any) -> bool | None:
    """Runs a test with a person in the browser's thread; whatever the browser complained of fails it."""
    person = next((value for value in pyfuncitem.funcargs.values() if isinstance(value, Person)), None)
    if person is None:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    pyfuncitem.funcargs["in_browser"](pyfuncitem.obj, **arguments)
    assert person.complaints == []
    return True


@pytest.fixture(scope="session")
def in_browser() -> Iterator[Callable[..., Any]]:
    """Calls a function in the browser's thread and returns what it returns."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser") as pool:
        yield lambda function, *args, **kwargs: pool.submit(function, *args, **kwargs).result()


@pytest.fixture(scope="session")
def tls_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="session")
def tls(tls_directory: Path) -> ssl.SSLContext:
    return certificate(tls_directory)


@pytest.fixture(scope="session")
def servers(django_db_setup: None, tls: ssl.SSLContext) -> Iterator[dict[str, Any]]:
    """What answers in this folder, by name: the product's origin, the orders API, the applications shop, tracker, spa."""
    with ExitStack() as stack:
        yield {
            "product": stack.enter_context(product(tls)),
            "api": stack.enter_context(site(OrdersApi, tls, "127.0.0.1")),
            "shop": stack.enter_context(site(RelyingParty, tls, "shop.localhost")),
            "tracker": stack.enter_context(site(RelyingParty, tls, "shop.localhost")),
            "spa": stack.enter_context(site(SinglePage, tls, "shop.localhost")),
        }


@pytest.fixture(scope="session")
def driver(in_browser: Callable[..., Any], servers: dict[str, Any]) -> Iterator[Any]:
    expect.set_options(timeout=PATIENCE * 1_000)
    started = in_browser(lambda: sync_playwright().start())
    yield started
    in_browser(started.stop)


@pytest.fixture(scope="session")
def browser(in_browser: Callable[..., Any], driver: Any) -> Iterator[Any]:
    launched = in_browser(chromium.launch, driver)
    yield launched
    in_browser(launched.close)


@pytest.fixture
def scripts() -> bool:
    """Whether the browser runs scripts; a test that is parametrized with `scripts` goes both ways."""
    return True


@pytest.fixture
def locale() -> str:
    """The language that the browser asks for; a test module may have another fixture of this name."""
    return "en"


@pytest.fixture
def person(browser: Any, in_browser: Callable[..., Any], scripts: bool, locale: str) -> Iterator[Person]:
    """Somebody with a fresh browser."""
    context = in_browser(browser.new_context, ignore_https_errors=True, java_script_enabled=scripts, locale=locale)
    yield in_browser(lambda: Person(context.new_page()))
    in_browser(context.close)


@pytest.fixture
def ada(transactional_db: None, servers: dict[str, Any]) -> People:
    """Ada and her applications, at the tenant that answers at the product's origin."""
    tenant = factories.make_tenant("acme", servers["product"], support_email="help@acme.example")
    api = factories.make_api(tenant, AUDIENCE, name="Orders")
    application, secret = factories.make_application(tenant)
    return make_people(World(tenant, api, application, secret))


@pytest.fixture
def sites(ada: People, servers: dict[str, Any], tls_directory: Path) -> Iterator[dict[str, Any]]:
    """The servers, knowing Ada's tenant, with the applications' addresses registered there."""
    authority = str(tls_directory / "ca.pem")
    issuer = Issuer(ada.world.issuer, authority)
    address = f"{servers['api'].origin}/orders"
    servers["spa"].settings = {
        "issuer": issuer.issuer,
        "clientId": ada.spa.client_id,
        "audience": AUDIENCE,
        "api": address,
    }
    servers["shop"].client_id, servers["shop"].client_secret = ada.web.client_id, ada.secret
    servers["tracker"].client_id, servers["tracker"].client_secret = ada.spa.client_id, ""
    _register(ada.web, servers["shop"].origin)
    _register(ada.spa, servers["tracker"].origin, servers["spa"].origin)
    with httpx.Client(verify=ssl.create_default_context(cafile=authority), timeout=PATIENCE) as http:
        for name in ("api", "shop", "tracker", "spa"):
            servers[name].issuer, servers[name].http, servers[name].api = issuer, http, address
            servers[name].tokens = None
        yield servers


def _register(application: Any, *origins: str) -> None:
    callbacks = [f"{origin}{path}" for origin in origins for path in ("/callback", "/spa")]
    leave = [f"{origin}{path}" for origin in origins for path in ("/bye", "/spa")]
    update_application(
        application,
        by=BY,
        redirect_uris="\n".join(callbacks),
        post_logout_redirect_uris="\n".join(leave),
        web_origins="\n".join(origins),
        allowed_origins="\n".join(origins),
    )
