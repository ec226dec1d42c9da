"""Going through the console from link to link, as somebody who opens everything that they are offered.

Owns which pages are opened: one for each kind of address and each set of filters, so that many rows do not make many visits.
What is looked for on them is the test's.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

START = "/admin/"
# Addresses of one kind that are opened, and filters at once that are tried: a page's own and one more.
OF_A_KIND, FILTERS = 3, 2
# Leads away from the person whose pages these are.
_LEAVING = ("/admin/logout/",)


@dataclass(slots=True)
class Form:
    """A form of a page, and the buttons that send it."""

    method: str
    action: str
    id: str
    buttons: list[dict[str, str | None]] = field(default_factory=list)


class Page(HTMLParser):
    """What a page offers: where its links lead, and its forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        elif tag == "form":
            self._inside = True
            self.forms.append(
                Form(str(found.get("method", "get")).lower(), found.get("action") or "", found.get("id") or "")
            )
        elif self._inside and _sends(tag, found):
            self.forms[-1].buttons.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def _sends(tag: str, found: dict[str, str | None]) -> bool:
    kind = found.get("type") or ("submit" if tag == "button" else "text")
    return tag in ("button", "input") and kind in ("submit", "image")


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that was opened, from a link on the page `came_from`."""

    address: str
    came_from: str
    kind: str
    response: Any
    page: Page


def crawl(console: Any, *starts: str, of_a_kind: int = OF_A_KIND) -> Iterator[Visit]:
    """Opens all of `starts`, and of what their links lead to inside the console, a few of each kind."""
    waiting = deque((start, "") for start in (*starts, START))
    opened, seen = Counter[str](), set[str]()
    while waiting:
        address, came_from = waiting.popleft()
        kind = kind_of(address)
        if address in seen or (came_from and opened[kind] >= of_a_kind):
            continue
        seen.add(address)
        opened[kind] += 1
        response = console.get(address)
        if response.status_code in (301, 302, 303) and response.headers["Location"].startswith(START):
            waiting.append((response.headers["Location"], address))
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        visit = Visit(address, came_from, kind, response, Page(response.content.decode() if is_html else ""))
        yield visit
        waiting.extend((link, address) for link in inside(visit.page.links, address))


def inside(links: list[str], page: str) -> list[str]:
    """Those of `links`, as they stand on `page`, that lead to pages of the console, without their fragments."""
    found = (urldefrag(urljoin(page, link)).url for link in links)
    wanted = (link for link in found if link.startswith(START) and not link.startswith(_LEAVING))
    return [link for link in dict.fromkeys(wanted) if len(parse_qsl(urlsplit(link).query)) <= FILTERS]


def kind_of(address: str) -> str:
    """The name of the page at `address` and of its filters; the ids and values are not of the kind."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return parts.path
    return " ".join([name, *sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)})])
