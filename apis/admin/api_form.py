"""What the two forms of an API ask for, and how they explain it: a short one for a new API, its settings later."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets

from apis.models import API
from apis.services.apis import SYSTEM_API_SETTINGS

# Choices of which each is a sentence stand under one another.
RADIOS = dict.fromkeys(("token_dialect", "user_policy", "client_policy"), admin.VERTICAL)
NEW = [(None, {"fields": ("name", "identifier", "signing_alg", "tenant")})]
_CONSENT = "skip_consent_for_verifiable_first_party_clients"

_NEW_HELP = {
    "name": "As people read it when an application asks for their consent. It can be changed any time.",
    "identifier": (
        "The audience of this API's tokens: applications ask for it, and the API checks it. Use an address that is yours, "
        "such as https://orders.example.com; nothing is ever sent there. It can never be changed."
    ),
    "signing_alg": (
        "Leave RS256 unless your API needs another: it then verifies tokens with published keys, and holds no secret."
    ),
}
_FIXED = (
    "Every token names this value as its audience, and the API refuses those that name another. So it can never be changed: "
    "for a new identifier, make a new API."
)
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def fieldsets(api: API | None) -> Any:
    """The groups of the form of `api`, or of that for a new one."""
    if api is None:
        return NEW
    identifier = "audience" if api.is_system else "identifier"
    return [
        (None, {"fields": ("name", identifier)}),
        ("Tokens", {"fields": ("signing_alg", "token_dialect", "token_lifetime", "token_lifetime_for_web")}),
        ("Access", {"fields": ("client_policy", "user_policy", "enforce_policies")}),
        ("Consent and staying signed in", {"fields": (_CONSENT, "allow_offline_access")}),
    ]


def fixed_fields(api: API | None) -> list[str]:
    """What the form of `api` shows and does not ask for."""
    if api is None:
        return []
    if not api.is_system:
        return ["identifier"]
    return [name for name in flatten_fieldsets(fieldsets(api)) if name not in SYSTEM_API_SETTINGS]


def help_texts(api: API | None) -> dict[str, str]:
    """What stands below the fields, each a consequence."""
    if api is None:
        return _NEW_HELP
    return {
        "name": "As people read it when an application asks for their consent.",
        "identifier": _FIXED,
        "audience": _FIXED,
        "signing_alg": "How tokens are signed from now on. The API must expect it: see the quick start after a change.",
        "token_dialect": "Which claims a token carries. Tokens that are out already keep theirs.",
        "token_lifetime": f"Seconds until an access token expires. Stored now: {spoken(api.token_lifetime)}.",
        "token_lifetime_for_web": (
            "Seconds, for tokens that the implicit and hybrid flows hand to a browser. "
            f"Stored now: {spoken(api.token_lifetime_for_web)}."
        ),
        "client_policy": "Which applications may call this API on their own behalf, without a person.",
        "user_policy": "Which applications may ask for this API when a person signs in.",
    }


def spoken(seconds: int) -> str:
    """A lifetime as people say it: the largest unit that it is a whole number of, "1 day", "90 minutes"."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
