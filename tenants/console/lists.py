"""The list pages: which columns, which filters, and what an address may filter by."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst

from tenants.console.access import reach
from tenants.console.filters import TenantFilter
from tenants.console.sections import Link
from tenants.models import Tenant


class ConsoleChangeList(ChangeList):
    """A list under its plain name, which says how many rows a search found and nothing when none was made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query:
            self.full_result_count = self.result_count


class TenantLists(ModelAdmin):
    """Lists that speak of tenants only to operators who have several."""

    # Fields, besides those of `list_filter`, that an address may filter by.
    linked_filters: Sequence[str] = ()

    def list_tools(self, request: HttpRequest) -> Sequence[Link]:
        """Links above the list."""
        return ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ConsoleChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"list_tools": self.list_tools(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        return columns if has_several_tenants(request) else [column for column in columns if column != "tenant"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        filters = list(super().get_list_filter(request))
        return [TenantFilter, *filters] if has_several_tenants(request) and "tenant" in self.list_display else filters

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Filters are on the page or nowhere: a free choice would let a viewer guess a password hash letter by letter."""
        own = {getattr(entry, "parameter_name", entry) for entry in self.list_filter}
        names = own | {"tenant"} | set(self.linked_filters)
        return any(lookup in (name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull") for name in names)


def has_several_tenants(request: HttpRequest) -> bool:
    """Whether the operator of `request` looks at more than one tenant; asked once per request."""
    found: bool | None = getattr(request, "console_several", None)
    if found is None:
        found = len(reach(request).visible(Tenant.objects.values_list("pk"))[:2]) > 1
        request.console_several = found  # type: ignore[attr-defined]
    return found
