"""Signing and verifying compact JWS (RFC 7515) with keys that are parsed once. Knows no claim but the registered ones."""

import base64
import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm, RSAPSSAlgorithm

from tenants.keys.algorithms import ALGORITHMS

_HS256 = HMACAlgorithm(HMACAlgorithm.SHA256)
_ALGORITHMS: dict[str, Any] = {
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "HS256": _HS256,
    "RS512": RSAAlgorithm(RSAAlgorithm.SHA512),
    "PS256": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
    "ES256": ECAlgorithm(ECAlgorithm.SHA256, SECP256R1),
    "EdDSA": OKPAlgorithm(),
}
# What a key is for when its key set leaves `alg` out (tenant flag remove_alg_from_jwks).
_USUAL_ALG = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}
_WIDE = frozenset({"RS512", "EdDSA"})
_BAD_SIGNATURE = "Invalid signature received for JSON Web Token validation"
MAX_TOKEN_LENGTH = 16_384


class InvalidTokenError(Exception):
    """The token is not one that the given keys, issuer and audience vouch for. The message is safe to show."""


class PublicKey(NamedTuple):
    """A parsed public key and the one algorithm that it verifies."""

    alg: str
    key: Any


@dataclass(frozen=True, slots=True)
class Signer:
    """A parsed key and the algorithm it signs with. `sign` is all that the token path needs of it."""

    alg: str
    kid: str
    key: Any

    def sign(self, header: bytes, claims: dict[str, Any]) -> str:
        """`claims` as a compact JWS under `header`, which `encode_header` made once."""
        signing_input = header + b"." + _b64(orjson.dumps(claims))
        return (signing_input + b"." + _b64(_ALGORITHMS[self.alg].sign(signing_input, self.key))).decode()

    def encode_header(self, typ: str) -> bytes:
        """The encoded header: alg, `typ` ("JWT", "at+jwt"), and the kid where the key has one."""
        header = {"alg": self.alg, "typ": typ} | ({"kid": self.kid} if self.kid else {})
        return _b64(orjson.dumps(header))


def key_signer(alg: str, kid: str, private_pem: bytes) -> Signer:
    """A signer of a key that we made ourselves for `alg` and kept under authenticated encryption.

    That is why its consistency is not proven again: for RSA the proof takes 50 ms, the parsing without it 0.1 ms.
    """
    return Signer(alg, kid, load_pem_private_key(private_pem, None, unsafe_skip_rsa_key_validation=True))


def hmac_signer(secret: bytes) -> Signer:
    """A signer for an API or application that shares `secret` with us (HS256)."""
    return Signer("HS256", "", _HS256.prepare_key(secret))


def public_key(jwk: Mapping[str, Any], alg: str = "") -> PublicKey:
    """The parsed public key of `jwk`, for `alg` or, when none is given, for what the JWK says of itself.

    Raises InvalidTokenError when that is no algorithm of key pairs, ValueError or a PyJWT error for a key of another kind.
    """
    alg = alg or jwk.get("alg") or _USUAL_ALG.get(jwk.get("kty", ""), "")
    if alg not in ALGORITHMS:
        raise InvalidTokenError("The key set holds a key of an unknown kind")
    return PublicKey(alg, _ALGORITHMS[alg].from_jwk(dict(jwk)))


def verify(
    token: str,
    public_keys: Mapping[str, PublicKey],
    *,
    issuer: str,
    audience: str | None,
    algs: Container[str] = ALGORITHMS,
    expired_ok: bool = False,
) -> dict[str, Any]:
    """The claims of a `token` that one of `public_keys` (by kid) signed.

    `audience` None leaves `aud` to the caller; `algs` are those of the purpose at hand, where it has fewer than the keys;
    `expired_ok` is for an id_token_hint, which may be genuine and old (OIDC Core §3.1.2.1). Raises InvalidTokenError when
    form, kid, signature, expiry, issuer or audience is wrong. Nothing of the token is used before its signature holds, and
    the algorithm is our record of the key's, never the header's word (RFC 8725 §3.1).
    """
    with _one_error(token):
        kid = jwt.get_unverified_header(token).get("kid")
        public = public_keys.get(kid) if isinstance(kid, str) else None
        if public is None or public.alg not in algs:
            raise InvalidTokenError("Invalid token")
        return _claims(token, public.alg, public.key, issuer=issuer, audience=audience, expired_ok=expired_ok)


def verify_hmac(
    token: str, secrets: Sequence[bytes], *, issuer: str, audience: str | None = None, expired_ok: bool = False
) -> dict[str, Any]:
    """The claims of an HS256 `token` that one of `secrets` signed. Arguments and errors as `verify` has them.

    A secret of fewer than 32 bytes verifies nothing (RFC 7518 §3.2).
    """
    with _one_error(token):
        for secret in secrets:
            with suppress(jwt.InvalidSignatureError):
                return _claims(token, "HS256", secret, issuer=issuer, audience=audience, expired_ok=expired_ok)
    raise InvalidTokenError(_BAD_SIGNATURE)


def unverified_audience(token: str) -> str:
    """The client that an ID token says it is for, to choose with whose keys to verify it; "" when it names no single one.

    Anybody can write that: it proves nothing. Raises no error.
    """
    try:
        with _one_error(token):
            audience = jwt.decode(token, options={"verify_signature": False}).get("aud")
    except InvalidTokenError:
        return ""
    return audience if isinstance(audience, str) else ""


def half_hash(alg: str, value: str) -> str:
    """The left half of the hash of `value`: at_hash, c_hash, s_hash beside an ID token of `alg` (OIDC Core §3.1.3.6).

    The hash is that of the algorithm; Ed25519 uses SHA-512 inside.
    """
    digest = (hashlib.sha512 if alg in _WIDE else hashlib.sha256)(value.encode()).digest()
    return _b64(digest[: len(digest) // 2]).decode()


@contextmanager
def _one_error(token: str) -> Iterator[None]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidTokenError("Invalid token")
    try:
        yield
    except jwt.ExpiredSignatureError as error:
        raise InvalidTokenError("Expired token received for JSON Web Token validation") from error
    except jwt.InvalidSignatureError as error:
        raise InvalidTokenError(_BAD_SIGNATURE) from error
    except jwt.InvalidAudienceError as error:
        raise InvalidTokenError("Bad audience") from error
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidTokenError("Invalid token") from error


def _claims(token: str, alg: str, key: Any, *, issuer: str, audience: str | None, expired_ok: bool) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[alg],
        issuer=issuer,
        audience=audience,
        options={
            "require": ["exp", "iat", "iss", "aud", "sub"],
            "verify_exp": not expired_ok,
            "verify_aud": audience is not None,
            "enforce_minimum_key_length": True,
        },
    )
    return claims


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
