"""A fresh key with its public faces: JWK (RFC 7517), thumbprint as kid (RFC 7638), self-signed certificate."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey

BITS = 2048
CERTIFICATE_DAYS = 3650
MEMBERS = frozenset({"kty", "n", "e", "crv", "x", "y"})


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    kid: str
    jwk: dict[str, Any]
    certificate: str
    private_pem: bytes


def generate(common_name: str) -> KeyMaterial:
    """A new RS256 key of 2048 bits; `common_name` stands in its certificate. Takes a tenth of a second."""
    return _material("RS256", _private_key("RS256"), common_name)


def generate_for(alg: str, common_name: str) -> KeyMaterial:
    """A new key for `alg` and nothing else, so that the `alg` of its JWK is true for every token that it signs.

    Raises ValueError for an algorithm without keys of this kind (HS256, none).
    """
    return generate(common_name) if alg == "RS256" else _material(alg, _private_key(alg), common_name)


def thumbprint(members: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a key (RFC 7638 §3). `members` are those that its JWK must have, and no others."""
    return _b64(hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest())


def _private_key(alg: str) -> PrivateKey:
    match alg:
        case "RS256" | "RS512" | "PS256":
            return generate_rsa_key(public_exponent=65537, key_size=BITS)
        case "ES256":
            return generate_private_key(SECP256R1())
        case "EdDSA":
            return Ed25519PrivateKey.generate()
    raise ValueError(f"{alg} has no key pair")


def _material(alg: str, key: PrivateKey, common_name: str) -> KeyMaterial:
    members = _public_members(key)
    kid = thumbprint(members)
    certificate = _certificate(key, common_name[:64])
    der = certificate.public_bytes(serialization.Encoding.DER)
    jwk = {"kty": members["kty"], "use": "sig", "alg": alg, "kid": kid} | members
    jwk["x5t"] = _b64(hashlib.sha1(der, usedforsecurity=False).digest())
    jwk["x5c"] = [base64.b64encode(der).decode()]
    return KeyMaterial(
        kid=kid,
        jwk=jwk,
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        private_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _public_members(key: PrivateKey) -> dict[str, Any]:
    """What a JWK must have of the public key and no more: the input of the thumbprint (RFC 7638 §3.2, RFC 8037 §2)."""
    if isinstance(key, RSAPrivateKey):
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    elif isinstance(key, EllipticCurvePrivateKey):
        public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        public = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: value for name, value in public.items() if name in MEMBERS}


def _certificate(key: PrivateKey, common_name: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        # An Ed25519 signature chooses its hash itself (RFC 8410 §3).
        .sign(key, None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256())
    )


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
