"""Public keys that applications hand us: PEM or X.509 certificate → JWK (RFC 7517). Decides nothing about who uses them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jwt.algorithms import RSAAlgorithm

from tenants.keys.generation import MEMBERS, thumbprint

MIN_BITS = 2048
# A longer one makes every verification slow for us and no forgery harder for anybody.
MAX_BITS = 8192
# FIPS 186-5 §A.1.1 wants more than 2^16; a long one is slow, and no key generator makes it.
MIN_EXPONENT, MAX_EXPONENT = 65_537, 2**32
MAX_PEM_LENGTH = 8_192
BEGIN = "-----BEGIN "
CERTIFICATE = "-----BEGIN CERTIFICATE-----"


class UnusableKeyError(Exception):
    """The text is no key that an application may prove itself with. The message says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """`pem` as it is kept: nothing but the key or its certificate. `jwk` has the bare public members.

    `not_valid_after` is the end of the certificate, None for a key without one.
    """

    pem: str
    kid: str
    jwk: dict[str, Any]
    not_valid_after: datetime | None


def read_client_key(text: str) -> ClientKey:
    """The RSA public key in `text`: PEM of a public key (SPKI or PKCS#1) or of one X.509 certificate.

    Raises UnusableKeyError, also for a private key, of which nothing is kept, logged or shown.
    """
    if "PRIVATE KEY" in text:
        raise UnusableKeyError(
            "This is a private key, which must never leave the application: it has been seen here, so make a new pair, "
            "and send the public key of that."
        )
    if text.count(BEGIN) != 1 or len(text) > MAX_PEM_LENGTH:
        raise UnusableKeyError(f"Expected one public key or certificate in PEM, of at most {MAX_PEM_LENGTH} characters.")
    pem, public, ends = _parsed(text.encode(errors="replace"), is_certificate=CERTIFICATE in text)
    _refuse_weak(public)
    members = {name: value for name, value in RSAAlgorithm.to_jwk(public, as_dict=True).items() if name in MEMBERS}
    return ClientKey(pem=pem.decode(), kid=thumbprint(members), jwk=members, not_valid_after=ends)


def _parsed(pem: bytes, *, is_certificate: bool) -> tuple[bytes, RSAPublicKey, datetime | None]:
    try:
        certificate = x509.load_pem_x509_certificate(pem) if is_certificate else None
        public = certificate.public_key() if certificate else load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise UnusableKeyError("The PEM holds no public key that can be read.") from error
    if not isinstance(public, RSAPublicKey):
        raise UnusableKeyError("Only RSA keys can be used: the algorithms are RS256, RS384 and PS256.")
    if certificate:
        return certificate.public_bytes(Encoding.PEM), public, certificate.not_valid_after_utc
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), public, None


def _refuse_weak(public: RSAPublicKey) -> None:
    if not MIN_BITS <= public.key_size <= MAX_BITS:
        raise UnusableKeyError(
            f"The RSA key has {public.key_size} bits; between {MIN_BITS} and {MAX_BITS} are taken (RFC 7518 §3.3)."
        )
    if not MIN_EXPONENT <= public.public_numbers().e < MAX_EXPONENT:
        raise UnusableKeyError("The public exponent of the RSA key is out of range: 65537 is the usual one.")
