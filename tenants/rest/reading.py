"""Body and query of a Management API call, before any serializer sees them."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

from tenants.rest.errors import ManagementError

JSON = "application/json"
# Objects and lists inside each other. What is deeper could not be stored and answered without recursing too far.
MAX_DEPTH = 64
# Beyond 64 bits JSON libraries, ours for answers among them, no longer agree on a number.
LARGEST_NUMBER = 2**63 - 1


def json_body(request: HttpRequest) -> Any:
    """The JSON document in the body; {} when there is none.

    Raises ManagementError: 413 beyond `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, 415 for another content type, 400 for what is no
    JSON in UTF-8, says a member twice, nests deeper than `MAX_DEPTH`, or has a number beyond `LARGEST_NUMBER`.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    # Twenty digits are more bytes than anybody has; thousands would be no number to Python.
    if not announced.isdecimal() or len(announced) > 20:
        raise ManagementError(400, "Content-Length must be a number")
    if int(announced) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise ManagementError(413, f"The request body is larger than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes")
    body = request.body
    if not body:
        return {}
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != JSON:
        raise ManagementError(415, f"Send the request body as {JSON}")
    try:
        # Decoded here: for bytes json guesses among encodings, and lets halves of surrogate pairs through.
        document = json.loads(
            body.decode(), object_pairs_hook=_members, parse_constant=_refuse_constant, parse_int=_whole, parse_float=_real
        )
        _refuse_deep(document)
        return document
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


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > LARGEST_NUMBER:
        raise ValueError("a number is too large")
    return number


def _real(digits: str) -> float:
    number = float(digits)
    # PostgreSQL gives a number such as 1e20 back as a whole one.
    if abs(number) > LARGEST_NUMBER:
        raise ValueError("a number is too large")
    return number


def _refuse_deep(document: Any) -> None:
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
