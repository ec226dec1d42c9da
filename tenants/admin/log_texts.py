"""Log events in words: what Auth0's type codes mean, how it ended, why. Owns no event and no page."""

from dataclasses import dataclass

from tenants.models import LogEvent

# In the order in which the filter offers them. A test finds a type that is missing (test_log_event_types.py).
GROUPS = {
    "Tokens": {
        "seccft": "Token issued to an application",
        "feccft": "Token refused to an application",
        "seacft": "Token issued for an authorization code",
        "feacft": "Token refused for an authorization code",
        "sertft": "Token issued for a refresh token",
        "fertft": "Token refused for a refresh token",
        "ferrt": "Refresh token used twice: all of its family was revoked",
        "sepft": "Token issued for a password",
        "fepft": "Token refused for a password",
        "srrt": "Token revoked",
    },
    "People": {
        "s": "Signed in",
        "f": "Sign-in refused",
        "fp": "Sign-in refused: wrong password",
        "fu": "Sign-in refused: nobody has this e-mail",
        "limit_wc": "Locked out after too many attempts",
        "ss": "Signed up",
        "fs": "Sign-up refused",
        "ssa": "Signed in without a page (prompt=none)",
        "fsa": "Not signed in without a page (prompt=none)",
        "slo": "Signed out",
        "flo": "Sign-out refused",
        "consent": "Consent given or taken back",
    },
    "Configuration": {
        "sapi": "Configuration or user changed",
        "fapi": "Management API call refused",
    },
}
TYPES = {code: words for group in GROUPS.values() for code, words in group.items()}
# Of these, the types that say no. A test finds one that is missing.
REFUSED = (
    *("f", "fp", "fu", "limit_wc", "fs", "fsa", "flo"),
    *("feccft", "feacft", "fertft", "ferrt", "fepft", "fapi"),
)
CHANGES = ("sapi",)
# Their description says only that a token went out. Of more interest is what it carries.
_ISSUED = frozenset({"seccft", "seacft", "sertft", "sepft"})
# Theirs says the same as the words above.
_PLAIN = frozenset({"s", "ss", "ssa", "slo"})


@dataclass(frozen=True, slots=True)
class Mark:
    """How it ended, in a word, and the kind of badge that it stands in."""

    text: str
    kind: str


_NO, _CHANGE, _YES, _OTHER = Mark("Refused", "bad"), Mark("Change", ""), Mark("OK", "good"), Mark("Other", "plain")


def mark(event: LogEvent) -> Mark:
    """How `event` ended."""
    if event.type in REFUSED:
        return _NO
    if event.type in CHANGES:
        return _CHANGE
    return _YES if event.type in TYPES else _OTHER


def heading(event: LogEvent) -> str:
    """What happened, in a few words. A change is called by what was done."""
    if event.type in CHANGES and event.description:
        return event.description
    return TYPES.get(event.type, event.type)


def reason(event: LogEvent) -> str:
    """Why it was refused, in a sentence; "" for what was not refused."""
    if event.type not in REFUSED:
        return ""
    said = str(event.details.get("remedy") or event.description)
    return said.replace(event.client_id, event.client_name) if event.client_id and event.client_name else said


def target(event: LogEvent) -> str:
    """What a change was made to, by the value that programs know it by; "" for what is no change."""
    return str(event.details.get("target") or "") if event.type in CHANGES else ""


def further(event: LogEvent) -> str:
    """What else a line of the list has to say: the reason, the row that was changed, the scopes of the token."""
    if said := reason(event):
        return said
    if event.type in CHANGES:
        return target(event)
    if event.type in _ISSUED:
        tried = f"Tried in the console by {name}. " if (name := event.details.get("console_test")) else ""
        return f"{tried}{event.scope}"
    return "" if event.type in _PLAIN else event.description
