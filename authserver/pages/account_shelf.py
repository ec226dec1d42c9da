"""One list of the account page, a few rows at a time: the page stays small however long somebody's history is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

LISTED = 6
# Behind it nobody has rows.
_LAST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows of one page of a list, and where its neighbours are ("": there are none)."""

    rows: list[Any]
    newer_url: str
    older_url: str

    @classmethod
    def opened(cls, asked: Mapping[str, str], name: str, rows: Any) -> Self:
        """The page of `rows` that the address asks for as `name`; the first one for anything that is no number of a page."""
        text = asked.get(name, "")
        page = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 1
        page = min(max(page, 1), _LAST_PAGE)
        start = (page - 1) * LISTED
        found = list(rows[start : start + LISTED + 1])
        newer = f"/account?{name}={page - 1}#{name}" if page > 1 else ""
        older = f"/account?{name}={page + 1}#{name}" if len(found) > LISTED else ""
        return cls(found[:LISTED], newer, older)
