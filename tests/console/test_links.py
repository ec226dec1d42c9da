"""Every link that somebody sees leads somewhere for them, and who may change nothing is offered nothing to change.

Generated: the pages are found from the menu, by going through tabs and links.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site

from tenants import audit
from tenants.console.tabs import TabbedAdmin
from tenants.models import Operator
from tests import factories
from tests.conftest import World
from tests.console.browser import Console
from tests.console.conftest import rows_of
from tests.console.crawling import START, Form, Visit, crawl, kind_of

# What everybody has on each page: who they are, and which of their tenants it is about.
_OF_THE_FRAME = ("/admin/logout/", "/admin/switch-tenant/")
# Their own password is theirs, whatever tenant they are in.
_OWN = ("admin:password_change",)
# Leads to the overview, whoever asks.
_OPEN = ("admin:index", "admin:app_list", *_OWN)
EVERYBODY = ("ada", "vera", "root")


@pytest.fixture
def busy_acme(furnished_acme: World) -> World:
    """acme, with refusals in its log whose pages lead to the settings that decided."""
    acme = furnished_acme
    for wrong in (
        {"audience": "urn:nowhere"},
        {"audience": "urn:hs"},
        {"scope": "delete:orders"},
        {"client_secret": "wrong"},
        {"audience": None},
        {"grant_type": "password", "username": "ada@example.com", "password": "wrong"},
    ):
        assert acme.ask(**wrong).status_code >= 400
    assert acme.ask().status_code == 200
    audit.flush()
    return acme


def broken(visits: list[Visit]) -> list[str]:
    """Addresses that were offered and answer with something else than a page."""
    return [
        f"{visit.came_from} offers {visit.address}: {visit.response.status_code}"
        for visit in visits
        if visit.response.status_code not in (200, 301, 302, 303)
    ]


@pytest.fixture(scope="module")
def walked() -> dict[str, list[Visit]]:
    """Who went through the whole console, and what they saw: once, as it takes its time."""
    return {}


@pytest.fixture
def through(busy_acme: World, globex: World, walked: dict[str, list[Visit]], request: Any) -> Callable[[str], list[Visit]]:
    """Goes through the console as the one of that name. Another tenant stands beside it."""

    def go(name: str) -> list[Visit]:
        if name not in walked:
            walked[name] = list(crawl(request.getfixturevalue(name)))
        return walked[name]

    return go


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_link_that_somebody_sees_leads_to_a_page_of_theirs(name: str, through: Callable[[str], list[Visit]]) -> None:
    visits = through(name)
    assert len(visits) > 60
    assert broken(visits) == []


def test_going_through_the_links_leads_to_every_list_and_every_tab(
    busy_acme: World, ada: Console, through: Callable[[str], list[Visit]]
) -> None:
    opened = {visit.kind.split()[0] for visit in through("ada")}
    assert wanted(busy_acme, ada) - opened == set()


def wanted(world: World, console: Console) -> set[str]:
    """The names of all lists, and of all tabs that some row of the tenant has."""
    names: set[str] = set()
    request = console.get(START).wsgi_request
    for model, page in site._registry.items():
        if model is Operator:
            continue
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        names.add(f"{prefix}_changelist")
        if isinstance(page, TabbedAdmin):
            rows = list(rows_of(world, model))
            names |= {f"{prefix}_{tab.name}" for tab in page.tabs if any(tab.offered(request, row) for row in rows)}
    return names


def changing(visit: Visit) -> list[Form]:
    """The forms of a page that would send something to be changed."""
    return [
        form
        for form in visit.page.forms
        if form.method == "post" and form.buttons and form.action not in _OF_THE_FRAME and not may_be_sent_by_viewers(visit)
    ]


def may_be_sent_by_viewers(visit: Visit) -> bool:
    """Whether the page is one that changes nothing, whoever posts to it."""
    tabs = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{tab.name}"
        for model, page in site._registry.items()
        if isinstance(page, TabbedAdmin)
        for tab in page.tabs
        if tab.viewers_may_post
    }
    return visit.kind.split()[0] in (*tabs, *_OWN)


def test_a_viewer_sees_no_button_that_would_change_something(through: Callable[[str], list[Visit]]) -> None:
    offered = {visit.address: changing(visit) for visit in through("vera")}
    assert {address: forms for address, forms in offered.items() if forms} == {}


def test_an_admin_does_see_them(through: Callable[[str], list[Visit]]) -> None:
    assert len([visit for visit in through("ada") if changing(visit)]) > 20


def test_an_operator_without_rights_sees_neither_link_nor_data(
    busy_acme: World, through: Callable[[str], list[Visit]]
) -> None:
    nobody = Console(factories.make_operator(username="nobody"))
    offered = list(crawl(nobody))
    assert {visit.kind for visit in offered} <= {"admin:index", *_OWN}
    assert not tells(offered[0].page.html, busy_acme)
    for address in {visit.kind: visit.address for visit in through("ada")}.values():
        if kind_of(address).split()[0] in _OPEN:
            continue
        answer = nobody.get(address)
        assert answer.status_code in (403, 404), address
        assert not tells(answer.content.decode(), busy_acme), address


@pytest.mark.parametrize("name", ["ada", "vera"])
def test_no_page_tells_of_another_tenant(globex: World, name: str, through: Callable[[str], list[Visit]]) -> None:
    foreign = (globex.application.client_id, globex.domain.host, str(globex.tenant))
    for visit in through(name):
        assert not [word for word in foreign if word in visit.page.html], visit.address


def tells(html: str, world: World) -> bool:
    return any(word in html for word in (world.application.client_id, world.api.identifier, world.domain.host))
