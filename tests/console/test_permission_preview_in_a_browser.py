"""While a permission is typed, its line of the consent page is shown beside it; with scripts off the form does as well."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.operator import PASSWORD, make_operator
from tests.conftest import build_world
from tests.console.conftest import address


def work(base: str, tab: str) -> tuple[list[str], list[str], str]:
    """Types a permission with script, adds it without. Returns complaints, what the preview said, and the page after."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context()
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{base}/admin/")
        page.fill("#id_username", "ada")
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url(f"{base}/admin/")
        page.goto(base + tab)
        said = []
        for field, text, wanted in (
            ("value", "delete:orders", "delete orders"),
            ("description", "Cancel <your> orders", "Cancel <your> orders"),
        ):
            page.fill(f"#id_{field}", text)
            page.wait_for_function(
                "wanted => document.querySelector('[data-preview]').textContent.includes(wanted)", arg=wanted
            )
            said.append(" ".join(page.inner_text("[data-preview]").split()))
        plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state()).new_page()
        plain.goto(base + tab)
        plain.fill("#id_value", "read:bills")
        plain.click("text=Add permission")
        after = plain.inner_text("main")
        browser.close()
    return complaints, said, after


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("plain_http")
def test_the_preview_follows_what_is_typed_and_nothing_needs_it(live_server: Any):
    acme = build_world("acme")
    make_operator(acme.tenant)
    tab = address(type(acme.api), "permissions", acme.api.pk)
    # In a thread of its own: the browser's driver runs an event loop, and beside one Django refuses to ask the database.
    with ThreadPoolExecutor(max_workers=1) as pool:
        complaints, said, after = pool.submit(work, live_server.url, tab).result()
    assert complaints == []
    assert said == ["delete orders Sensitive", "Cancel <your> orders Sensitive"]
    assert "The permission read:bills was added." in after
    assert "Warehouse" in after
