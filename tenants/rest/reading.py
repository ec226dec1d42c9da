"""Body and query of a Management API call, before any serializer sees them."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

from tenants.rest.errors import ManagementError

JSON = "application/json"


def json_body(request: HttpRequest) -> Any:
    """The JSON document in the body; {} when there is none.

    Raises ManagementError: 413 beyond `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, 415 for another content type, 400 for what is no
    JSON, says a member twice, or nests too deeply.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal():
        raise ManagementError(400, "Content-Length must be a number")
    if int(announced) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise ManagementError(413, f"The request body is larger than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes")
    body = request.body
    if not body:
        return {}
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != JSON:
        raise ManagementError(415, f"Send the request body as {JSON}")
    try:
        return json.loads(body, object_pairs_hook=_members, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ManagementError(400, "Invalid request payload JSON format", "invalid_body") from error


def query_values(query: QueryDict, repeatable: frozenset[str]) -> dict[str, Any]:
    """The parameters of an address, those in `repeatable` as lists. Raises ManagementError for another that stands twice."""
    values: dict[str, Any] = {}
    for name, found in query.lists():
        if name in repeatable:
            values[name] = found
        elif len(found) > 1:
            raise ManagementError(400, f"Query validation error: '{name[:100]} stands twice'.", "invalid_query_string")
        else:
            values[name] = found[0]
    return values


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
