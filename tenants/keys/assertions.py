"""Signatures of client assertions (RFC 7523): JWTs that an application signs with a key of its own.

Proves who signed, and nothing about what is said: that is judged in `authserver.client_auth.assertions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
import orjson
from jwt.algorithms import RSAAlgorithm

from tenants.keys.jws import InvalidTokenError, PublicKey

ALGORITHMS = ("RS256", "RS384", "PS256")
# Explicit typing (RFC 8725 §3.11): what an application signs for another purpose with the same key is no assertion.
TYPES = frozenset({"", "jwt", "client-authentication+jwt"})
_JWS = jwt.PyJWS(algorithms=ALGORITHMS)


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key that an application registered: its `kid`, and parsed with the one algorithm that it is registered for."""

    kid: str
    public: PublicKey = field(repr=False)


def verification_key(kid: str, jwk: Mapping[str, Any], alg: str) -> VerificationKey:
    """Parses `jwk`, an RSA key. Raises InvalidTokenError for an algorithm that signs no assertions."""
    if alg not in ALGORITHMS:
        raise InvalidTokenError(f"No assertion is signed with {alg}")
    return VerificationKey(kid, PublicKey(alg, RSAAlgorithm.from_jwk(dict(jwk))))


def unverified_claims(assertion: str) -> dict[str, Any]:
    """What `assertion` says, to find out whose keys to verify it with. Anybody can write that: it proves nothing.

    Raises InvalidTokenError for what is no JWT.
    """
    try:
        payload = _JWS.decode(assertion, options={"verify_signature": False})
        claims = orjson.loads(payload)
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidTokenError("It is no JWT") from error
    if not isinstance(claims, dict):
        raise InvalidTokenError("Its payload is no JSON object")
    return claims


def verified_claims(assertion: str, keys: Sequence[VerificationKey]) -> dict[str, Any]:
    """What `assertion` says, once one of `keys` verified it. A `kid` in its header chooses the key.

    The algorithm is the one the key is registered for, never the header's word (RFC 8725 §3.1). Raises InvalidTokenError,
    with a sentence for the admin.
    """
    try:
        header = _JWS.get_unverified_header(assertion)
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidTokenError("It is no JWT") from error
    if str(header.get("typ", "")).lower().removeprefix("application/") not in TYPES:
        raise InvalidTokenError("Its header says by typ that it is for another purpose")
    named = [key for key in keys if header.get("kid") in (None, key.kid)]
    if not named:
        raise InvalidTokenError("Its header names, by kid, no key that the application has in use")
    algs = sorted({key.public.alg for key in named})
    if header.get("alg") not in algs:
        raise InvalidTokenError(f"It is signed with another algorithm than the key is registered for: {', '.join(algs)}")
    if not any(_fits(assertion, key.public) for key in named):
        raise InvalidTokenError(f"Its signature is of none of these keys: {', '.join(key.kid for key in named)}")
    return unverified_claims(assertion)


def _fits(assertion: str, public: PublicKey) -> bool:
    try:
        _JWS.decode(assertion, public.key, algorithms=[public.alg])
    except (jwt.PyJWTError, ValueError):
        return False
    return True
