"""An access token, decoded and verified, as the console shows it. What its members mean is `claim_sentences`'.

For tokens that this server has just made: an API that is handed one trusts nothing of it before the signature holds.
"""

import base64
from dataclasses import dataclass
from typing import Any

import orjson

from authserver.admin.claim_sentences import About, of_claim, of_header
from tenants.keys import jws
from tenants.keys.keyring import NoSigningKeyError, keyring

WITHHELD = "(signature withheld)"


@dataclass(frozen=True, slots=True)
class Said:
    """A member of the token, its value as JSON, and what it means."""

    name: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the token verifies, and how that was found out."""

    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a page says of a token, but the token itself."""

    header: list[Said]
    claims: list[Said]
    verification: Verification


def read(token: str, about: About) -> Reading:
    """What `token` says, and whether its API would believe it."""
    header = _part(token, 0)
    said = [Said(name, _json(value), of_header(name, value)) for name, value in header.items()]
    return Reading(said, read_claims(token, about), verify(token, about))


def read_claims(token: str, about: About) -> list[Said]:
    """The claims of `token`, with a sentence each."""
    claims = _part(token, 1)
    return [Said(name, _json(value), of_claim(name, claims, about)) for name, value in claims.items()]


def verify(token: str, about: About) -> Verification:
    """Verifies `token` as its API does: with the keys that the tenant publishes, or with the secret that it shares."""
    issuer, audience, signer = about.tenant.issuer, about.api.audience, about.api.signer
    try:
        if signer is not None:
            jws.verify_hmac(token, [signer.key], issuer=issuer, audience=audience)
            return Verification(True, "Verified with the secret that the API shares: signature, issuer, audience and time.")
        jws.verify(token, keyring(about.tenant).public_keys, issuer=issuer, audience=audience)
    except (jws.InvalidTokenError, NoSigningKeyError) as error:
        return Verification(False, f"An API would refuse it: {error}.")
    kid = _part(token, 0)["kid"]
    return Verification(True, f"Verified with the published keys (kid {kid}): signature, issuer, audience and time.")


def without_signature(token: str) -> str:
    """`token` as it can be read, and used nowhere."""
    return f"{token.rpartition('.')[0]}.{WITHHELD}"


def _part(token: str, number: int) -> dict[str, Any]:
    encoded = token.split(".")[number]
    decoded: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
