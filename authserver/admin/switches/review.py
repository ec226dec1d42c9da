"""The difference that the moved switches would make, said before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from apis.models import SubjectType
from apis.services.switching import OFF, Switch, Switching, switch_of
from authserver.admin.effective_answer import Answer, EffectiveAnswers
from authserver.admin.moments import short
from authserver.admin.switches.posted import Place, Posted, name_of
from authserver.admin.switches.sides import Side

MINUS = "\N{MINUS SIGN}"
EVERY_FUTURE_ONE = "every future permission"
GONE = "Something on the page has been removed since you opened it. Please look at it again and repeat."


@dataclass(frozen=True, slots=True)
class Difference:
    """A switch that would be thrown. `meanwhile`: somebody else changed it after the operator saw it."""

    name: str
    switching: Switching
    added: Sequence[str]
    removed: Sequence[str]
    after: Answer
    meanwhile: bool
    fields: Mapping[str, str]

    @property
    def thrown(self) -> str:
        """`switched on`, `switched off`, or "" when only permissions change."""
        seen, wanted = self.switching.seen, self.switching.wanted
        return "" if seen.on == wanted.on else "switched on" if wanted.on else "switched off"

    @property
    def for_users(self) -> bool:
        return self.switching.subject_type == SubjectType.USER

    @property
    def takes_away(self) -> bool:
        return bool(self.removed) or self.thrown == "switched off"

    @property
    def valid_until(self) -> str:
        """Until when the last of the tokens that are out already is valid."""
        return short(timezone.now() + timedelta(seconds=self.switching.api.token_lifetime))

    @property
    def bare(self) -> bool:
        """Whether it is on, and its tokens would carry nothing."""
        wanted = self.switching.wanted
        return wanted.on and not (wanted.all_scopes or wanted.scopes)

    def __str__(self) -> str:
        """The name and what changes, with a sign before each permission."""
        signs = [f"+ {value}" for value in self.added] + [f"{MINUS} {value}" for value in self.removed]
        said = ", ".join([self.thrown, *signs] if self.thrown else signs)
        return f"{self.name}{' (on behalf of users)' if self.for_users else ''}: {said}"


def differences(side: Side, posted: Mapping[Place, Posted]) -> list[Difference]:
    """What the moved ones of `posted` would change in what is stored now. Raises ValidationError for what is gone."""
    moved = {place: each for place, each in posted.items() if each.moved}
    rows = {str(row.pk): row for row in side.with_keys(list({pk for pk, _ in moved}))} if moved else {}
    if {pk for pk, _ in moved} - rows.keys():
        raise ValidationError(GONE)
    answers = side.answers(list(rows.values()))
    found = [_difference(side, answers, rows[pk], kind, posted) for (pk, kind), posted in moved.items()]
    return [each for each in found if each.switching.seen != each.switching.wanted]


def _difference(side: Side, answers: EffectiveAnswers, row: Any, kind: str, posted: Posted) -> Difference:
    application, api = side.pair(row)
    stored, wanted = switch_of(answers.grants.get((application.pk, api.pk, kind))), posted.wanted
    values = list(answers.permissions(api))
    if wanted.scopes - set(values):
        raise ValidationError(GONE)
    had, has = _all(stored, values), _all(wanted, values)
    held = tuple(value for value in values if value in has) if wanted.on else None
    after = answers.supposing({(application.pk, api.pk, kind): held})
    return Difference(
        name=str(row),
        switching=Switching(application, api, kind, stored, wanted),
        added=[value for value in [*values, EVERY_FUTURE_ONE] if value in has - had],
        removed=[value for value in [*values, EVERY_FUTURE_ONE] if value in had - has] if wanted != OFF else [],
        after=after.of(application, api, subject_type=kind),
        meanwhile=stored != posted.seen,
        fields={part: name_of(part, row.pk, kind) for part in ("seen", "want")},
    )


def _all(switch: Switch, values: Sequence[str]) -> frozenset[str]:
    return frozenset([*values, EVERY_FUTURE_ONE]) if switch.all_scopes else switch.scopes
