"""A person at a browser: reads pages, fills in forms, clicks. Notes everything that the browser complains of."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.people import PASSWORD

# Chromium tells of every answer that is a refusal. Those that a test provokes are judged by the test.
REFUSALS = ("/u/", "/authorize", "/oauth/token", "/demo/api/", "/oidc/", "/v2/", "/api/v2/")


class Person:
    """Ada at `page`, a page of Playwright."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(60_000)

    @property
    def title(self) -> str:
        return str(self.page.text_content("h1")).strip()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def open(self, address: str) -> Any:
        return self.page.goto(address)

    def click(self, selector: str) -> None:
        """Clicks what stands on the page, and waits for the page that comes of it."""
        self.page.click(selector)
        self.page.wait_for_load_state()

    def log_in(self, password: str = PASSWORD, email: str = "ada@example.com") -> None:
        assert self.path == "/u/login", self.page.url
        self.page.fill("#username", email)
        self.page.fill("#password", password)
        self.click("#login")

    def allow(self) -> None:
        assert self.path == "/u/consent", self.page.url
        self.click("#consent-allow")

    def hears(self, text: str) -> None:
        """Waits until the page says `text` and nothing else in its place."""
        expect(self.page.locator("output, [role=status]").first).to_contain_text(text)

    def _console(self, message: Any) -> None:
        refused = "the server responded with a status of 4" in message.text
        if refused and urlsplit(message.location["url"]).path.startswith(REFUSALS):
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location['url'].partition('?')[0]})")
