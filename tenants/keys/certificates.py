"""Faces of a key's certificate that Auth0's Management API shows. Makes no certificate (`generation`)."""

import base64
import hashlib
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import pkcs7 as pkcs7_format


def pkcs7(certificate: str) -> str:
    """`certificate`, PEM, alone in a PKCS #7 envelope, PEM (RFC 7468 §8)."""
    parsed = x509.load_pem_x509_certificate(certificate.encode())
    return pkcs7_format.serialize_certificates([parsed], Encoding.PEM).decode()


def faces(certificate: str) -> dict[str, str]:
    """`certificate`, PEM, as a client of Auth0's shows its signing key: cert, pkcs7 and subject (`/CN=acme`)."""
    names = x509.load_pem_x509_certificate(certificate.encode()).subject
    subject = "".join(f"/{name.rfc4514_attribute_name}={name.value!s}" for name in names)
    return {"cert": certificate, "pkcs7": pkcs7(certificate), "subject": subject}


def thumbprint(jwk: dict[str, Any]) -> str:
    """SHA-1 of the certificate in `jwk` (its x5c, RFC 7517 §4.7), 40 hex digits in capitals. A name, no protection."""
    der = base64.b64decode(jwk["x5c"][0])
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()
