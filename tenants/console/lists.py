"""The list pages: which columns, which filters, and what an address may filter by."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst

from tenants.console.sections import Link


class ConsoleChangeList(ChangeList):
    """A list under its plain name, which says how many rows a search found and nothing when none was made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query:
            self.full_result_count = self.result_count

    def url_for_result(self, result: Any) -> str:
        """A row with tabs leads to its first one."""
        first_page = getattr(self.model_admin, "first_page", None)
        return str(first_page(result) if first_page else super().url_for_result(result))


class PlainLists(ModelAdmin):
    """Lists with links above them, which an address can filter by what the page offers and nothing else."""

    # Fields, besides those of `list_filter`, that an address may filter by.
    linked_filters: Sequence[str] = ()
    # What is said above the list, and instead of it while there is no row at all.
    list_lead = ""
    empty_list = ""

    def list_tools(self, request: HttpRequest) -> Sequence[Link]:
        """Links above the list."""
        return ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ConsoleChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"list_tools": self.list_tools(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Filters are on the page or nowhere: a free choice would let a viewer guess a password hash letter by letter."""
        own = {getattr(entry, "parameter_name", entry) for entry in self.list_filter}
        names = own | set(self.linked_filters)
        return any(lookup in (name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull") for name in names)
