"""Auth0's `passwordPolicy` of a connection: kinds of characters, on top of what `tenants.passwords` asks of everybody.

Rules of composition help little (NIST SP 800-63B §3.1.1.2), so none is asked for unless an operator chooses one.
"""

import re
from collections.abc import Callable
from itertools import groupby

from django.db import models

_KINDS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"), re.compile(r"[^a-zA-Z0-9\s]"))
_EXCELLENT_LENGTH = 10


class PasswordPolicy(models.TextChoices):
    """Auth0's names, from the weakest."""

    NONE = "none", "None: what is asked of everybody"
    LOW = "low", "Low: what is asked of everybody"
    FAIR = "fair", "Fair: a small letter, a capital letter and a digit"
    GOOD = "good", "Good: three of small letters, capital letters, digits and other characters"
    EXCELLENT = "excellent", "Excellent: as good, at least ten characters, none more than twice in a row"


def problem(policy: str, password: str) -> str:
    """What `policy` misses in `password`, as a sentence; "" when nothing."""
    judge = _JUDGES.get(policy)
    return judge(password) if judge else ""


def _fair(password: str) -> str:
    lacks = not all(kind.search(password) for kind in _KINDS[:3])
    return "A password has a small letter, a capital letter and a digit." if lacks else ""


def _good(password: str) -> str:
    lacks = sum(bool(kind.search(password)) for kind in _KINDS) < 3
    return "A password has three of these: small letters, capital letters, digits, other characters." if lacks else ""


def _excellent(password: str) -> str:
    if len(password) < _EXCELLENT_LENGTH:
        return f"A password has at least {_EXCELLENT_LENGTH} characters."
    if any(len(list(run)) > 2 for _, run in groupby(password)):
        return "A password has no character more than twice in a row."
    return _good(password)


_JUDGES: dict[str, Callable[[str], str]] = {
    PasswordPolicy.FAIR: _fair,
    PasswordPolicy.GOOD: _good,
    PasswordPolicy.EXCELLENT: _excellent,
}
