"""What the tokens and the userinfo endpoint say about a person (OIDC Core §5.1, §5.4, §5.5)."""

from collections.abc import Iterable
from typing import Any

from authserver.profiles import Profile
from tenants.models import User

# Which claims a scope asks for; those that a user does not have are left out.
_OF_SCOPE: dict[str, tuple[str, ...]] = {
    "profile": (
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
}
_ABOUT_PEOPLE = frozenset(claim for claims in _OF_SCOPE.values() for claim in claims)
# All that can be asked for by name.
SUPPORTED = ("sub", *(claim for claims in _OF_SCOPE.values() for claim in claims))
# Signing in with a password is level 1 of ISO/IEC 29115: one factor, the identity behind it not proven.
ACR = "1"


def scopes_behind(asked: dict[str, Any]) -> tuple[str, ...]:
    """The scopes that would ask for what the `claims` parameter asks for by name: a person allows either way alike."""
    named = {name for member in asked.values() for name in member}
    return tuple(scope for scope, claims in _OF_SCOPE.items() if named.intersection(claims))


def about(user: User, scopes: Iterable[str], asked: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """The claims that `scopes` and the `claims` parameter's member `asked` want, as far as the user has them."""
    wanted = [claim for scope in scopes for claim in _OF_SCOPE.get(scope, ())]
    known = _known(user, profile)
    # Only claims about a person: no name that is asked for may become `aud` or `sub`.
    return {claim: known[claim] for claim in dict.fromkeys([*wanted, *asked]) if claim in known and claim in _ABOUT_PEOPLE}


def _known(user: User, profile: Profile) -> dict[str, Any]:
    """Every claim that has a value."""
    updated = user.updated_at
    claims: dict[str, Any] = {
        **user.standard_claims,
        "name": user.name or user.email,
        "given_name": user.given_name,
        "family_name": user.family_name,
        "nickname": user.nickname or user.email.partition("@")[0],
        "picture": user.picture,
        "updated_at": updated.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        if profile.updated_at_is_text
        else int(updated.timestamp()),
        "email": user.email,
        "email_verified": user.email_verified,
    }
    if user.phone_number:
        claims |= {"phone_number": user.phone_number, "phone_number_verified": user.phone_verified}
    return {name: value for name, value in claims.items() if value not in ("", None)}
