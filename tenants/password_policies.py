"""Auth0's `passwordPolicy` of a connection: kinds of characters, on top of what `tenants.passwords` asks of everybody.

Rules of composition help little (NIST SP 800-63B §3.1.1.2), so none is asked for unless an operator chooses one.
"""

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_KINDS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"), re.compile(r"[^a-zA-Z0-9\s]"))
_EXCELLENT_LENGTH = 10


class PasswordPolicy(models.TextChoices):
    """Auth0's names, from the weakest."""

    NONE = "none", "None: what is asked of everybody"
    LOW = "low", "Low: what is asked of everybody"
    FAIR = "fair", "Fair: a small letter, a capital letter and a digit"
    GOOD = "good", "Good: three of small letters, capital letters, digits and other characters"
    EXCELLENT = "excellent", "Excellent: as good, at least ten characters, none more than twice in a row"


def problem(policy: str, password: str) -> Any:
    """What `policy` misses in `password`, as a sentence; "" when nothing."""
    judge = _JUDGES.get(policy)
    return judge(password) if judge else ""


def at_least(length: int) -> Any:
    """The sentence for a password that is shorter."""
    sentence = ngettext_lazy(
        "A password has at least {length} character.", "A password has at least {length} characters.", length
    )
    return format_lazy(sentence, length=length)


def _fair(password: str) -> Any:
    lacks = not all(kind.search(password) for kind in _KINDS[:3])
    return _("A password has a small letter, a capital letter and a digit.") if lacks else ""


def _good(password: str) -> Any:
    if sum(bool(kind.search(password)) for kind in _KINDS) >= 3:
        return ""
    return _("A password has three of these: small letters, capital letters, digits, other characters.")


def _excellent(password: str) -> Any:
    if len(password) < _EXCELLENT_LENGTH:
        return at_least(_EXCELLENT_LENGTH)
    if any(len(list(run)) > 2 for _, run in groupby(password)):
        return _("A password has no character more than twice in a row.")
    return _good(password)


_JUDGES: dict[str, Callable[[str], Any]] = {
    PasswordPolicy.FAIR: _fair,
    PasswordPolicy.GOOD: _good,
    PasswordPolicy.EXCELLENT: _excellent,
}
