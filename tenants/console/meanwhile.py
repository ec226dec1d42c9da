"""Two operators at one form: who saves second does not undo unseen what the first one saved.

The page of a row carries a digest of each field as it was shown. A field that somebody else changed since then, and that the
form would change back, is refused, and stands there as they left it. What nobody else touched is kept as it was typed.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.forms import Field, ModelForm

SEEN = "console_seen"
SAID = "Somebody else changed this while the page was open. It stands here as they left it: look at it, and save again."


def guarded(form_class: type[ModelForm]) -> type[ModelForm]:
    """`form_class`, whose forms say what they showed (`seen`), and when they are sent compare that with what is stored."""

    class Guarded(form_class):  # type: ignore[misc,valid-type]
        @property
        def seen(self) -> str:
            """The value of the hidden field `SEEN`."""
            return json.dumps({name: _digest(self, name, field) for name, field in self.fields.items()})

        def full_clean(self) -> None:
            super().full_clean()
            if self.is_bound:
                for name in list(_changed_meanwhile(self)):
                    _show_stored(self.fields[name])
                    self.add_error(name, SAID)

    return Guarded


def _changed_meanwhile(form: Any) -> Iterator[str]:
    seen = _read(form.data.get(SEEN, ""))
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is not None and name in seen and seen[name] != _digest(form, name, field):
            yield name


def _read(sent: str) -> dict[str, Any]:
    """The digests that were sent; none from who wrote the request without the page."""
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(form: Any, name: str, field: Field) -> str:
    shown = field.prepare_value(form.get_initial_for_field(field, name))
    # The rows that are chosen come in any order.
    shown = sorted(map(str, shown)) if isinstance(shown, (list, tuple, set)) else str("" if shown is None else shown)
    return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _show_stored(field: Any) -> None:
    field.bound_data = lambda _, initial: initial
