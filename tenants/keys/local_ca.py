"""A certificate authority for this machine: https on loopback, which browsers and Auth0's SDKs insist on.

Owns the files of one directory: `ca.pem` and `ca.key` (made once), `server.pem` and `server.key` (made anew on each
call). For development only. Installs nothing into a trust store: whoever wants to trust the authority names its file.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from trustme import CA

ORGANISATION = "Latchkey on this machine only"
# Apple's clients refuse a server certificate that lives longer than 825 days, others 398.
CERTIFICATE_DAYS = 397


class UnusableAuthorityError(Exception):
    """`ca.pem` and `ca.key` do not belong together or cannot be read; the message names the mend."""


def issue_server_certificate(directory: Path, names: Iterable[str]) -> Path:
    """Writes `server.pem` and `server.key` (PKCS#8, mode 0600) for host `names` and returns the path of `ca.pem`.

    `names` are host names or IP addresses without a port; OpenSSL matches no wildcard below `localhost`, so each is
    named. Raises UnusableAuthorityError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _authority(directory)
    now = datetime.now(UTC)
    leaf = authority.issue_cert(
        *dict.fromkeys(names),
        organization_name=ORGANISATION,
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=CERTIFICATE_DAYS),
    )
    _write(directory / "server.key", _pkcs8(leaf.private_key_pem.bytes()), mode=0o600)
    _write(directory / "server.pem", b"".join(pem.bytes() for pem in leaf.cert_chain_pems), mode=0o644)
    return directory / "ca.pem"


def _authority(directory: Path) -> CA:
    certificate, key = directory / "ca.pem", directory / "ca.key"
    if not (certificate.exists() and key.exists()):
        made = CA(path_length=0, organization_name=ORGANISATION)
        # The certificate comes last: an interrupted start leaves no authority behind that is half there.
        _write(key, made.private_key_pem.bytes(), mode=0o600)
        _write(certificate, made.cert_pem.bytes(), mode=0o644)
    try:
        return _read(certificate.read_bytes(), key.read_bytes())
    except (OSError, ValueError) as error:
        raise UnusableAuthorityError(f"{certificate} and {key}: {error}. Delete both for new ones.") from error


def _read(certificate: bytes, key: bytes) -> CA:
    public = load_pem_private_key(key, None).public_key()
    if x509.load_pem_x509_certificate(certificate).public_key() != public:
        raise ValueError("the key is not the certificate's")
    return CA.from_pem(certificate, key)


def _pkcs8(pem: bytes) -> bytes:
    """granian reads a private key in PKCS#8 only."""
    return load_pem_private_key(pem, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Replaces `path` in one step; nobody else can read it at any moment when `mode` says so."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    draft.replace(path)
