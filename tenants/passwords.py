"""Which passwords a person may choose, and the one form in which a password is hashed and compared.

Owns no hashing (`User.set_password`, Argon2id) and no counting of wrong ones (`tenants.throttle`). Length and a list of what
everybody tries are what helps (NIST SP 800-63B §3.1.1.2, ASVS 6.2); a connection may ask for more (`password_policies`).
"""

import unicodedata
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tenants import password_policies
from tenants.password_policies import at_least

MIN_LENGTH = 8
# Characters, of which none is ever cut off. More than anybody types, little enough to cost no time.
MAX_LENGTH = 1_000


def canonical(password: str) -> str:
    """`password` in Unicode's NFC, which is hashed and compared byte for byte, as UTF-8 (RFC 8265 §4.2.2).

    A letter with an accent is one character on some keyboards and two on others; people see no difference. Nothing else is
    touched: no case, no blanks, no look-alikes. What is no text (half a surrogate pair) becomes a question mark, so that
    comparing never fails; `problems` refuses it where a password is chosen.
    """
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode("utf-8")


def problems(password: str, *, email: str, policy: str = "") -> list[Any]:
    """What is wrong with `password` as the choice of the person with `email`: sentences, none when it may be chosen.

    `policy` is that of the person's connection. The sentences are in the language of who reads them: the person's on a
    page, English in the log.
    """
    if not isinstance(password, str) or canonical(password) != unicodedata.normalize("NFC", password):
        return [_("A password is text.")]
    if len(password) < MIN_LENGTH:
        return [at_least(MIN_LENGTH)]
    if len(password) > MAX_LENGTH:
        return [_at_most(MAX_LENGTH)]
    address = email.casefold()
    if password.strip().casefold() in (address, address.partition("@")[0]):
        return [_("A password that is the e-mail address is the first one that others try.")]
    if _is_common(password):
        return [_("Many people use this password, so it is guessed first.")]
    missed = password_policies.problem(policy, password)
    return [missed] if missed else []


def refuse_unfit(password: str, *, email: str, policy: str = "") -> None:
    """Raises ValidationError, at the field `password`, for a password that may not be chosen."""
    if found := problems(password, email=email, policy=policy):
        raise ValidationError({"password": found})


def _at_most(length: int) -> Any:
    sentence = ngettext_lazy(
        "A password has at most {length} character.", "A password has at most {length} characters.", length
    )
    return format_lazy(sentence, length=length)


def _is_common(password: str) -> bool:
    try:
        _common().validate(canonical(password))
    except ValidationError:
        return True
    return False


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()
