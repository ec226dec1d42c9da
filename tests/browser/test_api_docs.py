"""/api/v2/docs in a browser: Swagger UI from our own origin, under a policy that lets nothing else in."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tenants.rest.router import routes
from tests.browser.person import Person
from tests.people import People

ROUTES = routes()


def test_every_operation_can_be_read_and_nothing_comes_from_elsewhere(
    person: Person, ada: People, servers: dict[str, Any], tmp_path: Path
) -> None:
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.open(f"{servers['product']}/api/v2/docs")
    expect(person.page.locator(".opblock-tag-section").first).to_be_visible()
    headings = person.page.locator(".opblock-tag-section h3")
    assert headings.count() == len({route.resource for route in ROUTES})
    for heading in headings.all():
        heading.click()
    expect(person.page.locator(".opblock")).to_have_count(len(ROUTES))
    person.page.screenshot(path=tmp_path / "docs.png", full_page=True)
    # Besides our own origin only pictures that are in the style sheet itself.
    assert [url for url in asked if not url.startswith((f"{servers['product']}/", "data:"))] == []
    assert any("swagger-ui-bundle" in url for url in asked)


def test_an_operation_is_tried_out_and_answered(
    person: Person, ada: People, servers: dict[str, Any], tmp_path: Path
) -> None:
    person.open(f"{servers['product']}/api/v2/docs#/roles/getRoles")
    operation = person.page.locator(".opblock", has=person.page.get_by_text("/roles", exact=True)).first
    expect(operation).to_contain_text("Scope: read:roles.")
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("Missing authentication")
    person.page.screenshot(path=tmp_path / "tried.png", full_page=True)
