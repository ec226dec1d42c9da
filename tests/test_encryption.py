"""Encryption at rest: unreadable without the key-encryption key, readable across its rotation."""

import pytest
from cryptography.fernet import Fernet

from tenants.keys import encryption
from tenants.models import SigningKey
from tests import factories


def key():
    return Fernet.generate_key().decode()


@pytest.fixture
def keys(settings):
    """Sets the key-encryption keys of this process."""

    def use(*values):
        settings.KEY_ENCRYPTION_KEYS = list(values)

    return use


def test_what_is_encrypted_is_read_again_and_never_the_same_twice():
    first, second = encryption.encrypt(b"secret"), encryption.encrypt(b"secret")
    assert encryption.decrypt(first) == encryption.decrypt(second) == b"secret"
    assert first != second
    assert b"secret" not in first


def test_what_a_database_hands_out_as_a_memoryview_is_read_too():
    assert encryption.decrypt(memoryview(encryption.encrypt(b"secret"))) == b"secret"


def test_without_the_right_key_nothing_is_read(keys):
    value = encryption.encrypt(b"secret")
    keys(key())
    for read in (encryption.decrypt, encryption.rewrap):
        with pytest.raises(encryption.UndecryptableError, match="KEY_ENCRYPTION_KEYS"):
            read(value)


def test_a_damaged_value_is_refused_not_misread():
    value = encryption.encrypt(b"a secret that is long enough")
    middle = len(value) // 2
    flipped = value[:middle] + (b"A" if value[middle : middle + 1] != b"A" else b"B") + value[middle + 1 :]
    for damaged in (flipped, value[:middle], b"", b"not encrypted at all"):
        with pytest.raises(encryption.UndecryptableError):
            encryption.decrypt(damaged)


def test_a_new_key_in_front_encrypts_and_the_old_one_still_reads(keys):
    old, new = key(), key()
    keys(old)
    value = encryption.encrypt(b"secret")
    keys(new, old)
    assert encryption.decrypt(value) == b"secret"
    fresh = encryption.encrypt(b"secret")
    keys(new)
    assert encryption.decrypt(fresh) == b"secret"


def test_after_rewrapping_the_old_key_may_leave(keys):
    old, new = key(), key()
    keys(old)
    value = encryption.encrypt(b"secret")
    keys(new, old)
    value = encryption.rewrap(value)
    keys(new)
    assert encryption.decrypt(value) == b"secret"


@pytest.mark.parametrize("text", ["", "short", "x" * 44, "é" * 44, Fernet.generate_key().decode()[:-2], " "])
def test_what_is_no_key_is_told_apart(text):
    assert not encryption.is_key(text)
    assert encryption.is_key(key())


@pytest.mark.parametrize("text", ["ZGV2ZWxvcG1lbnQtb25seS1rZXktcHVibGlzaGVkISE="])
def test_the_published_development_key_is_at_least_a_key(text):
    assert encryption.is_key(text)


@pytest.mark.fresh_keys
def test_a_dump_of_the_key_table_holds_no_private_key(db):
    factories.make_tenant("acme")
    for row in SigningKey.objects.values():
        assert "PRIVATE KEY" not in str(row)
        assert b"PRIVATE KEY" not in bytes(row["private_key"])
        assert set(row["jwk"]) == {"kty", "use", "alg", "kid", "n", "e", "x5t", "x5c"}
        assert b"PRIVATE KEY" in encryption.decrypt(row["private_key"])
