"""How the consent page says a permission, for the pages of an API.

The consent page belongs to the top floor, which appends its own words to `from_above` while it is loaded: what is shown
here can therefore never differ from what people read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apis.models import API
from apis.services.apis import Scope


@dataclass(frozen=True, slots=True)
class Preview:
    """A line of the consent page. `sensitive` ones stand first there, and are marked."""

    sentence: str
    sensitive: bool = False


Sayings = Callable[[API, Sequence[Scope]], list[Preview]]
from_above: list[Sayings] = []


def previews_of(api: API, scopes: Sequence[Scope]) -> list[Preview]:
    """The line of each of `scopes`, as if `api` had them."""
    for say in from_above:
        return say(api, scopes)
    return [Preview(scope.description or scope.value) for scope in scopes]


def preview_of(api: API, value: str, description: str) -> Preview | None:
    """The line of one permission; None while there is nothing to say."""
    return previews_of(api, [Scope(value, description)])[0] if value or description else None
