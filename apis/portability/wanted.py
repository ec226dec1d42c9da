"""A document's items by kind, once they have the form that an import can work with. What they say the API judges."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError

from apis.portability.comparing import meant
from apis.portability.kinds import CLIENT_GRANTS, DATABASES, KINDS, SETTINGS, Item, Kind


def wanted(document: dict[str, Any]) -> tuple[dict[Kind, list[Item]], dict[str, Item]]:
    """The items of every kind that `document` names, and the settings by their name. Raises ValidationError."""
    _refuse_unknown(document)
    settings = {name: _settings(document, name) for name in SETTINGS}
    return {kind: _items(document, kind) for kind in KINDS if kind.name in document}, settings


def _settings(document: dict[str, Any], name: str) -> Item:
    found = document.get(name)
    if not isinstance(found, dict | None):
        raise ValidationError(f"{name}: this must be an object.")
    # The deploy tool has a list of page templates here even if there are none.
    return {key: value for key, value in (found or {}).items() if key != "templates" or value}


def _items(document: dict[str, Any], kind: Kind) -> list[Item]:
    found = document[kind.name] or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ValidationError(f"{kind.name}: this must be a list of objects.")
    for item in found:
        _refuse_shapeless(kind, item)
    found = [meant(kind, item) for item in found]
    counted = Counter(kind.identity(item) for item in found)
    if twice := sorted(identity for identity, times in counted.items() if times > 1):
        raise ValidationError(f"{kind.name}: {' / '.join(twice[0])} stands twice.")
    return found


def _refuse_shapeless(kind: Kind, item: Item) -> None:
    """What is looked up by name or taken apart before the API sees it."""
    about = f"{kind.name}, {' / '.join(kind.identity(item))}"
    if kind is CLIENT_GRANTS and not isinstance(item.get("client_id"), str | None):
        raise ValidationError(f"{about}: client_id must be text.")
    beside = (item.get(kind.beside) if kind.beside else None) or []
    of = str if kind is DATABASES else dict
    if not isinstance(beside, list) or not all(isinstance(part, of) for part in beside):
        raise ValidationError(f"{about}: {kind.beside}: this must be a list of {'names' if of is str else 'objects'}.")


def _refuse_unknown(document: dict[str, Any]) -> None:
    """Empty lists of what we do not have are in every export of the deploy tool."""
    known = {kind.name for kind in KINDS} | SETTINGS.keys()
    if unknown := [name for name, value in document.items() if name not in known and value]:
        raise ValidationError(f"This cannot be imported: {', '.join(unknown)}. Take it out of the document.")
