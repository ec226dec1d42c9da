"""What the form of the switches sent: how each switch was seen, and how it shall stand. Judges no right to anything."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import QueryDict

from apis.models import SubjectType
from apis.services.switching import Switch
from authserver.admin.switches.finding import PER_PAGE

# A row's primary key as it was sent, and on whose behalf.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Posted:
    """A switch as the form showed it, and as it came back."""

    seen: Switch
    wanted: Switch

    @property
    def moved(self) -> bool:
        """Whether the operator did anything to it."""
        return self.seen != self.wanted


def name_of(part: str, pk: object, subject_type: str) -> str:
    """The name of a field. The last part of it has no hyphen, so the key in the middle may have any."""
    return f"{part}-{pk}-{subject_type}"


def read(sent: QueryDict) -> dict[Place, Posted]:
    """The switches that were sent. Raises BadRequest for what no page of ours sends."""
    places = list(_places(sent))
    if len(places) > PER_PAGE * len(SubjectType.values):
        raise BadRequest("More switches than a page has")
    try:
        return {place: _posted(sent, *place) for place in places}
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _places(sent: QueryDict) -> Iterator[Place]:
    for name in sent:
        part, _, place = name.partition("-")
        pk, _, subject_type = place.rpartition("-")
        if part == "seen" and pk and subject_type in SubjectType.values:
            yield pk, subject_type


def _posted(sent: QueryDict, pk: str, subject_type: str) -> Posted:
    seen = Switch.parsed(sent.get(name_of("seen", pk, subject_type), ""))
    if (text := sent.get(name_of("want", pk, subject_type))) is not None:
        return Posted(seen, Switch.parsed(text))
    on = name_of("on", pk, subject_type) in sent
    if name_of("boxes", pk, subject_type) not in sent:
        # Its permissions were too many for the page: they stay.
        return Posted(seen, Switch.made(on=on, all_scopes=seen.all_scopes, scopes=seen.scopes))
    scopes = frozenset(sent.getlist(name_of("scopes", pk, subject_type)))
    return Posted(seen, Switch.made(on=on, all_scopes=name_of("all", pk, subject_type) in sent, scopes=scopes))
