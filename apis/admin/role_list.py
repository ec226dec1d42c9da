"""The list of roles, each with the number of its permissions, and the form of one."""

from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from apis.models import Role
from tenants.console.lists import ConsoleChangeList


class RoleChangeList(ConsoleChangeList):
    """Rows with `permissions_held`, counted by the index on the role for the rows of one page."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        held: Any = Role.permissions.through.objects.filter(role=OuterRef("pk")).order_by().values("role")
        counted = Subquery(held.annotate(found=Count("pk")).values("found"))
        return super().get_queryset(request, *args, **kwargs).annotate(permissions_held=Coalesce(counted, 0))


class RoleForm(forms.ModelForm):
    class Meta:
        model = Role
        fields = ("tenant", "name", "description")
        help_texts = {
            "name": "What operators and the Management API call it, for example Clerk.",
            "description": "For whom it is and what it lets them do. Only operators read it.",
        }
