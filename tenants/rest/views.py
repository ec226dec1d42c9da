"""The view that every operation of /api/v2 is: who calls, may they, what do they send, what are they answered."""

from functools import cached_property
from typing import Any
from urllib.parse import unquote

import orjson
import structlog
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request

from tenants.changes import Actor
from tenants.endpoint import PlainAPIView
from tenants.http import TenantRequest, http_request
from tenants.models import Tenant
from tenants.rest import paging, rate_limit, reading, refusals
from tenants.rest.bearer import Caller, caller
from tenants.rest.errors import ManagementError
from tenants.rest.operations import Operation
from tenants.rest.serializers import Query

logger = structlog.get_logger("latchkey.management_api")

CONTENT_TYPE = "application/json; charset=utf-8"


class ManagementView(PlainAPIView):
    """Base of the resources of /api/v2. A subclass has methods marked with `@operation`; they return rows or a queryset.

    A handler finds the validated `self.query` and `self.body`, the tenant (`self.tenant`) and who to name as the author of
    a change (`self.actor`). It may raise ManagementError, or let a service's ValidationError pass.
    """

    # What a 409 says: the sentence of Auth0 for a name that is taken.
    taken = "The resource already exists."
    # What a 404 says, and its errorCode, of a row that was deleted between two statements of one call.
    absent = ("Not Found", "")
    caller: Caller | None = None
    standing: rate_limit.Standing | None = None
    operation: Operation | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        http = http_request(request)
        admitted = self.admit(http)
        self.operation = operation = self._operation(request)
        if not admitted.may(*operation.scopes):
            expected = ",".join(operation.scopes)
            raise ManagementError(403, f"Insufficient scope, expected any of: {expected}", "insufficient_scope")
        if any("\x00" in unquote(value) for value in kwargs.values()):
            # PostgreSQL would refuse to look for it. Some lookups decode once more.
            raise ManagementError(404, "Not Found")
        self.query = self._query(http, operation)
        self.body = self._body(http, operation)

    def admit(self, http: TenantRequest) -> Caller:
        """Who calls, once that is known and they do not call too often. Raises ManagementError 400, 401, 429."""
        self.caller = admitted = caller(http)
        if admitted.command is None:
            self.standing = rate_limit.spend(http.tenant.id, admitted.client_id)
        if self.standing is not None and self.standing.remaining < 0:
            raise rate_limit.exceeded()
        return admitted

    @property
    def http(self) -> TenantRequest:
        """The request, with its tenant."""
        return http_request(self.request)

    @cached_property
    def tenant(self) -> Tenant:
        """The row of the tenant, for services. Queries start from it as well (`Model.objects.of`)."""
        return Tenant.objects.get(pk=self.http.tenant.id)

    @property
    def actor(self) -> Actor:
        """Who makes the change: the client of the access token."""
        if self.caller is None:
            raise RuntimeError("nobody called yet")
        return self.caller.actor(self.http.META.get("REMOTE_ADDR", ""))

    def may(self, *scopes: str) -> bool:
        """Whether the caller has any of `scopes`, for what an operation shows to some callers only."""
        return self.caller is not None and self.caller.may(*scopes)

    def shown(self, row: Any) -> Any:
        """`row` as this operation answers it."""
        answer = self.operation.answer if self.operation else None
        found = answer(row, context={"view": self}).data if answer else row
        return self._selected(found) if isinstance(found, dict) else found

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        refusal = self._refusal(exc)
        if self.caller is not None and self.caller.command is None:
            refusals.record(refusal, self.http, self.actor)
        return refusal.response()

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not isinstance(response, HttpResponseBase):
            try:
                response = self._response(response)
            except (ManagementError, DatabaseError) as error:
                # A list is read here, beyond what REST framework catches.
                response = self.handle_exception(error)
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers["Cache-Control"] = "no-store"
        if not finished.content:
            finished.headers.pop("Content-Type", None)
        if self.standing is not None:
            self.standing.tell(finished)
        return finished

    def _operation(self, request: Request) -> Operation:
        handler = getattr(self, (request.method or "").lower(), None)
        found = getattr(handler, "operation", None)
        if found is None:
            raise ManagementError(404, "Not Found")
        return found  # type: ignore[no-any-return]

    def _query(self, http: TenantRequest, operation: Operation) -> dict[str, Any]:
        if operation.query is None:
            return {}
        return self.judged(operation.query, reading.query_values(http.GET, operation.query.repeatable()))

    def judged(self, query: type[Query], values: dict[str, Any]) -> dict[str, Any]:
        """`values` of an address as `query` reads them. Raises ManagementError 400."""
        serializer = query(data=values)
        try:
            serializer.is_valid(raise_exception=True)
        except exceptions.ValidationError as error:
            raise refusals.of_serializer(error, refusals.QUERY) from error
        return dict(serializer.validated_data)

    def _body(self, http: TenantRequest, operation: Operation) -> Any:
        if operation.body is None:
            return {}
        serializer = operation.body(
            data=reading.json_body(http),
            partial=http.method == "PATCH" and not operation.body_is_list,
            many=operation.body_is_list,
            context={"view": self},
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _refusal(self, exc: Exception) -> ManagementError:
        if isinstance(exc, ManagementError):
            return exc
        if isinstance(exc, exceptions.MethodNotAllowed):
            return ManagementError(404, "Not Found")
        if isinstance(exc, exceptions.ValidationError):
            return refusals.of_serializer(exc)
        if isinstance(exc, ValidationError):
            has_body = self.operation is not None and self.operation.body is not None
            return refusals.of_rule(exc, self.taken, refusals.BODY if has_body else refusals.OPERATION)
        if isinstance(exc, ObjectDoesNotExist):
            return ManagementError(404, *self.absent)
        if isinstance(exc, DatabaseError):
            refusal = refusals.of_database(exc, self.taken)
            if refusal.status == 503:
                logger.error("database_unavailable", exc_info=exc)
            return refusal
        raise exc

    def _response(self, result: Any) -> HttpResponse:
        operation = self.operation
        if operation is None or result is None:
            return HttpResponse(status=operation.status if operation else 204)
        if operation.lists and isinstance(result, QuerySet):
            result = self._page(operation, result)
        elif operation.answer is not None and not operation.lists:
            result = self.shown(result)
        return HttpResponse(orjson.dumps(result), content_type=CONTENT_TYPE, status=operation.status)

    def _page(self, operation: Operation, rows: QuerySet[Any]) -> Any:
        if paging.is_checkpoint(self.query):
            found, after = paging.by_checkpoint(rows, self.query, operation.order)
            return {operation.lists: [self.shown(row) for row in found]} | ({"next": after} if after else {})
        found, totals = paging.by_page(rows, self.query, operation.order)
        shown = [self.shown(row) for row in found]
        return totals | {operation.lists: shown} if totals else shown

    def _selected(self, members: dict[str, Any]) -> dict[str, Any]:
        """`members` that the `fields` parameter leaves."""
        if "fields" not in self.query:
            return members
        named = {name.strip() for name in self.query["fields"].split(",")}
        wanted = self.query.get("include_fields", True)
        return {name: value for name, value in members.items() if (name in named) is wanted}


class UnknownResource(ManagementView):
    """What /api/v2 says about a resource that it does not have: 401 without a good token, so that nobody can map it."""

    def _operation(self, request: Request) -> Operation:
        raise ManagementError(404, "Not Found")


unknown_resource = UnknownResource.as_view()
