"""What may be stored about a person beyond the columns of `User`: standard claims and metadata. Judged, never changed.

And what stands for a name that nobody gave.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

MAX_CLAIM_LENGTH = 2_048
# Of one metadata object, as JSON text.
MAX_METADATA_LENGTH = 65_536
# Objects and lists inside each other: no recursion of a reader gets anywhere near its limit.
MAX_METADATA_DEPTH = 32
# What every JSON library reads and writes as the same number.
_LARGEST_NUMBER = 2**63 - 1
# What no address and no log line needs to quote.
_CHOSEN_ID = re.compile(r"[A-Za-z0-9._~@|:+=!$&'()*,;-]{1,200}")
_BIRTHDATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")
_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")
_ADDRESS = ("formatted", "street_address", "locality", "region", "postal_code", "country")
_web_address = URLValidator(["https", "http"])


def is_text(value: object) -> bool:
    """True for a string that every database stores: PostgreSQL has no NUL, and UTF-8 no half of a surrogate pair."""
    return isinstance(value, str) and "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def claim_problems(claims: object) -> list[str]:
    """What is wrong with `claims`, the standard claims that have no column of their own (OIDC Core §5.1)."""
    if not isinstance(claims, dict):
        return ["Further claims are an object of names and values."]
    return [problem for name, value in claims.items() if (problem := _claim_problem(name, value))]


def metadata_problems(metadata: object) -> list[str]:
    """What is wrong with `metadata`, an object of an application's or an operator's own."""
    if not isinstance(metadata, dict):
        return ["Metadata is an object of names and values."]
    if not _is_storable(metadata, MAX_METADATA_DEPTH):
        return [
            "Text must not contain NUL or half a surrogate pair, numbers must be finite and of at most 64 bits, and nothing "
            f"nests deeper than {MAX_METADATA_DEPTH}."
        ]
    return [] if len(json.dumps(metadata)) <= MAX_METADATA_LENGTH else [f"At most {MAX_METADATA_LENGTH} characters of JSON."]


def merged(metadata: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`metadata` after `changes` of its first level; null takes a member away, and no members at all take all away.

    So Auth0 merges user_metadata and app_metadata; what lies deeper is replaced.
    """
    return {name: value for name, value in {**metadata, **changes}.items() if value is not None} if changes else {}


def shown_name(name: str, email: str) -> str:
    """The `name` of a person in tokens and answers: the e-mail when there is none."""
    return name or email


def shown_nickname(nickname: str, email: str) -> str:
    """The `nickname` of a person in tokens and answers: what stands before the @ when there is none."""
    return nickname or email.partition("@")[0]


def refuse_unfit_user_id(chosen: str) -> None:
    """Raises ValidationError, at the field `user_id`, for an id that nobody may choose; it comes without `auth0|`."""
    if not _CHOSEN_ID.fullmatch(chosen):
        raise ValidationError({"user_id": "1 to 200 letters, digits and . _ ~ @ | : + = ! $ & ' ( ) * , ; -"})


def _claim_problem(name: str, value: object) -> str:
    if name not in STANDARD_CLAIMS:
        return f"'{name}' is not among the standard claims that are kept here: {', '.join(STANDARD_CLAIMS)}."
    is_right, rule = STANDARD_CLAIMS[name]
    return "" if is_right(value) else f"'{name}' is {rule}."


def _is_claim(value: Any) -> bool:
    return is_text(value) and 0 < len(value) <= MAX_CLAIM_LENGTH


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: _is_claim(value) and pattern.fullmatch(value) is not None


def _is_web_address(value: Any) -> bool:
    try:
        _web_address(value)
    except ValidationError:
        return False
    return _is_claim(value)


def _is_address(value: Any) -> bool:
    return isinstance(value, dict) and all(name in _ADDRESS and _is_claim(part) for name, part in value.items())


def _is_storable(value: object, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(is_text(name) and _is_storable(part, depth - 1) for name, part in value.items())
    if isinstance(value, list):
        return depth > 0 and all(_is_storable(part, depth - 1) for part in value)
    if isinstance(value, int):
        return abs(value) <= _LARGEST_NUMBER
    if isinstance(value, float):
        return math.isfinite(value)
    return is_text(value) if isinstance(value, str) else True


_TEXT = f"text of 1 to {MAX_CLAIM_LENGTH} characters"
_URL = "a web address such as https://example.com/ada"
# Name → (what it must be, and how that is said). The others have columns: name, given_name, family_name, nickname,
# picture, email, email_verified, phone_number, phone_number_verified, updated_at.
STANDARD_CLAIMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "middle_name": (_is_claim, _TEXT),
    "preferred_username": (_is_claim, _TEXT),
    "profile": (_is_web_address, _URL),
    "website": (_is_web_address, _URL),
    "gender": (_is_claim, _TEXT),
    "birthdate": (_matches(_BIRTHDATE), "a date such as 1815-12-10, a year such as 1815, or 0000-12-10 without its year"),
    "zoneinfo": (_matches(_ZONE), "a time zone such as Europe/London"),
    "locale": (_matches(_LOCALE), "a language tag such as en-GB"),
    "address": (_is_address, f"an object of {', '.join(_ADDRESS)}, each {_TEXT}"),
}
