"""An application's pages in a real browser: what its script adds, what its policy allows, and that all works without."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from apis.models import Application
from apis.services.applications import create_application
from tests import factories
from tests.browser.chromium import launch
from tests.browser.operator import PASSWORD, make_operator
from tests.conftest import build_world


def log_in(page: Any, base: str) -> None:
    page.goto(f"{base}/admin/login/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{base}/admin/")


def new_application(page: Any, base: str) -> str:
    """Makes a machine, downloads its secret. Returns the file, which must hold the secret that the page shows."""
    page.goto(f"{base}/admin/apis/application/add/")
    page.fill("#id_name", "Night job")
    page.check("[value=non_interactive]")
    page.click("[name=_save]")
    secret = page.input_value("#secret")
    with page.expect_download() as download:
        page.click("a[download]")
    text = download.value.path().read_text()
    assert download.value.suggested_filename == "night-job.env"
    assert f"CLIENT_SECRET={secret}\n" in text
    return base64.b64encode(text.encode()).decode()


def typing(page: Any, url: str) -> None:
    """Types addresses into the settings, and reads what is said of them before they are saved."""
    page.goto(url)
    said = page.locator("[data-field=redirect_uris]")
    page.fill("#id_redirect_uris", "https://good.example/cb\nhttp://bad.example/cb")
    said.locator("li.bad").wait_for()
    assert "Line 2" in said.inner_text()
    assert "loopback only" in said.inner_text()
    page.fill("#id_redirect_uris", "https://good.example/cb")
    said.locator("p.good").wait_for()
    page.fill("#id_redirect_uris", "com.example.app:/cb")
    said.locator("li.bad").wait_for()
    page.select_option("#id_app_type", "native")
    said.locator("li.caution").wait_for()
    page.goto(f"{url}#id_grant_types_0")
    assert page.locator("#id_grant_types_0").is_visible(), "a link to a folded setting unfolds it"


def with_script(browser: Any, base: str, links: list[str]) -> list[str]:
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme="dark")
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, base)
    for link in links:
        assert page.goto(base + link).status == 200, link
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), link
    new_application(page, base)
    typing(page, base + links[1])
    return complaints


def without_script(browser: Any, base: str, links: list[str]) -> None:
    """The same work with scripts off."""
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, base)
    new_application(page, base)
    page.goto(base + links[1])
    page.fill("#id_redirect_uris", "https://good.example/cb\nhttp://bad.example/cb")
    page.click("[name=_save]")
    assert "Line 2, http://bad.example/cb" in page.inner_text(".field-redirect_uris")
    page.goto(base + links[1])
    page.click("summary:has-text('OAuth')")
    page.check("#id_grant_types_0")


def work(base: str, links: list[str]) -> list[str]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        complaints = with_script(browser, base, links)
        without_script(browser, base, links)
        browser.close()
    return complaints


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("plain_http")
def test_an_operator_makes_and_sets_up_an_application_with_a_script_and_without(live_server: Any):
    acme = build_world("acme")
    make_operator(acme.tenant)
    shop = create_application(acme.tenant, "Shop", by=factories.BY, app_type="regular_web")
    tabs = ("quick_start", "change", "credentials", "apis", "sign_ins", "logs", "danger")
    links = [f"/admin/apis/application/{shop.pk}/{tab}/" for tab in tabs]
    links += ["/admin/apis/application/", "/admin/apis/application/add/"]
    # In a thread of its own: the browser's driver runs an event loop, and beside one Django refuses to ask the database.
    with ThreadPoolExecutor(max_workers=1) as pool:
        complaints = pool.submit(work, live_server.url, links).result()
    assert complaints == []
    assert Application.objects.filter(name="Night job").count() == 2
