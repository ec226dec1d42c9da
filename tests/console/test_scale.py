"""The console of a tenant with 10,000 applications, 1,000 APIs and 1,000,000 log events: every page, by what it asks.

Every page is opened that an admin finds by links, with second pages, searches and filters. Each makes at most 20 statements,
and none walks through the log, which PostgreSQL itself is asked about (EXPLAIN ANALYZE).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin import site
from django.db import connection
from django.urls import reverse

from apis.models import API, Application
from tenants.console.pages import object_url
from tenants.console.tabs import TabbedAdmin
from tenants.models import LogEvent, Operator, User
from tests import factories
from tests.conftest import World
from tests.console.browser import Console
from tests.console.crawling import crawl
from tests.console.large_tenant import APIS, APPLICATIONS, EVENTS, large_tenant
from tests.console.plans import Asked, faults, listening

STATEMENTS = 20
# What people look for: something, everything, and nothing that there is.
SEARCHES = ("number 77", "number", "client-4711", "https://api-1.example.com", "person-1@example.com", "no such thing")
# The first has a fifth of the log, the second next to nothing.
LOG_FILTERS: tuple[dict[str, str], ...] = (
    {"client_id": "client-1"},
    {"client_id": "client-4711"},
    {"client_id": "client-4711", "outcome": "refused"},
    {"client_id": "client-1", "audience": "https://api-77.example.com"},
    {"client_id": "client-4711", "audience": "https://api-1.example.com", "type": "feccft"},
    {"user": "person-1@example.com", "last": "day"},
    {"user": "person-4711@example.com", "outcome": "refused"},
    {"outcome": "refused", "last": "hour"},
    {"reason": "NotGranted"},
    {"reason": "NoSuchReason"},
    {"reason": "NotGranted", "client_id": "client-4711"},
    {"type": "limit_wc"},
    {"q": "192.0.2.7"},
    {"q": "request-500000"},
    {"until": "2001-01-01T00:00"},
    {"last": "hour", "q": "nobody@example.com"},
)

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="THE SCALE OF THE CONSOLE IS PROVEN ON POSTGRESQL ONLY (`make test` does): SQLite shows no plans to judge.",
    ),
    pytest.mark.django_db,
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A page, and what it cost."""

    address: str
    kind: str
    status: int
    asked: Asked
    faults: list[str]


class Heard(Console):
    """An operator whose every request is listened to. `asked` is what the last one asked of the database."""

    asked: Asked

    def get(self, *args: Any, **kwargs: Any) -> Any:
        with listening() as self.asked:
            return super().get(*args, **kwargs)


@pytest.fixture(scope="module")
def huge(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        started = time.monotonic()
        with large_tenant() as world:
            print(f"\nThe large tenant was filled in {time.monotonic() - started:.0f} s.")
            yield world


@pytest.fixture(scope="module")
def opened(huge: World) -> list[Opened]:
    """Every page, once."""
    ada = Heard(factories.make_operator(huge.tenant, username="ada"), raise_request_exception=False)
    started, pages = time.monotonic(), []
    for visit in crawl(ada, *addresses(), of_a_kind=1):
        found = [fault for statement in ada.asked.of_log() for fault in faults(statement)]
        pages.append(Opened(visit.address, visit.kind, visit.response.status_code, ada.asked, found))
    print(f"\n{len(pages)} pages were opened and their plans read in {time.monotonic() - started:.0f} s.")
    return pages


def addresses() -> Iterator[str]:
    """Lists with their searches and second pages, every tab of the busiest rows, and the log by its filters."""
    for model, page in site._registry.items():
        if model not in (Operator, LogEvent):
            listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            yield from (f"{listed}?{urlencode({'q': text})}" for text in SEARCHES if page.search_fields)
            yield f"{listed}?p=2"
    for row in (
        API.objects.get(identifier="https://api-1.example.com"),
        API.objects.get(identifier="https://api-77.example.com"),
        Application.objects.get(client_id="client-1"),
        Application.objects.get(client_id="client-4711"),
        User.objects.get(email="person-1@example.com"),
    ):
        yield from tabs(row)
    yield from (f"{reverse('admin:tenants_logevent_changelist')}?{urlencode(query)}" for query in LOG_FILTERS)


def tabs(row: Any) -> Iterator[str]:
    page = site.get_model_admin(type(row))
    assert isinstance(page, TabbedAdmin)
    for tab in page.tabs:
        yield object_url(row, tab.name)
        yield f"{object_url(row, tab.name)}?{urlencode({'q': 'number 77'})}"
        yield f"{object_url(row, tab.name)}?{urlencode({'q': 'no such thing', 'p': '1'})}"


def test_the_tenant_is_as_large_as_was_promised(huge: World) -> None:
    assert Application.objects.of(huge.tenant).count() >= APPLICATIONS
    assert API.objects.of(huge.tenant).count() >= APIS
    assert LogEvent.objects.of(huge.tenant).count() >= EVENTS


def test_every_page_answers(opened: list[Opened]) -> None:
    assert len({page.kind for page in opened}) > 100
    assert [f"{page.address}: {page.status}" for page in opened if page.status not in (200, 302)] == []


def test_no_page_makes_more_than_20_statements(opened: list[Opened]) -> None:
    counted = {page.address: len(page.asked.statements) for page in opened}
    assert {address: count for address, count in counted.items() if count > STATEMENTS} == {}


def test_no_statement_walks_through_the_log(opened: list[Opened]) -> None:
    assert sum(len(page.asked.of_log()) for page in opened) > 50
    assert {page.address: page.faults for page in opened if page.faults} == {}


@pytest.mark.parametrize(
    ("what", "said"),
    [("description LIKE '%%else%%'", "scans the log"), ("tenant_id = (SELECT min(id) FROM tenants_tenant)", "log")],
)
def test_a_walk_through_the_log_would_be_found_out(huge: World, what: str, said: str) -> None:
    with listening() as asked, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM tenants_logevent WHERE {what}", [])
    assert any(said in fault for statement in asked.of_log() for fault in faults(statement))
