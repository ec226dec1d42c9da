"""What the members of an access token mean, one plain sentence each (RFC 7519 §4.1, RFC 9068 §2.2, Auth0's own)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apis.registry import APIValue, ApplicationValue
from tenants.config_cache import CurrentTenant

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class About:
    """Whom a token is from, whom it was issued to, and for which API."""

    tenant: CurrentTenant
    client: ApplicationValue
    api: APIValue


def of_header(name: str, value: Any) -> str:
    """What the header's member `name` means, "" for one that is not known here."""
    return _OF_HEADER[name](value) if name in _OF_HEADER else _ALWAYS_THE_SAME.get(name, "")


def of_claim(name: str, claims: Mapping[str, Any], about: About) -> str:
    """What the claim `name` among `claims` means, "" for one that is not known here."""
    if name in _MOMENTS:
        return _MOMENTS[name].format(_clock(claims[name]))
    return _TOLD[name](claims, about) if name in _TOLD else _ALWAYS_THE_SAME.get(name, "")


def duration(seconds: int) -> str:
    """`seconds` in words, in the largest unit that says it exactly: "five minutes", "36 hours"."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return counted(seconds // size, unit)


def counted(count: int, noun: str) -> str:
    """`count` of what is called `noun`: "one permission", "12 permissions"."""
    return f"{_NUMBERS[count] if count < len(_NUMBERS) else count} {noun}{'' if count == 1 else 's'}"


def _alg(alg: str) -> str:
    if alg == "HS256":
        return "Signed with the secret that the API shares. The API must accept this algorithm and no other."
    return "Signed with the tenant's key. The API must accept this algorithm and no other."


def _typ(typ: str) -> str:
    if typ == "at+jwt":
        return "An access token in the form of RFC 9068: no ID token can pass for it."
    return "A JSON Web Token."


def _sub(claims: Mapping[str, Any], about: About) -> str:
    if claims["sub"].endswith("@clients"):
        return "The application itself: no person stands behind this token."
    return "The person on whose behalf the application calls: always the same for this user."


def _aud(claims: Mapping[str, Any], about: About) -> str:
    here = f"Whom it is for. {about.api.name} checks this: its own identifier must be here."
    return f"{here} The other one opens the person's profile." if isinstance(claims["aud"], list) else here


def _exp(claims: Mapping[str, Any], about: About) -> str:
    return f"Valid until {_clock(claims['exp'])}: for {duration(claims['exp'] - claims['iat'])}."


def _scope(claims: Mapping[str, Any], about: About) -> str:
    allowed = counted(len(claims["scope"].split()), "scope")
    return f"What it allows: {allowed}. The API lets a call through when the one that it needs is among them."


def _client(claims: Mapping[str, Any], about: About) -> str:
    return f"The application that it was issued to: {about.client.name}."


def _clock(seconds: int) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    today = moment.date() == datetime.now(UTC).date()
    return f"{moment:%H:%M} UTC" if today else f"{moment:%d %B %Y, %H:%M} UTC"


_OF_HEADER: dict[str, Callable[[str], str]] = {"alg": _alg, "typ": _typ}

_TOLD: dict[str, Callable[[Mapping[str, Any], About], str]] = {
    "sub": _sub,
    "aud": _aud,
    "exp": _exp,
    "scope": _scope,
    "azp": _client,
    "client_id": _client,
}

_ALWAYS_THE_SAME = {
    "kid": "The name of the key that signed it: by this the API finds it in the key set.",
    "iss": "Who issued it. The API checks this: it must be this address, to the last slash.",
    "gty": "How it was obtained: the application proved who it is, and nobody signed in.",
    "jti": "The token's own name: it is revoked by it.",
    "permissions": "What may be done at the API, for one that reads this claim instead of scope.",
    "acr": "How sure we are of the person: 1 is one factor, the identity behind it not proven.",
    "amr": "How the person signed in: pwd is a password.",
}
_MOMENTS = {"iat": "Issued at {}.", "auth_time": "When the person last signed in: {}."}
