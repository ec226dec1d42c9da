"""The command itself: `python -m tests.screenshots [--readme [DIRECTORY]]`."""

import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.screenshots import console_pages, public_pages, readme
from tests.screenshots.album import Album
from tests.screenshots.demo import Demo, served_demo

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / "var" / "screenshots"


def main(arguments: list[str]) -> int:
    """Takes all pictures, or with --readme those of the README. 1 when the browser complained of something."""
    into = Path(arguments[1]) if arguments[1:] else readme.DIRECTORY
    started = time.monotonic()
    with served_demo() as demo, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        album = readme.take(browser, demo, into) if arguments else _everything(browser, demo)
        browser.close()
    print(f"{len(album.names)} pages are in {album.directory} ({time.monotonic() - started:.0f} s).")
    for complaint in dict.fromkeys(album.complaints):
        print(f"  {complaint}", file=sys.stderr)
    return 1 if album.complaints else 0


def _everything(browser: Any, demo: Demo) -> Album:
    album = Album(DIRECTORY)
    public_pages.take(browser, demo, album)
    console_pages.take(browser, demo, album)
    public_pages.take_lockout(browser, demo, album)
    return album


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
