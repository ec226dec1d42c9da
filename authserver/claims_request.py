"""The `claims` parameter (OIDC Core §5.5): which claims an application wants by name, and where."""

from typing import Any

import orjson

from authserver import errors

MAX_LENGTH = 4_096
_MEMBERS = ("userinfo", "id_token")


def parsed(text: str) -> dict[str, Any]:
    """`{"userinfo": {...}, "id_token": {...}}` of what was asked, {} for nothing. Raises InvalidRequest."""
    if not text:
        return {}
    # PostgreSQL stores no NUL, and the request may be stored.
    if "\\u0000" in text:
        raise errors.InvalidRequest(reason="claims must not contain NUL")
    try:
        document = orjson.loads(text) if len(text) <= MAX_LENGTH else None
    except orjson.JSONDecodeError as error:
        raise errors.InvalidRequest(reason="claims must be a JSON object") from error
    if not isinstance(document, dict):
        raise errors.InvalidRequest(reason=f"claims must be a JSON object of at most {MAX_LENGTH} characters")
    asked = {}
    for member in _MEMBERS:
        wanted = document.get(member) or {}
        if not isinstance(wanted, dict) or not all(_is_wish(how) for how in wanted.values()):
            raise errors.InvalidRequest(reason=f"claims.{member} must be an object of claim names with null or plain values")
        if wanted:
            asked[member] = wanted
    return asked


def _is_wish(how: Any) -> bool:
    """null, or an object of plain values and lists of them: deeper nesting is only there to exhaust somebody (T-142)."""
    if not isinstance(how, dict):
        return how is None
    values = [item for value in how.values() for item in (value if isinstance(value, list) else [value])]
    return not any(isinstance(item, dict | list) for item in values)


def wanted_values(asked: dict[str, Any], member: str, claim: str) -> tuple[list[Any], bool]:
    """The values that `claim` may have, none when any will do, and whether it is essential."""
    how = asked.get(member, {}).get(claim) or {}
    values = how.get("values")
    listed = list(values) if isinstance(values, list) else []
    return [how["value"], *listed] if "value" in how else listed, how.get("essential") is True


def subjects(asked: dict[str, Any]) -> frozenset[str] | None:
    """Whose `sub` the answer may have, None when anybody's (OIDC Core §5.5.1). Both members speak of one person."""
    named = [values for member in _MEMBERS if (values := wanted_values(asked, member, "sub")[0])]
    if not named:
        return None
    return frozenset.intersection(*(frozenset(str(value) for value in values) for values in named))
