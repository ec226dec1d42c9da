"""Auth0's `client_authentication_methods` of a client (`wire.md` §2.6), read strictly. Writes nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from apis.models import CredentialAlg, TokenEndpointAuthMethod
from tenants.profile import is_text

MEMBER = "client_authentication_methods"
PRIVATE_KEY_JWT = TokenEndpointAuthMethod.PRIVATE_KEY_JWT.value
PUBLIC_KEY = "public_key"
NAME_LENGTH = 128


def read_methods(value: object) -> list[str | dict[str, Any]]:
    """The credentials that `value` names: an id of one that exists, or the arguments of `add_credential` for a new one.

    Raises ValidationError for everything but private_key_jwt, and for members that no credential has.
    """
    methods = {name: method for name, method in _object(value).items() if method is not None}
    if others := sorted(methods.keys() - {PRIVATE_KEY_JWT}):
        raise refusal(f"Only {PRIVATE_KEY_JWT} is supported, not {', '.join(others)[:100]}")
    method = _object(methods.get(PRIVATE_KEY_JWT))
    credentials = method.get("credentials")
    if set(method) != {"credentials"} or not isinstance(credentials, list) or not credentials:
        raise refusal(f"{PRIVATE_KEY_JWT} has a list of credentials, at least one, and nothing else")
    return [_credential(_object(item)) for item in credentials]


def refusal(reason: str) -> ValidationError:
    """`reason`, on the member that it is about."""
    return ValidationError({MEMBER: reason})


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refusal(f"Expected {{{PRIVATE_KEY_JWT}: {{credentials: […]}}}}")
    return value


def _credential(item: Mapping[str, Any]) -> str | dict[str, Any]:
    if set(item) == {"id"} and isinstance(item["id"], str):
        return item["id"]
    given = {name: value for name, value in item.items() if value is not None}
    if given.pop("credential_type", None) != PUBLIC_KEY:
        raise refusal(f"A credential is an id, or a new one of the credential_type {PUBLIC_KEY}")
    if "pem" not in given:
        raise refusal(f"A credential of the type {PUBLIC_KEY} has a pem")
    for name, value in given.items():
        if name not in _MEMBERS or not _MEMBERS[name](value):
            raise refusal(f"A credential has no such {name[:100]}")
    if "expires_at" in given:
        given["expires_at"] = _moment(given["expires_at"])
    return given


def _moment(value: object) -> datetime | None:
    """Without a zone it is UTC. None for what is no moment."""
    try:
        found = value if isinstance(value, datetime) else parse_datetime(value) if isinstance(value, str) else None
        # Some moments on the last day that there is have no counterpart in UTC.
        return found.astimezone(UTC) if found and found.tzinfo else found and found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _is_short_text(value: object) -> bool:
    return is_text(value) and isinstance(value, str) and len(value) <= NAME_LENGTH


_MEMBERS: dict[str, Callable[[Any], bool]] = {
    "pem": lambda value: isinstance(value, str),
    "alg": lambda value: value in CredentialAlg.values,
    "name": _is_short_text,
    "kid": _is_short_text,
    "expires_at": lambda value: _moment(value) is not None,
    "parse_expiry_from_cert": lambda value: isinstance(value, bool),
}
