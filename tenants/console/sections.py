"""Read-only tables below a form: rows that belong to what the page shows, with links to their own pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click: it leads to a page, and never changes anything by itself."""

    text: str
    url: str


def events_link(term: str) -> Link:
    """The log events that a search for `term` finds: a user_id or a client_id."""
    return Link("Log events", reverse("admin:tenants_logevent_changelist", query={"q": term}))


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title. Cells are plain values or safe HTML; `empty` is said when there is no row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str
    note: str = ""
    links: Sequence[Link] = field(default_factory=tuple)
