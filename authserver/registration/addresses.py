"""Addresses of an application that nobody vouches for, to which other people's browsers will be sent (T-080).

They are never fetched and never resolved here: a name that resolves to a private network is for the browser to refuse. What
names such a network by itself is refused: every number, in whatever notation, and the names that no public host has.
"""

from urllib.parse import urlsplit

from apis import redirect_uris
from apis.redirect_uris import MAX_LENGTH

__all__ = ["MAX_LENGTH", "problem"]

# RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what ICANN keeps out of the public root because networks use it.
_NOT_PUBLIC = frozenset(
    ["alt", "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "private"]
)


def problem(uri: str) -> str:
    """What is wrong with `uri` as the address of a logo or of a page, "" when nothing is."""
    if uri.split() != [uri]:
        return "an address has no white space."
    if found := redirect_uris.problems(uri, native=False):
        return found[0]
    parts = urlsplit(uri)
    if parts.scheme != "https":
        return f"{uri}: the address must be https."
    return "" if _is_public(parts.hostname or "") else f"{uri}: the host must be a public name, and no address by number."


def _is_public(host: str) -> bool:
    # No public top-level domain begins with a digit; every way to write an IPv4 address ends in a label that does.
    labels = host.split(".")
    return len(labels) > 1 and labels[-1] not in _NOT_PUBLIC and labels[-1][:1].isalpha()
