"""The Management API called from inside the process, by commands: the same shapes, rules and events, and no token.

Whoever runs a command owns the database, so nobody is asked what they may. Nothing here can be reached by a request.
"""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import resolve

from tenants import config_cache
from tenants.changes import Actor
from tenants.http import TenantRequest
from tenants.models import Domain
from tenants.rest.bearer import Caller
from tenants.rest.errors import ManagementError
from tenants.rest.reading import JSON
from tenants.rest.serializers import MAX_PAGE_SIZE


class LocalManagementAPI:
    """/api/v2 of the tenant behind `domain`; changes are made in the name of `by`.

    Every call raises ManagementError where a client would be refused.
    """

    def __init__(self, domain: Domain, by: Actor) -> None:
        self._domain, self._caller = domain, Caller("", frozenset(), {}, command=by)

    def get(self, path: str, **query: Any) -> Any:
        """The document at `path`."""
        return self._call("GET", path, None, query)

    def every(self, path: str, key: str, **query: Any) -> list[Any]:
        """All items of the list at `path`, which stand under `key` in its pages."""
        found: list[Any] = []
        while True:
            paging = {"page": len(found) // MAX_PAGE_SIZE, "per_page": MAX_PAGE_SIZE, "include_totals": "true"}
            page = self.get(path, **query, **paging)
            found += page[key]
            if not page[key] or len(found) >= page["total"]:
                return found

    def post(self, path: str, body: Any) -> Any:
        return self._call("POST", path, body, {})

    def patch(self, path: str, body: Any) -> Any:
        return self._call("PATCH", path, body, {})

    def delete(self, path: str, body: Any = None) -> None:
        self._call("DELETE", path, body, {})

    def _call(self, method: str, path: str, body: Any, query: dict[str, Any]) -> Any:
        request = self._request(method, f"/api/v2/{path}", body, query)
        match = resolve(request.path)
        response = match.func(request, *match.args, **match.kwargs)
        content: Any = json.loads(response.content) if response.content else None
        if response.status_code >= 400:
            raise ManagementError(response.status_code, content["message"], content.get("errorCode", ""))
        return content

    def _request(self, method: str, path: str, body: Any, query: dict[str, Any]) -> TenantRequest:
        sent = b"" if body is None else json.dumps(body).encode()
        request = HttpRequest()
        request.method, request.path, request.path_info = method, path, path
        request.META = {"CONTENT_TYPE": JSON, "CONTENT_LENGTH": str(len(sent)), "HTTP_HOST": self._domain.host}
        request._body = sent
        request.GET = QueryDict(urlencode(query, doseq=True))
        # Read anew for each call: the one before may have changed it.
        domain = Domain.objects.select_related("tenant").get(pk=self._domain.pk)
        request.tenant = config_cache.at_domain(domain)  # type: ignore[attr-defined]
        request.request_id = ""  # type: ignore[attr-defined]
        request.management_caller = self._caller  # type: ignore[attr-defined]
        return request  # type: ignore[return-value]
