"""The pictures of the README: the four that say most, small enough to be loaded with it."""

from pathlib import Path
from typing import Any

from tests.screenshots import console_pages, public_pages
from tests.screenshots.album import Album
from tests.screenshots.demo import OPERATOR, Demo

DIRECTORY = Path(__file__).parent / "readme"
SIZE = {"width": 1200, "height": 800}
MOST_BYTES = 150_000


class Showcase(Album):
    """One picture of a page, as much of it as fits on a screen."""

    def show(self, page: Any, name: str, *, scheme: str = "light", height: int = SIZE["height"]) -> None:
        """What `page` shows, as NAME.png. Raises ValueError when the picture is too large for the README."""
        page.set_viewport_size(SIZE | {"height": height})
        page.emulate_media(color_scheme=scheme)
        path = self.directory / f"{name}.png"
        page.screenshot(path=path)
        self.names.append(name)
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are for the README")


def take(browser: Any, demo: Demo, directory: Path = DIRECTORY) -> Showcase:
    """Takes them anew, into `directory`."""
    showcase = Showcase(directory)
    with console_pages.operator(browser, demo, showcase) as ada:
        ada.log_in(OPERATOR)
        ada.go_to_tenant("demo")
        ada.open("/admin/")
        showcase.show(ada.page, "overview")
        ada.open(console_pages.refused_event())
        showcase.show(ada.page, "refusal")
        ada.open(console_pages.test_of("Warehouse"))
        ada.press("Send")
        ada.page.evaluate("document.querySelector('#token').closest('section').scrollIntoView()")
        showcase.show(ada.page, "token", scheme="dark")
    with public_pages.visitor(browser, demo, showcase) as person:
        person.ask("partner", scope="openid profile offline_access read:orders create:orders")
        person.log_in()
        showcase.show(person.page, "consent", height=1_060)
    return showcase
