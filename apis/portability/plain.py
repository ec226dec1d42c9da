"""What a document may be made of, whatever its format can say beyond that: JSON's kinds of values, of a size that is meant.

References make a small file stand for an endless value, and a date or a binary is nothing that the Management API takes.
"""

import math
from typing import Any

# Objects and lists inside each other, as in a body of the Management API.
MAX_DEPTH = 64
# Characters, references written out.
MAX_SIZE = 50_000_000
# About what a value costs beside its characters.
_OVERHEAD = 20


def problem(document: Any) -> str:
    """Why `document` cannot be imported, as the end of a sentence; "" if it can."""
    level, size = [document], 0
    for _ in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for value in level:
            if not _is_plain(value):
                return f"has a value of type {type(value).__name__} where text is expected: put it in quotation marks"
            size += _OVERHEAD + (len(value) if isinstance(value, str) else 0)
            if size + _OVERHEAD * len(deeper) > MAX_SIZE:
                return f"stands for more than {MAX_SIZE:,} characters"
            deeper += _inside(value)
        if not deeper:
            return ""
        level = deeper
    return f"nests deeper than {MAX_DEPTH}"


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) for name in value)
    return value is None or isinstance(value, str | int | list) or (isinstance(value, float) and math.isfinite(value))
