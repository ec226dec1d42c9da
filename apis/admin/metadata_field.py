"""The form field for metadata as JSON. What may stand in it is the model's to say."""

import json
from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput


class MetadataField(forms.JSONField):
    """An object of names and text, shown so that people can read it. Emptied, there is none."""

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, InvalidJSONInput):
            return value
        text = json.dumps(value, indent=2, ensure_ascii=False) if value else ""
        # Half of a pair of surrogates is refused, and until then shown as it was typed.
        return text if _writable(text) else json.dumps(value, indent=2)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError("That is nested too deeply.", code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial or None, data)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return {} if cleaned is None else cleaned


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
