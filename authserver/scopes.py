"""Scopes: lists of words with spaces between (RFC 6749 §3.3), and those that OpenID Connect defines."""

OPENID = "openid"
OFFLINE_ACCESS = "offline_access"
# OIDC Core §5.4: each asks for claims about the person.
PROFILE_SCOPES = ("profile", "email", "address", "phone")
OIDC_SCOPES = (OPENID, *PROFILE_SCOPES, OFFLINE_ACCESS)


def split(text: str) -> tuple[str, ...]:
    """The words of `text`, each once, in their order."""
    return tuple(dict.fromkeys(word for word in text.split(" ") if word))


def joined(scopes: tuple[str, ...] | list[str]) -> str:
    return " ".join(scopes)
