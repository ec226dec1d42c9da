"""The list of APIs: how many permissions each has and how many applications may call it, counted for the rows shown."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from apis.models import ClientGrant, Permission
from tenants.console.lists import ConsoleChangeList


class APIChangeList(ConsoleChangeList):
    """Rows with `permission_count` and `application_count`; both read the index on the API, for the rows of one page."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        permissions = Permission.objects.filter(api=OuterRef("pk")).order_by().values("api")
        grants = ClientGrant.objects.filter(api=OuterRef("pk")).order_by().values("api")
        return (
            super()
            .get_queryset(request, *args, **kwargs)
            .annotate(
                permission_count=Coalesce(Subquery(permissions.annotate(found=Count("pk")).values("found")), 0),
                application_count=Coalesce(
                    Subquery(grants.annotate(found=Count("application", distinct=True)).values("found")), 0
                ),
            )
        )

    @property
    def nothing_of_its_own(self) -> bool:
        """Whether the tenant has only the Management API, which every tenant is given."""
        narrowed = self.query or self.get_filters_params()
        return not narrowed and all(api.is_system for api in self.result_list)
