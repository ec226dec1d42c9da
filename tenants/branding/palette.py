"""The colours that follow from the two that a tenant chooses, for light and for dark pages.

Whatever was chosen: text on each of them has a contrast of 4.5:1 at least (WCAG 2.2, 1.4.3). Where a chosen colour would
not do, another lightness of the same hue stands in; only the primary colour on light pages is as it was chosen (`rules`).
"""

from dataclasses import dataclass

from tenants.branding.colours import Colour

ENOUGH = 4.5
# As in pages.css, whose other colours stay.
WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)
LIGHT_CARD, LIGHT_INK = WHITE, Colour.parsed("#1d1d1b")
DARK_CARD, DARK_INK = Colour.parsed("#1f1f1e"), Colour.parsed("#ecece8")
_STEP = 0.01
# A background that is darker than this stays as it is on dark pages.
_DARK_ENOUGH, _DARK_PAPER, _DARK_CHROMA = 0.3, 0.2, 0.05


@dataclass(frozen=True, slots=True)
class Scheme:
    """Variables of pages.css by name, each with its colour."""

    light: dict[str, Colour]
    dark: dict[str, Colour]


def scheme(primary: str, page_background: str) -> Scheme:
    """What `primary` and `page_background` ("": not chosen) change."""
    light: dict[str, Colour] = {}
    dark: dict[str, Colour] = {}
    if primary:
        light |= _light_accent(Colour.parsed(primary))
        dark |= _dark_accent(Colour.parsed(primary))
    if page_background:
        chosen = Colour.parsed(page_background)
        light |= _paper(chosen)
        dark |= _paper(_darkened(chosen))
    return Scheme(light, dark)


def _light_accent(primary: Colour) -> dict[str, Colour]:
    tint = LIGHT_CARD.mixed(primary, 0.07)
    strong = _until(primary, (tint, LIGHT_CARD), primary.lch[0] - 0.08, -_STEP)
    return {"accent": primary, "accent-strong": strong, "on-accent": WHITE, "tint": tint}


def _dark_accent(primary: Colour) -> dict[str, Colour]:
    tint = DARK_CARD.mixed(primary, 0.16)
    accent = _until(primary, (DARK_CARD, tint), primary.lch[0], _STEP)
    strong = _until(primary, (DARK_CARD, tint), accent.lch[0] + 0.06, _STEP)
    return {"accent": accent, "accent-strong": strong, "on-accent": _readable_on(accent, BLACK, WHITE), "tint": tint}


def _paper(paper: Colour) -> dict[str, Colour]:
    """The page behind the card, and what is written on it: names and links to help."""
    on_paper = _readable_on(paper, LIGHT_INK, DARK_INK, BLACK, WHITE)
    return {"paper": paper, "on-paper": on_paper, "on-paper-quiet": on_paper}


def _darkened(chosen: Colour) -> Colour:
    return chosen if chosen.lch[0] <= _DARK_ENOUGH else chosen.at(_DARK_PAPER, _DARK_CHROMA)


def _readable_on(ground: Colour, *candidates: Colour) -> Colour:
    """The first of `candidates` with enough contrast; black or white always has."""
    return next(candidate for candidate in candidates if candidate.contrast(ground) >= ENOUGH)


def _until(colour: Colour, grounds: tuple[Colour, ...], lightness: float, step: float) -> Colour:
    """The hue of `colour` from `lightness` on, in steps, until it can be read on all of `grounds`."""
    lightness, last = min(max(lightness, 0.0), 1.0), 1.0 if step > 0 else 0.0
    found = colour.at(lightness)
    while lightness != last and any(found.contrast(ground) < ENOUGH for ground in grounds):
        lightness = min(max(lightness + step, 0.0), 1.0)
        found = colour.at(lightness)
    return found
