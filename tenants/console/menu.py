"""The console's navigation, in the order of the work. Which page stands where, each page says itself (`menu_group`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

OVERVIEW = "Overview"
# The menu: what pages are about, whichever floor they stand on.
GROUPS = ("APIs", "Applications", "People", "Logs", "Tenant")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu. `here` while it, or a page below it, is shown."""

    text: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the menu: `url` is that of its first page."""

    text: str
    url: str
    here: bool
    entries: tuple[Entry, ...]


def menu(request: HttpRequest, pages: Iterable[Any]) -> list[Group]:
    """The menu for the operator of `request`: of `pages`, those that they may look at."""
    index = reverse("admin:index")
    groups = [Group(OVERVIEW, index, request.path == index, ())]
    seen = sorted((page for page in pages if page.has_module_permission(request)), key=lambda page: page.menu_position)
    for name in GROUPS:
        entries = tuple(entry for page in seen if page.menu_group == name for entry in page.menu_entries(request))
        if entries:
            groups.append(Group(name, entries[0].url, any(entry.here for entry in entries), entries))
    return groups
