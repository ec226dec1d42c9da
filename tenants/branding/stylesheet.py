"""The style sheet of one tenant: a few variables, which pages.css reads. Its address changes whenever it does."""

import hashlib
from dataclasses import dataclass

from tenants.branding.colours import Colour
from tenants.branding.palette import scheme
from tenants.config_cache import CurrentTenant

PATH = "u/brand.{version}.css"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """`text` is "" for a tenant that chose no colour: then there is nothing to load."""

    text: str
    version: str

    @property
    def url(self) -> str:
        return f"/{PATH.format(version=self.version)}" if self.text else ""


def stylesheet(tenant: CurrentTenant) -> Stylesheet:
    """The style sheet of `tenant`, made once for each of its configurations."""
    settings = tenant.settings
    return tenant.cached("branding", "stylesheet", lambda: written(settings.primary_color, settings.page_background_color))


def written(primary: str, page_background: str, *, only: str = "") -> Stylesheet:
    """The style sheet for two colours. Every byte of it is ours: colours are parsed and written anew.

    `only` is `light` or `dark` for a page that does not ask what the person prefers.
    """
    found = scheme(primary, page_background)
    text = ""
    if found.light:
        light, dark = f":root{{{_declared(found.light)}}}\n", f":root{{{_declared(found.dark)}}}\n"
        both = f"{light}@media (prefers-color-scheme:dark){{{dark.strip()}}}\n"
        text = {"light": light, "dark": dark}.get(only, both)
    return Stylesheet(text, hashlib.sha256(text.encode()).hexdigest()[:16])


def _declared(variables: dict[str, Colour]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in variables.items())
