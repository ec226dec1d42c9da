"""/api/v2/users/{user_id}/logs: what a person did and what happened to them. The log of a tenant is `logs`."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from tenants.management_api.found_users import UserView, spellings
from tenants.management_api.log_shapes import LogAnswer
from tenants.models import LogEvent
from tenants.rest.operations import Operation, operation
from tenants.rest.serializers import PageQuery


class UserLogsQuery(PageQuery):
    sort = serializers.ChoiceField(required=False, choices=["date:1", "date:-1"], help_text="Default: the newest first.")


class UserLogs(UserView):
    @operation(
        "Get a user's log events",
        "read:logs",
        "read:logs_users",
        query=UserLogsQuery,
        answer=LogAnswer,
        lists="logs",
        order=("-pk",),
    )
    def get(self, request: Request, user_id: str) -> QuerySet[LogEvent]:
        """Also of a user who was deleted: their events stay as long as all others do."""
        return LogEvent.objects.of(self.http.tenant).filter(user_id__in=spellings(user_id))

    def _page(self, operation: Operation, rows: QuerySet[Any]) -> Any:
        oldest_first = self.query.get("sort") == "date:1"
        return super()._page(replace(operation, order=("pk",)) if oldest_first else operation, rows)
