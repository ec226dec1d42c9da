"""Bar charts as SVG made on the server. Owns the geometry; letters stand beside the SVG, so that they keep their size."""

from collections.abc import Sequence
from dataclasses import dataclass

# A bar takes so much of the width, the gap on each side of it included.
STEP, GAP, HEIGHT = 10, 1.5, 100
# What happened at all is to be seen, next to however much of something else.
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the time and what happened in it. `text` names it."""

    text: str
    issued: int
    refused: int

    @property
    def said(self) -> str:
        """The slot in words."""
        return f"{self.text}: {self.issued:,} issued, {self.refused:,} refused"


@dataclass(frozen=True, slots=True)
class Bar:
    """A slot as two pieces, one on the other: attributes of SVG rectangles, as text that no language writes otherwise."""

    slot: Slot
    left: str
    x: str
    issued_y: str
    issued_height: str
    refused_y: str
    refused_height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`labels` stand below the bars at even distances, the first at the left; `peak_text` is the highest bar."""

    bars: Sequence[Bar]
    labels: Sequence[str]
    peak_text: str
    view_width: str
    height: str = str(HEIGHT)
    step: str = str(STEP)
    bar_width: str = f"{STEP - 2 * GAP:.1f}"


def stacked(slots: Sequence[Slot], labels: Sequence[str]) -> Chart:
    """A bar for each of `slots`: what was refused stands on what was issued."""
    peak = max((slot.issued + slot.refused for slot in slots), default=0)
    bars = [_bar(number, slot, peak) for number, slot in enumerate(slots)]
    return Chart(bars, labels, f"{peak:,}", view_width=str(STEP * len(slots)))


def share(part: int, whole: int) -> str:
    """`part` of `whole` as a length of at most 100."""
    return f"{_length(part, whole):.1f}"


def _bar(number: int, slot: Slot, peak: int) -> Bar:
    refused = _length(slot.refused, peak)
    issued = min(_length(slot.issued, peak), HEIGHT - refused)
    top = HEIGHT - issued
    return Bar(
        slot=slot,
        left=str(number * STEP),
        x=f"{number * STEP + GAP:.1f}",
        issued_y=f"{top:.1f}",
        issued_height=f"{issued:.1f}",
        refused_y=f"{top - refused:.1f}",
        refused_height=f"{refused:.1f}",
    )


def _length(part: int, whole: int) -> float:
    return max(_LEAST, HEIGHT * part / whole) if part and whole else 0.0
