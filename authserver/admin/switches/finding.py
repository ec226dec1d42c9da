"""Which rows a page of switches shows: searched, filtered by the effective answer, those switched on first, 25 at a time."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import QueryDict

from apis.models import SubjectType
from authserver.admin.switches.sides import Side

PER_PAGE = 25
MAX_SEARCH = 200
FILTERS = {"": "All", "may": "May call", "stuck": "Switched on, but refused", "not": "May not call"}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and what was looked for. `only` is set while the page shows one row, with all its permissions."""

    page: Page
    search: str
    shown: str
    only: Any = None

    @property
    def rows(self) -> list[Any]:
        return list(self.page.object_list)


def find(side: Side, query: QueryDict) -> Found:
    """The rows that the address asks for. What it asks for wrongly is left out."""
    search = query.get("q", "").strip()[:MAX_SEARCH]
    shown = query.get("show", "")
    if (key := query.get("only")) and (only := side.with_keys([key]).first()):
        return Found(Paginator([only], 1).page(1), "", "", only)
    shown = shown if shown in FILTERS else ""
    rows = side.everything().filter(_filter(side, shown))
    if search:
        rows = rows.filter(side.searched(search))
    first = ExpressionWrapper(_switched(side), output_field=BooleanField())
    rows = rows.annotate(switched=first).order_by("-switched", "name", "pk")
    return Found(Paginator(rows, PER_PAGE).get_page(query.get("page")), search, shown)


def _filter(side: Side, shown: str) -> Q:
    if shown == "may":
        return may_call(side)
    if shown == "stuck":
        return _switched(side) & ~may_call(side)
    return ~may_call(side) if shown == "not" else Q()


def may_call(side: Side) -> Q:
    """The rows for which some switch that they have leads to a token."""
    kinds = SubjectType.values
    return reduce(or_, (side.offered(kind) & side.open_to(kind) & side.ready(kind) & side.granted(kind) for kind in kinds))


def _switched(side: Side) -> Q:
    return reduce(or_, (side.offered(kind) & side.granted(kind) for kind in SubjectType.values))
