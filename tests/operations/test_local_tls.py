"""manage.py local_tls: an authority made once, and a certificate that OpenSSL accepts for every loopback domain."""

import ssl
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management import CommandError, call_command

from tests import factories


def issue(directory: Path) -> Path:
    """Runs the command and returns the path that it printed."""
    output = StringIO()
    call_command("local_tls", "--directory", str(directory), stdout=output)
    return Path(output.getvalue().strip())


def shake_hands(directory: Path, name: str) -> None:
    """A TLS handshake in memory, by a client that trusts ca.pem and asks for `name`. Raises SSLCertVerificationError."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(directory / "server.pem", directory / "server.key")
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_context.wrap_bio(up, down, server_side=True)
    client = ssl.create_default_context(cafile=directory / "ca.pem").wrap_bio(down, up, server_hostname=name)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "acme.localhost", "shop.localhost"])
def test_the_certificate_is_good_for_every_loopback_domain(db: None, tmp_path: Path, name: str) -> None:
    factories.make_tenant("acme", "https://acme.localhost:8443")
    factories.make_tenant("shop", "shop.localhost")
    issue(tmp_path / "tls")
    shake_hands(tmp_path / "tls", name)


@pytest.mark.parametrize("name", ["auth.example.com", "other.localhost"])
def test_the_certificate_is_good_for_nothing_else(db: None, tmp_path: Path, name: str) -> None:
    factories.make_tenant("acme", "auth.example.com")
    issue(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, name)


def test_the_authority_stays_and_the_certificate_is_new_each_time(db: None, tmp_path: Path) -> None:
    authority = issue(tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert authority == tmp_path / "ca.pem"
    assert issue(tmp_path) == authority
    second = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(name for name in second if second[name] == first[name]) == ["ca.key", "ca.pem"]


def test_private_keys_are_for_their_owner_only_and_in_the_form_that_granian_reads(db: None, tmp_path: Path) -> None:
    issue(tmp_path / "tls")
    assert [(tmp_path / "tls" / name).stat().st_mode & 0o777 for name in ("ca.key", "server.key")] == [0o600, 0o600]
    pem = (tmp_path / "tls" / "server.key").read_bytes()
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----")
    load_pem_private_key(pem, None)


def test_an_authority_that_cannot_be_used_is_told_with_the_mend(db: None, tmp_path: Path) -> None:
    issue(tmp_path / "one")
    issue(tmp_path / "two")
    (tmp_path / "one" / "ca.key").write_bytes((tmp_path / "two" / "ca.key").read_bytes())
    with pytest.raises(CommandError, match=r"the key is not the certificate's\. Delete both for new ones\."):
        issue(tmp_path / "one")
    (tmp_path / "two" / "ca.pem").write_text("no certificate")
    with pytest.raises(CommandError, match="Delete both"):
        issue(tmp_path / "two")
