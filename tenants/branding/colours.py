"""Arithmetic of colours: contrast as WCAG 2.2 measures it, lightness as people see it (OKLCH). Knows no page.

The matrices are those of CSS Color 4 §10.
"""

import math
import re
from dataclasses import dataclass
from typing import Self

HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
Triple = tuple[float, float, float]

_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480))
_FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
# Chroma goes in steps of this share until the colour is one that a screen has.
_LESS_CHROMA = 0.97


@dataclass(frozen=True, slots=True)
class Colour:
    """An sRGB colour, each part from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parsed(cls, text: str) -> Self:
        """`#rrggbb` as a colour. Raises ValueError for anything else."""
        if not HEX.match(text):
            raise ValueError("A colour is # and six digits from 0 to f")
        return cls(*bytes.fromhex(text[1:]))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance (WCAG 2.2)."""
        red, green, blue = self._linear()
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: "Colour") -> float:
        """The contrast ratio, from 1 to 21 (WCAG 2.2)."""
        lighter, darker = sorted((self.luminance, other.luminance), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """This colour with a `share` of `other` in it."""
        pairs = zip(self._parts(), other._parts(), strict=True)
        return Colour(*(round(one * (1 - share) + two * share) for one, two in pairs))

    @property
    def lch(self) -> Triple:
        """Lightness (0 to 1), chroma and hue in OKLCH."""
        cube_roots = tuple(math.cbrt(part) for part in _times(_TO_LMS, self._linear()))
        lightness, a, b = _times(_TO_LAB, (cube_roots[0], cube_roots[1], cube_roots[2]))
        return lightness, math.hypot(a, b), math.atan2(b, a)

    def at(self, lightness: float, most_chroma: float = 1.0) -> "Colour":
        """The same hue at another lightness, as colourful as a screen can show it there."""
        _, chroma, hue = self.lch
        chroma = min(chroma, most_chroma)
        while True:
            linear = _linear_of(lightness, chroma, hue)
            if chroma < 0.001 or all(-0.001 <= part <= 1.001 for part in linear):
                return Colour(*(_encoded(part) for part in linear))
            chroma *= _LESS_CHROMA

    def _parts(self) -> tuple[int, int, int]:
        return self.red, self.green, self.blue

    def _linear(self) -> Triple:
        red, green, blue = (_decoded(part / 255) for part in self._parts())
        return red, green, blue


def _linear_of(lightness: float, chroma: float, hue: float) -> Triple:
    roots = _times(_FROM_LAB, (lightness, chroma * math.cos(hue), chroma * math.sin(hue)))
    return _times(_FROM_LMS, (roots[0] ** 3, roots[1] ** 3, roots[2] ** 3))


def _times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    first, second, third = (sum(cell * part for cell, part in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _decoded(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> int:
    part = min(max(part, 0.0), 1.0)
    return round(255 * (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))
