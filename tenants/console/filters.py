"""Filters beside the lists."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from tenants.console.access import reach
from tenants.models import Tenant


class TenantFilter(SimpleListFilter):
    """One tenant's rows. For operators who have several."""

    title = "tenant"
    parameter_name = "tenant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(tenant.pk), str(tenant)) for tenant in reach(request).visible(Tenant.objects.all())]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() is None:
            return queryset
        known = dict(self.lookup_choices)
        return queryset.filter(tenant=self.value()) if self.value() in known else queryset.none()
