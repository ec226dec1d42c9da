"""Reading parameters: query, form or JSON, each once. Knows no parameter by name but the repeatable `resource`.

A parameter that stands twice is refused, whichever value would have been meant (RFC 6749 §3.2). One that is sent without a
value counts as left out (the same section); unknown ones are ignored.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

import orjson
from django.http import HttpRequest

from authserver import errors

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MAX_BODY = 65_536
MAX_PARAMETERS = 100
# What may stand more than once (RFC 8707 §2). A second, different one is refused where the audience is decided.
_REPEATABLE = frozenset({"resource"})


def read_body(request: HttpRequest) -> bytes:
    """The body, refused before it is read when it announces more than `MAX_BODY` bytes. Raises BodyTooLarge."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise errors.InvalidRequest(reason="Content-Length must be a number") from error
    if announced > MAX_BODY:
        raise errors.BodyTooLarge(limit=str(MAX_BODY))
    return request.body


def form_or_json(content_type: str, body: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """The parameters in `body` and the values of `resource`.

    Raises UnsupportedContentType, InvalidRequest, RepeatedParameter.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == FORM:
        return _once(_form(body))
    if media_type == JSON:
        return _once(_json(body))
    raise errors.UnsupportedContentType(content_type=media_type[:100] or "nothing")


def form(content_type: str, body: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """As `form_or_json`, for what browsers send: a form and nothing else."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != FORM:
        raise errors.UnsupportedContentType(content_type=media_type[:100] or "nothing")
    return _once(_form(body))


def query(query_string: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The parameters of an address. Raises InvalidRequest, RepeatedParameter."""
    return _once(_form(query_string.encode("latin-1", errors="replace")))


def _form(body: bytes) -> Iterable[tuple[str, str]]:
    """As urllib's parse_qsl reads it, in a third of the time: most values are sent as they are."""
    try:
        pairs = [pair.partition("=") for pair in body.decode("utf-8").split("&") if pair]
        if len(pairs) > MAX_PARAMETERS:
            raise errors.InvalidRequest(reason=f"More than {MAX_PARAMETERS} parameters")
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise errors.InvalidRequest(reason="The request body must be UTF-8") from error


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


def _json(body: bytes) -> Iterable[tuple[str, str]]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.InvalidRequest(reason="The request body must be a JSON object in UTF-8") from error
    if not isinstance(document, dict):
        raise errors.InvalidRequest(reason="The request body must be a JSON object")
    if len(document) > MAX_PARAMETERS:
        raise errors.InvalidRequest(reason=f"More than {MAX_PARAMETERS} parameters")
    _refuse_repeated_members(body)
    return [(name, text) for name, value in document.items() for text in _texts(name, value)]


def _refuse_repeated_members(body: bytes) -> None:
    """orjson keeps the last of two equal members and forgets the first, so a second parser counts them."""

    def pairs(members: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in members:
            if name in seen:
                raise errors.RepeatedParameter(parameter=name[:100])
            seen.add(name)

    try:
        json.loads(body, object_pairs_hook=pairs)
    except RecursionError as error:
        raise errors.InvalidRequest(reason="The request body is nested too deeply") from error


def _texts(name: str, value: Any) -> Iterable[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if name in _REPEATABLE and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise errors.InvalidRequest(reason=f"Parameter must be a string: {name[:100]}")


def _once(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], tuple[str, ...]]:
    values: dict[str, str] = {}
    resources: list[str] = []
    seen: set[str] = set()
    for name, value in pairs:
        if "\x00" in value or "\x00" in name:
            raise errors.InvalidRequest(reason="Parameters must not contain NUL")
        if name in _REPEATABLE:
            resources += [value] if value else []
            continue
        if name in seen:
            raise errors.RepeatedParameter(parameter=name[:100])
        seen.add(name)
        if value:
            values[name] = value
    return values, tuple(resources)
