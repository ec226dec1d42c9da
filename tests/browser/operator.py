"""An operator at the console who reads what stands on the page, and clicks it. Every click is counted, typing is free."""

from typing import Any

from playwright.sync_api import expect

from tests import factories
from tests.browser.person import Person

PASSWORD = "a Password of 25 letters!"


def make_operator(tenant: Any) -> None:
    """Ada, an admin of `tenant`, who can log in."""
    operator = factories.make_operator(tenant, username="ada")
    operator.set_password(PASSWORD)
    operator.save()


class Operator:
    """Ada at `person`'s browser, logged in at the console of `origin`. Goes by visible words only."""

    def __init__(self, person: Person, origin: str) -> None:
        self.page = person.page
        self.clicks = 0
        self.page.goto(f"{origin}/admin/")
        self.type("Username", "ada")
        self.type("Password", PASSWORD)
        self.click("Log in")
        self.clicks = 0

    def click(self, name: str, role: str = "", nth: int = 0) -> None:
        """Clicks the link or button with this name, and waits for the page that comes of it."""
        found = self.page.get_by_role(role, name=name, exact=True) if role else self._link_or_button(name)
        found.nth(nth).click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def tick(self, name: str) -> None:
        self.page.get_by_role("checkbox", name=name).first.check()
        self.clicks += 1

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(text)

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible()

    def reads(self, label: str) -> str:
        """The value of the field called `label`."""
        return str(self.page.get_by_label(label, exact=True).first.input_value())

    def _link_or_button(self, name: str) -> Any:
        link, button = (self.page.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
        return link.or_(button).locator("visible=true")
