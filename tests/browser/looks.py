"""How a page looks: on a screen and a phone, light and dark; axe finds nothing, and at 320 px nothing scrolls sideways."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.browser.person import Person

SCREEN, PHONE, NARROWEST = ({"width": width, "height": 800} for width in (1280, 390, 320))
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
            found = _axe.run(page)
            assert found.violations_count == 0, f"{name}, {scheme}: {found.generate_report()}"
            for device, size in (("screen", SCREEN), ("phone", PHONE)):
                page.set_viewport_size(size)
                page.screenshot(path=self.directory / f"{name}-{scheme}-{device}.png", full_page=True)
        page.set_viewport_size(NARROWEST)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
        page.set_viewport_size(SCREEN)
