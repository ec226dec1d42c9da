"""How a page looks: on a screen and a phone, light and dark, zoomed in; axe finds nothing, and nothing scrolls sideways."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.browser.person import Person

SCREEN, PHONE, NARROWEST = ({"width": width, "height": 800} for width in (1280, 390, 320))
# A screen of 1280 by 1024 at 400 % (WCAG 2.2, 1.4.10).
ZOOMED = {"width": 320, "height": 256}
_axe = Axe()


class Album:
    """Screenshots of one test, in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def look(self, person: Person, name: str) -> None:
        """Judges the page that `person` sees, and keeps four pictures of it. Leaves the page as it was."""
        page = person.page
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for device, size in (("screen", SCREEN), ("phone", PHONE)):
                page.set_viewport_size(size)
                page.screenshot(path=self.directory / f"{name}-{scheme}-{device}.png", full_page=True)
            for size in (SCREEN, NARROWEST, ZOOMED):
                page.set_viewport_size(size)
                self._judge(person, f"{name}, {scheme}, {size['width']} by {size['height']}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(SCREEN)

    def _judge(self, person: Person, what: str) -> None:
        page = person.page
        found = _axe.run(page)
        assert found.violations_count == 0, f"{what}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{what}: it scrolls sideways"
        assert not page.evaluate(_TOO_SMALL), f"{what}: targets smaller than 24 px: {page.evaluate(_TOO_SMALL)}"


# WCAG 2.2, 2.5.8: buttons and fields are at least 24 px, however narrow the page.
_TOO_SMALL = """
  [...document.querySelectorAll("button, input:not([type=hidden]), select, summary, a.button")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24)
    .map((one) => one.outerHTML.slice(0, 80))
"""
