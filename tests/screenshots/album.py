"""Pictures of one page: light and dark, of a screen and of a telephone."""

from pathlib import Path
from typing import Any

SCREEN, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# What is longer is cut: nobody looks at it.
TALLEST = 6_000


def stretch(page: Any, size: dict[str, int]) -> None:
    """Has all of `page` fit on a screen as wide as `size`: what sticks to an edge then stands at the end, not in between."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**size, "height": max(size["height"], min(height, TALLEST))})


class Album:
    """Takes pictures into `directory`, numbered in the order in which the pages were met."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.names: list[str] = []
        self.complaints: list[str] = []
        directory.mkdir(parents=True, exist_ok=True)
        for old in directory.glob("*.png"):
            old.unlink()

    def take(self, page: Any, name: str) -> None:
        """Four pictures of what `page` shows, called `name`. Leaves it in light, on a screen."""
        self.names.append(name)
        for device, size in (("phone", PHONE), ("screen", SCREEN)):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.complaints.append(f"{name} scrolls sideways on a {device}")
            stretch(page, size)
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=self.directory / f"{name}-{device}-{scheme}.png")
        page.set_viewport_size(SCREEN)

    def listen(self, page: Any) -> None:
        """Notes what the browser complains of on `page`: errors of scripts and of the content security policy."""

        def hear(message: Any) -> None:
            # Refusals are among what is to be seen.
            if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
                self.complaints.append(f"{page.url}: {message.text}")

        page.on("console", hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
