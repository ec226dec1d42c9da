"""What would happen if it asked for these scopes? A request that is answered without being sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from apis.models import API, Application, SubjectType
from authserver.admin.effective_answer import Answer, EffectiveAnswers
from authserver.admin.switches.sides import LABELS, Side
from authserver.scopes import OIDC_SCOPES, split

MAX_TEXT = 2_000
# As many scopes as anybody asks for by hand.
MOST_SCOPES = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """One scope: whether a token would carry it, and the reason when it would not."""

    scope: str
    description: str
    granted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What was asked, and the answer once it is known who is meant. `row` is None where nobody is called `named`."""

    named: str
    scopes: tuple[str, ...]
    subject_type: str
    row: Any = None
    answer: Answer | None = None
    verdicts: Sequence[Verdict] = ()

    @property
    def scope(self) -> str:
        return " ".join(self.scopes)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(LABELS.items())


def asked(side: Side, query: QueryDict) -> WhatIf:
    """What the address asks, and of whom."""
    named = query.get("ask", "").strip()[:MAX_TEXT]
    scopes = split(" ".join(query.getlist("scope"))[:MAX_TEXT])[:MOST_SCOPES]
    kind = query.get("for", "")
    kind = kind if kind in SubjectType.values else SubjectType.CLIENT.value
    row = side.everything().filter(side.asked(named)).order_by("pk").first() if named else None
    return WhatIf(named, scopes, kind, row)


def answered(side: Side, what: WhatIf, answers: EffectiveAnswers) -> WhatIf:
    """The same with its answer, scope by scope."""
    if what.row is None:
        return what
    application, api = side.pair(what.row)
    answer = answers.of(application, api, what.scopes, subject_type=what.subject_type)
    verdicts = [_verdict(answers, application, api, scope, what.subject_type) for scope in what.scopes or answer.scopes]
    return WhatIf(what.named, what.scopes, what.subject_type, what.row, answer, verdicts)


def _verdict(answers: EffectiveAnswers, application: Application, api: API, scope: str, kind: str) -> Verdict:
    alone = answers.of(application, api, [scope], subject_type=kind)
    descriptions = answers.permissions(api)
    granted = scope in alone.scopes
    reason = "" if granted else alone.not_granted.get(scope) or _in_words(alone, scope, kind, descriptions)
    return Verdict(scope, descriptions.get(scope, ""), granted, reason)


def _in_words(alone: Answer, scope: str, kind: str, descriptions: Mapping[str, str]) -> str:
    """The policy's refusal of this one scope, more exactly than it needs to tell an application."""
    if scope in descriptions or not any(each.reason == "ScopeNotGranted" for each in alone.obstacles):
        return alone.sentence
    if scope in OIDC_SCOPES and kind == SubjectType.CLIENT:
        return "This scope is about a person, and there is none."
    return "The API has no such permission."
