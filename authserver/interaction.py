"""Must a person act? `next_step` looks at the request, the session and the consent, and names the next step.

A pure function: it reads nothing and writes nothing, so that all of its cases stand in one table (tests/test_next_step.py).
"""

from dataclasses import dataclass
from enum import StrEnum

from authserver import errors


class Step(StrEnum):
    """What comes next. The endpoint knows how to show each; no step knows another."""

    LOGIN = "login"
    SELECT_ACCOUNT = "select_account"
    CONSENT = "consent"
    RESPOND = "respond"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the decision depends on. Times are seconds since 1970.

    `subject` and `auth_time` are the session's ("" and 0 without one), `required_subjects` are those that the answer may be
    about (id_token_hint, or a `sub` that was asked for), None for anybody. `consent_reason` says why consent is needed, ""
    when it is not.
    """

    started_at: float
    now: float
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    subject: str = ""
    auth_time: float = 0.0
    required_subjects: frozenset[str] | None = None
    account_confirmed: bool = False
    consent_reason: str = ""
    consented: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the person signed in for this very request: no prompt and no max_age asks for more than that."""
        return bool(self.subject) and self.auth_time >= self.started_at


def next_step(situation: Situation) -> Step:
    """The next step. Raises LoginRequired, ConsentRequired: to be answered to the application."""
    silent = "none" in situation.prompt
    if reason := _login_reason(situation):
        # Somebody else than asked for signed in just now: asking again would go round in circles (OIDC Core §3.1.2.1).
        if silent or situation.fresh:
            raise errors.LoginRequired(reason=reason)
        return Step.LOGIN
    if "select_account" in situation.prompt and not (situation.account_confirmed or situation.fresh):
        return Step.SELECT_ACCOUNT
    if reason := _consent_reason(situation):
        if silent:
            raise errors.ConsentRequired(reason=reason)
        return Step.CONSENT
    return Step.RESPOND


def _login_reason(situation: Situation) -> str:
    if not situation.subject:
        return "Nobody is signed in in this browser."
    if situation.required_subjects is not None and situation.subject not in situation.required_subjects:
        return "Somebody else is signed in than the request is about."
    if situation.fresh:
        return ""
    if "login" in situation.prompt:
        return "The application asked for a new login."
    if situation.max_age is not None and situation.now - situation.auth_time > situation.max_age:
        return "The last login is longer ago than max_age."
    return ""


def _consent_reason(situation: Situation) -> str:
    if situation.consented:
        return ""
    if "consent" in situation.prompt:
        return situation.consent_reason or "The application asked to show it again."
    return situation.consent_reason
