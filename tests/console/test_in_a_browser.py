"""The console in a real browser: what only a browser enforces (policy, cookies, the Origin of a form) must let it work."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.operator import PASSWORD, make_operator
from tests.conftest import build_world


def work(base: str, links: list[str]) -> tuple[list[str], str]:
    """Logs in, opens every page of `links`, makes an application. Returns what the browser complained of, and the secret."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(color_scheme="dark", viewport={"width": 390, "height": 800})
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{base}/admin/")
        page.fill("#id_username", "ada")
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url(f"{base}/admin/")
        for link in links:
            assert page.goto(base + link).status == 200, link
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), link
        page.goto(f"{base}/admin/apis/application/add/")
        page.fill("#id_name", "Shop")
        page.click("[name=_save]")
        secret = page.input_value("#secret")
        browser.close()
    return complaints, secret


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("plain_http")
def test_an_operator_logs_in_and_works_and_the_browser_has_nothing_to_complain_of(live_server: Any):
    acme = build_world("acme")
    make_operator(acme.tenant)
    pages = ("apis/api", "apis/application", "apis/clientgrant", "tenants/tenant", "tenants/user", "tenants/logevent")
    pages += ("apis/role", "authserver/session", "authserver/tokenfamily", "authserver/consent")
    links = [f"/admin/{page}/" for page in pages]
    links += [f"/admin/apis/api/{acme.api.pk}/change/", f"/admin/apis/application/{acme.application.pk}/change/"]
    links += [f"/admin/tenants/signingkey/{key.pk}/change/" for key in acme.tenant.signing_keys.all()]
    links += [f"/admin/tenants/tenant/{acme.tenant.pk}/change/", f"/admin/apis/clientgrant/add/?api={acme.api.pk}"]
    # In a thread of its own: the browser's driver runs an event loop, and beside one Django refuses to ask the database.
    with ThreadPoolExecutor(max_workers=1) as pool:
        complaints, secret = pool.submit(work, live_server.url, links).result()
    assert complaints == []
    assert secret.startswith("canary-")
