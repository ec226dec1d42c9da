"""Public identifiers in the forms that Auth0's clients know. Random, so that nobody guesses a neighbour's."""

import secrets
import string

_ALPHANUMERIC = string.ascii_letters + string.digits


def _alphanumeric(length: int) -> str:
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(length))


def hex_id() -> str:
    """24 hex digits: an API, a user grant."""
    return secrets.token_hex(12)


def client_id() -> str:
    """32 letters and digits. No user id has this form, so a client can never pass for a user (RFC 9700 §4.15)."""
    return _alphanumeric(32)


def client_grant_id() -> str:
    return f"cgr_{_alphanumeric(16)}"


def credential_id() -> str:
    return f"cred_{_alphanumeric(22)}"


def session_id() -> str:
    """The `sid` of a session: names it in ID tokens and proves nothing."""
    return _alphanumeric(32)


def family_id() -> str:
    return _alphanumeric(22)


def role_id() -> str:
    return f"rol_{_alphanumeric(16)}"


def connection_id() -> str:
    return f"con_{_alphanumeric(16)}"


def user_id() -> str:
    """`auth0|` and 24 hex digits: a user of a database connection."""
    return f"auth0|{secrets.token_hex(12)}"


def client_secret() -> str:
    """A secret of 384 bits, URL-safe so that every client library carries it unharmed in a body or a Basic header."""
    return secrets.token_urlsafe(48)
