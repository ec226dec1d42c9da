"""What an import changes, in lines that an operator can read."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from apis.portability.importing import Change

_SIGNS = {"create": "+", "update": "~", "delete": "-"}
_SECRET = frozenset({"client_secret", "signing_secret", "password"})
MAX_SHOWN = 200


def lines(changes: Sequence[Change]) -> Iterator[str]:
    """A line for each item, and for an updated one a line for each member: before → after."""
    for change in changes:
        beside = f" ({change.beside})" if change.beside else ""
        yield f"{_SIGNS[change.action]} {change.kind}: {printable(' / '.join(change.identity))}{beside}"
        if change.action == "update":
            for name, value in change.after.items():
                yield f"    {name}: {_shown(name, change.before.get(name))} → {_shown(name, value)}"


def _shown(name: str, value: Any) -> str:
    if name in _SECRET:
        return "[redacted]"
    text = printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def printable(text: str) -> str:
    """`text` with escapes for what a terminal would obey: whoever may name an application is not who reads this."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
