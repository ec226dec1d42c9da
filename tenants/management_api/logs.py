"""/api/v2/logs: what happened in the tenant, page by page or walking forward from a log id (`wire.md` §2.6)."""

from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from tenants.management_api.log_search import MOST_BY_PAGE, refuse_deep_page, searched
from tenants.management_api.log_shapes import LOG_ID_DIGITS, LogAnswer
from tenants.models import LogEvent
from tenants.rest import paging
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.serializers import CheckpointQuery, FieldsQuery
from tenants.rest.views import ManagementView

# Events get their number when they are written and can be read when that is committed. One that is younger than this may
# still have a neighbour with a lower number on the way, which a reader who had gone past it would never see.
SETTLED = timedelta(seconds=2)
_LARGEST = 2**63 - 1


class LogsQuery(FieldsQuery, CheckpointQuery):
    q = serializers.CharField(required=False, allow_blank=True, help_text="Lucene, such as type:fp AND ip:192.0.2.1.")
    search = serializers.CharField(required=False, allow_blank=True, help_text="The same as q.")
    sort = serializers.ChoiceField(required=False, choices=["date:1", "date:-1"], help_text="Default: the newest first.")

    def get_fields(self) -> dict[str, Any]:
        log_id = serializers.CharField(required=False, max_length=LOG_ID_DIGITS, help_text="Events after this log_id.")
        return super().get_fields() | {"from": log_id}


class Logs(ManagementView):
    @operation("Search log events", "read:logs", "read:logs_users", query=LogsQuery, answer=LogAnswer, lists="logs")
    def get(self, request: Request) -> list[Any] | dict[str, Any]:
        """By page the newest events first; with `from` or `take` the oldest first, and a bare list, as Auth0 does."""
        rows = searched(LogEvent.objects.of(self.http.tenant), self.query)
        return self._walk(rows) if paging.is_checkpoint(self.query) else self._by_page(rows)

    def _by_page(self, rows: QuerySet[LogEvent]) -> list[Any] | dict[str, Any]:
        size = self.query.get("per_page", paging.DEFAULT_PAGE_SIZE)
        start = self.query.get("page", 0) * size
        refuse_deep_page(start, size)
        order = "pk" if self.query.get("sort") == "date:1" else "-pk"
        shown = [self.shown(row) for row in rows.order_by(order)[start : start + size]]
        if not self.query.get("include_totals"):
            return shown
        total = rows.order_by()[:MOST_BY_PAGE].count()
        return {"start": start, "limit": size, "length": len(shown), "total": total, "logs": shown}

    def _walk(self, rows: QuerySet[LogEvent]) -> list[Any]:
        if self.query.get("sort") == "date:-1":
            raise ManagementError(
                400, "Query validation error: 'From a log id the way is forward' on property sort.", "invalid_query_string"
            )
        if "from" in self.query:
            rows = rows.filter(pk__gt=_number(self.query["from"]))
        found = rows.order_by("pk")[: self.query.get("take", paging.DEFAULT_PAGE_SIZE)]
        settled = timezone.now() - SETTLED
        return [self.shown(row) for row in takewhile(lambda event: event.date <= settled, found)]


class Log(ManagementView):
    @operation("Get a log event", "read:logs", "read:logs_users", answer=LogAnswer)
    def get(self, request: Request, log_id: str) -> LogEvent:
        number = int(log_id) if log_id.isascii() and log_id.isdecimal() and len(log_id) <= LOG_ID_DIGITS else 0
        event = LogEvent.objects.of(self.http.tenant).filter(pk=number).first() if number <= _LARGEST else None
        if event is None:
            raise ManagementError(404, "The log event does not exist", "inexistent_log")
        return event


def _number(log_id: str) -> int:
    """The number of a log id. Raises ManagementError 400 for what is none."""
    if not (log_id.isascii() and log_id.isdecimal()):
        raise ManagementError(
            400, "Query validation error: 'A log id is a number' on property from.", "invalid_query_string"
        )
    return min(int(log_id), _LARGEST)
