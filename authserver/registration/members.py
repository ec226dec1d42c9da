"""The JSON document of a registration, and its members by type. Knows no member by name.

A member that is null counts as left out (RFC 7592 §2.2), an empty text or list likewise.
"""

import json
from typing import Any

from authserver import errors
from authserver.params.reading import JSON
from authserver.registration import addresses
from tenants import profile

MAX_MEMBERS = 100
MAX_TEXT = 255
MAX_SECONDS = 9_999_999_999


def document(content_type: str, body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises InvalidRequest, also for a member that stands twice."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != JSON:
        raise errors.InvalidRequest(reason=f"Content-Type must be {JSON}, not {media_type[:100] or 'nothing'}")
    try:
        found = json.loads(body, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise errors.InvalidRequest(
            reason="The request body must be one JSON object in UTF-8, each member in it once"
        ) from error
    if not isinstance(found, dict):
        raise errors.InvalidRequest(reason="The request body must be a JSON object")
    if len(found) > MAX_MEMBERS:
        raise errors.InvalidClientMetadata(reason=f"At most {MAX_MEMBERS} members")
    return found


class Members:
    """Reads single members of a document. Each method raises InvalidClientMetadata, in a sentence that names the member."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def text(self, name: str, *, longest: int = MAX_TEXT) -> str:
        """A string, "" when it was left out."""
        value = self._values.get(name)
        if value is None:
            return ""
        if not profile.is_text(value) or len(value) > longest:
            raise errors.InvalidClientMetadata(reason=f"{name} must be a string of at most {longest} characters")
        return str(value).strip()

    def texts(self, name: str, *, most: int, longest: int = MAX_TEXT) -> list[str]:
        """Strings, each once, [] when they were left out."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(profile.is_text(item) and 0 < len(item) <= longest for item in value):
            raise errors.InvalidClientMetadata(
                reason=f"{name} must be an array of strings of at most {longest} characters each"
            )
        if len(value) > most:
            raise errors.InvalidClientMetadata(reason=f"{name} must not have more than {most} items")
        return list(dict.fromkeys(value))

    def choice(self, name: str, among: tuple[str, ...], default: str) -> str:
        """One of `among`, `default` when it was left out."""
        value = self.text(name) or default
        if value not in among:
            raise errors.InvalidClientMetadata(reason=f"{name} must be one of: {', '.join(among)}")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when it was left out."""
        value = self._values.get(name)
        if not isinstance(value, bool | None):
            raise errors.InvalidClientMetadata(reason=f"{name} must be true or false")
        return bool(value)

    def seconds(self, name: str) -> int | None:
        """A number of seconds, None when it was left out."""
        value = self._values.get(name)
        # To Python, true is a number.
        if value is not None and (type(value) is not int or not 0 <= value <= MAX_SECONDS):
            raise errors.InvalidClientMetadata(reason=f"{name} must be a whole number of seconds")
        return value

    def address(self, name: str) -> str:
        """An https address to which a browser may be sent, "" when it was left out."""
        value = self.text(name, longest=addresses.MAX_LENGTH)
        if value and (why := addresses.problem(value)):
            raise errors.InvalidClientMetadata(reason=f"{name}: {why}")
        return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
