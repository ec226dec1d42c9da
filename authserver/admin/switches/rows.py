"""One row of the switches as the page shows it: its name, and for each switch the permissions and the effective answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from apis.models import API, Application, SubjectType
from apis.services.switching import Switch, switch_of
from authserver.admin.effective_answer import Answer, EffectiveAnswers
from authserver.admin.refusal_sentences import Obstacle
from authserver.admin.switches.finding import Found
from authserver.admin.switches.posted import Place, Posted, name_of
from authserver.admin.switches.sides import LABELS, Side, kinds_for
from tenants.console.pages import object_url

# With more permissions than these a row has a page of its own for them: 25 rows with thousands of boxes help nobody.
MOST_BOXES = 20
_NOT_SWITCHED_ON = ("NotGranted", "NotGrantedForUsers")


@dataclass(frozen=True, slots=True)
class Box:
    value: str
    description: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A switch of a row. `fields` are the names of its form fields; `boxes` None where they have a page of their own.

    `token_url` is where a token is asked for as the application would; "" where that needs a person.
    """

    subject_type: str
    label: str
    switch: Switch
    seen: Switch
    answer: Answer
    fields: Mapping[str, str]
    boxes: Sequence[Box] | None
    total: int
    choose_url: str
    token_url: str

    @property
    def obstacles(self) -> list[Obstacle]:
        """What to say beside the switch: that it is off, everybody sees."""
        return [each for each in self.answer.obstacles if each.reason not in _NOT_SWITCHED_ON]

    @property
    def held(self) -> str:
        """`2 of 5 permissions`."""
        if self.switch.all_scopes:
            return "all permissions, future ones too"
        plural = "" if self.total == 1 else "s"
        return f"{len(self.switch.scopes)} of {self.total} permission{plural}"

    @property
    def moved(self) -> bool:
        """Whether it shows what the operator chose and has not saved."""
        return self.switch != self.seen

    @property
    def by_default(self) -> bool:
        """Whether it may call although its own switch is off."""
        return self.answer.allowed and not self.switch.on


@dataclass(frozen=True, slots=True)
class Row:
    """An application, or an API, with its switches."""

    name: str
    code: str
    url: str
    badges: Sequence[Mapping[str, str]]
    try_url: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes the rows of a page; `posted` are switches that the operator moved already and came back to."""

    side: Side
    found: Found
    answers: EffectiveAnswers
    posted: Mapping[Place, Posted]

    def rows(self) -> list[Row]:
        return [self._row(row) for row in self.found.rows]

    def _row(self, row: Any) -> Row:
        _, api = self.side.pair(row)
        code = self.side.code(row)
        return Row(
            name=row.name or code,
            code=code,
            url=self.side.url_of(row),
            badges=self.side.badges(row),
            try_url=f"{self.side.url}?{urlencode({'ask': code})}#ask",
            lines=[self._line(row, kind) for kind in kinds_for(api)],
        )

    def _line(self, row: Any, kind: str) -> Line:
        application, api = self.side.pair(row)
        stored = switch_of(self.answers.grants.get((application.pk, api.pk, kind)))
        posted = self.posted.get((str(row.pk), kind), Posted(stored, stored))
        permissions = self.answers.permissions(api)
        few = self.found.only is not None or len(permissions) <= MOST_BOXES
        return Line(
            subject_type=kind,
            label=LABELS[kind],
            switch=posted.wanted,
            seen=posted.seen,
            answer=self.answers.of(application, api, subject_type=kind),
            fields={part: name_of(part, row.pk, kind) for part in ("seen", "on", "boxes", "all", "scopes")},
            boxes=_boxes(permissions, posted.wanted) if few else None,
            total=len(permissions),
            choose_url=f"{self.side.url}?{urlencode({'only': row.pk})}",
            token_url=_token_url(application, api) if kind == SubjectType.CLIENT else "",
        )


def _boxes(permissions: Mapping[str, str], switch: Switch) -> list[Box]:
    return [Box(value, description, value in switch.scopes) for value, description in permissions.items()]


def _token_url(application: Application, api: API) -> str:
    """The test tab of `api`, with `application` chosen."""
    return f"{object_url(api, 'test')}?{urlencode({'application': application.client_id})}"
