"""Form fields that the pages of several floors use."""

from typing import Any

from django import forms


class LinesField(forms.CharField):
    """Addresses, one per line; blanks and empty lines go."""

    def to_python(self, value: Any) -> str:
        return "\n".join(str(value or "").split())


def lines_widget() -> forms.Textarea:
    """Three lines to type in, without a spelling check."""
    return forms.Textarea({"rows": 3, "cols": 80, "class": "vLargeTextField", "spellcheck": "false"})
