"""Every page of the console, looked at as `tests.browser.looks` does: axe finds nothing, light and dark, at 320 px nothing
scrolls sideways, and the browser has nothing to complain of. Which pages there are says the menu, and the tabs of each row.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.contrib.admin import site
from playwright.sync_api import sync_playwright

from apis.models import API, Application, ClientGrant, Role
from tenants.keys import rotation
from tenants.models import Connection, Operator, SigningKey, Tenant, User
from tests import factories
from tests.browser.chromium import launch
from tests.browser.operator import PASSWORD
from tests.conftest import build_world
from tests.console.conftest import address, furnish, rows_of

NOWHERE = "no-such-page"
AXE = AXE_FILE_PATH.read_text(encoding="UTF-8")
ASKING = {
    User: ("password", "block", "sessions_end", "delete", "roles_add", "history"),
    Role: ("delete", "permissions_add"),
    Tenant: ("remove_domain",),
    Application: ("disable", "add_secret"),
    Connection: ("delete",),
    API: ("delete",),
}
# Colours are what a dark page has of its own.
JUDGE = """async (dark) => {
    const colours = {runOnly: {type: "rule", values: ["color-contrast"]}}
    const found = await axe.run(document, dark ? colours : {resultTypes: ["violations"]})
    const where = (one) => one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")
    return found.violations.map((one) => `${one.id}: ${where(one)}`)
}"""


def faults(page: Any, url: str) -> Iterator[str]:
    """What is wrong with the page at `url`."""
    answer = page.goto(url)
    if answer.status != (404 if NOWHERE in url else 200):
        yield f"{url}: {answer.status}"
        return
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        yield from (f"{url}, {scheme}: {fault}" for fault in page.evaluate(JUDGE, scheme == "dark"))
    page.set_viewport_size({"width": 320, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield f"{url} scrolls sideways"
    page.set_viewport_size({"width": 1280, "height": 800})


def walk(base: str, rows: list[str]) -> list[str]:
    """Logs in, then goes to every page of the menu, of each of `rows` every tab. Returns what is wrong anywhere."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        wrong += faults(page, f"{base}/admin/login/")
        page.fill("#id_username", "root")
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url(f"{base}/admin/")
        ahead = ["/admin/", "/admin/password_change/", f"/admin/{NOWHERE}/", *rows]
        seen: set[str] = set()
        for address_of in ahead:
            if address_of in seen:
                continue
            seen.add(address_of)
            wrong += faults(page, base + address_of)
            ahead += page.evaluate("[...document.querySelectorAll('nav.menu a, nav.tabs a')].map((a) => a.pathname)")
        browser.close()
    return wrong


def _rows(world: Any) -> list[str]:
    """The first row of each model, where it can be added, and the pages that ask before something happens."""
    found = []
    for model in (*site._registry, Role, SigningKey, ClientGrant):
        row = rows_of(world, model).order_by("pk").first()
        found += [address(model, "changelist"), address(row, "change", row.pk)]
        for asks in ASKING.get(model, ()):
            more = [world.tenant.domains.get().pk] if asks == "remove_domain" else []
            found.append(address(row, asks, row.pk, *more))
    adds = (API, Application, User, Role, Connection, Tenant, Operator)
    found += [address(model, "add") for model in adds]
    return [*found, address(SigningKey, "rotate"), f"/admin/tenants/operator/{Operator.objects.get().pk}/password/"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("plain_http")
def test_every_page_of_the_console_can_be_read_by_everybody(live_server: Any):
    world = furnish(build_world("acme"))
    rotation.rotate(world.tenant, by=factories.BY)
    operator = factories.make_operator(world.tenant, username="root", is_superuser=True)
    operator.set_password(PASSWORD)
    operator.save()
    # In a thread of its own: the browser's driver runs an event loop, and beside one Django refuses to ask the database.
    with ThreadPoolExecutor(max_workers=1) as pool:
        wrong = pool.submit(walk, live_server.url, _rows(world)).result()
    assert not wrong, "\n\n".join(wrong)
