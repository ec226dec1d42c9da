"""What each meaning of `authserver.errors` is called on the wire: as Auth0 says it (`wire.md` §1.3), or as the RFCs do."""

from authserver.dialects import authorization, people, registration, requests
from authserver.dialects.wording import Wording
from authserver.errors import OAuthError

__all__ = ["Wording", "meanings", "wording"]

_WORDINGS = requests.WORDINGS | authorization.WORDINGS | people.WORDINGS | registration.WORDINGS
_COLUMN = {"auth0": 0, "rfc": 1}


def wording(dialect: str, error: OAuthError) -> Wording:
    """`error` in `dialect` ("auth0" or "rfc"), its particulars filled in."""
    found = _WORDINGS[type(error)][_COLUMN[dialect]]
    return Wording(found.status, found.code, found.text.format_map(error.particulars))


def meanings() -> tuple[type[OAuthError], ...]:
    """Every meaning that has a wording."""
    return tuple(_WORDINGS)
