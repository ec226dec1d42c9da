"""Which colours a tenant may choose: those that everybody can read. Refused with the contrast that was measured."""

from tenants.branding.colours import HEX, Colour
from tenants.branding.palette import ENOUGH, LIGHT_CARD

_NO_COLOUR = "A colour is written as # and six digits from 0 to f, for example #0b5a8a."


def problems(primary: str, page_background: str) -> dict[str, str]:
    """What is wrong with the colours of a tenant, by the field of its row; "" is a colour that nobody chose."""
    found = {}
    if primary and (problem := _of_primary(primary)):
        found["primary_color"] = problem
    if page_background and not HEX.match(page_background):
        found["page_background_color"] = _NO_COLOUR
    return found


def _of_primary(text: str) -> str:
    """It is the ground of white letters on buttons, and the colour of links on the white card."""
    if not HEX.match(text):
        return _NO_COLOUR
    measured = Colour.parsed(text).contrast(LIGHT_CARD)
    if measured >= ENOUGH:
        return ""
    # Cut, not rounded: 4.498 must not read as the 4.5 that it is not.
    shown = int(measured * 100) / 100
    darker = Colour.parsed(text)
    lightness = darker.lch[0]
    while darker.contrast(LIGHT_CARD) < ENOUGH:
        lightness -= 0.01
        darker = Colour.parsed(text).at(lightness)
    return (
        f"White letters on {text} have a contrast of {shown}:1, and people need {ENOUGH}:1 to read them. "
        f"The nearest of this hue that has it is {darker}."
    )
