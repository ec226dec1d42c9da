"""Read-only tables below a form: rows that belong to what the page shows, with links to their own pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click: it leads to a page, and never changes anything by itself. A quiet one is no button."""

    text: str
    url: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title. Cells are plain values or safe HTML; `empty` is said when there is no row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str
    note: str = ""
    links: Sequence[Link] = field(default_factory=tuple)
