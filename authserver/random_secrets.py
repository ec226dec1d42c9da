"""The secrets that this floor hands out: codes, refresh tokens, opaque access tokens, cookies.

Nobody can guess 256 random bits, so a plain SHA-256 of them is all that is stored (README, decision 2).
"""

import hashlib
import secrets


def fresh() -> str:
    """256 random bits, URL-safe: 43 characters."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The form in which a secret is stored and looked up: 64 hex digits."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
