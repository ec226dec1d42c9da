"""Encryption at rest under the key-encryption keys of the environment (`KEY_ENCRYPTION_KEYS`).

The first key encrypts, all of them decrypt: a new key goes to the front, `manage.py rotate_keys --rewrap` re-encrypts, and
the old key can leave.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UndecryptableError(Exception):
    """No key-encryption key of this process opens the value: a key has left `KEY_ENCRYPTION_KEYS` too early."""


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _fernet(tuple(settings.KEY_ENCRYPTION_KEYS))


def encrypt(plain: bytes) -> bytes:
    return _current().encrypt(plain)


def decrypt(encrypted: bytes | memoryview) -> bytes:
    """Raises UndecryptableError when no configured key fits."""
    try:
        return _current().decrypt(bytes(encrypted))
    except InvalidToken as error:
        raise UndecryptableError("KEY_ENCRYPTION_KEYS holds no key that opens this value") from error


def rewrap(encrypted: bytes | memoryview) -> bytes:
    """The same value under the first key. Raises UndecryptableError as `decrypt` does."""
    try:
        return _current().rotate(bytes(encrypted))
    except InvalidToken as error:
        raise UndecryptableError("KEY_ENCRYPTION_KEYS holds no key that opens this value") from error


def is_key(text: str) -> bool:
    """True when `text` is a key-encryption key: 32 bytes, URL-safe base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
