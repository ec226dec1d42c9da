"""The filters of the log page as things to click: chips to take away, quick choices, names that may mean several rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tenants.admin.log_filters import LAST, OUTCOMES, LogFilters
from tenants.admin.log_texts import TYPES

# As many are asked about when a name may mean several.
OFFERED = 8
_ASKED = {"client_id": "application", "audience": "API"}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that events name by `value`, and people by `text`."""

    value: str
    text: str


# What a text may mean in a tenant. When it is the very value of something, that alone; at most OFFERED and one more.
Finder = Callable[[int, str], Sequence[Named]]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to click. `label` says what it is about, `here` that it is chosen."""

    text: str
    url: str
    label: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A name that may mean several; `more` when not all are offered."""

    label: str
    text: str
    choices: list[Choice]
    more: bool


def address(said: Mapping[str, str], **changes: str) -> str:
    """The address of the log page with the filters `said`, and `changes` to them; "" takes one away."""
    query = {name: value for name, value in {**said, **changes}.items() if value}
    return reverse("admin:tenants_logevent_changelist", query=query or None)


def outcomes(said: Mapping[str, str]) -> list[Choice]:
    """All, or what ended in one way. A reason is one of refusals, so it goes with them."""
    chosen = said.get("outcome") or ("refused" if "reason" in said else "")
    kept = {"refused": said.get("reason", "")}
    return [
        Choice(text, address(said, outcome=name, reason=kept.get(name, "")), here=name == chosen)
        for name, text in {"": "All", **OUTCOMES}.items()
    ]


def times(said: Mapping[str, str]) -> list[Choice]:
    """How far back."""
    chosen = said.get("last", "")
    texts = {"": "Any time", **{name: words for name, (words, _) in LAST.items()}}
    return [Choice(text, address(said, last=name), here=name == chosen) for name, text in texts.items()]


def resolved(
    values: dict[str, Any], finders: Mapping[str, Finder], tenant_id: int, filters: LogFilters
) -> tuple[dict[str, Any], dict[str, str], list[Question]]:
    """`values` with names of rows made into what events call them, the names by filter, and what has to be asked first."""
    clear, names, questions = dict(values), {}, []
    for field, find in finders.items():
        text = values[field]
        found = find(tenant_id, text) if text else []
        if len(found) == 1:
            clear[field], names[field] = found[0].value, found[0].text
        elif found:
            offered = [Choice(one.text, address(filters.said(), **{field: one.value}), one.value) for one in found[:OFFERED]]
            questions.append(Question(_ASKED.get(field, field), text, offered, len(found) > OFFERED))
    return clear, names, questions


def chips(filters: LogFilters, names: Mapping[str, str]) -> list[Choice]:
    """The filters that are set, each with the address of the page without it."""
    said = filters.said()
    words = {
        "type": TYPES.get(said.get("type", "")),
        "outcome": OUTCOMES.get(said.get("outcome", "")),
        "last": LAST[said["last"]][0] if said.get("last") in LAST else None,
        **names,
    }
    # As a browser's field sends it: 2026-11-22T20:31.
    words |= {name: said[name].replace("T", " ") for name in ("since", "until") if name in said}
    return [
        Choice(words.get(name) or value, address(said, **{name: ""}), str(filters.fields[name].label))
        for name, value in said.items()
    ]
