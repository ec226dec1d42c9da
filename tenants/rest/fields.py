"""Types of members, strict as JSON is: no "true" for true, no "7" for 7. REST framework's own are made for forms.

Every optional member may be sent as null, which clears it: the serializer then says what `cleared` says. An optional text
that is empty is left out of answers, as Auth0 leaves it out.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from tenants import profile

NOT_TEXT = "Text must not contain NUL or half a surrogate pair"


class Text(serializers.CharField):
    """A string as it was sent: not trimmed, not made from a number, valid Unicode without NUL."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("trim_whitespace", False)
        options.setdefault("allow_blank", not options.get("required", True))
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(_expected("string", data))
        if not profile.is_text(data):
            raise serializers.ValidationError(NOT_TEXT)
        return data


class Whole(serializers.IntegerField):
    """An integer."""

    def to_internal_value(self, data: Any) -> int:
        # In JSON 3.0 is an integer, too.
        if isinstance(data, float) and data.is_integer():
            return int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            raise serializers.ValidationError(_expected("integer", data))
        return data


class Flag(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError(_expected("boolean", data))
        return data


class Choice(serializers.ChoiceField):
    """One of a few strings."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            allowed = ", ".join(str(choice) for choice in self.choices)
            raise serializers.ValidationError(f"No enum match, allowed are: {allowed}")
        return data


class Items(serializers.ListField):
    """A list. It is judged up to the first problem: to tell a hundred thousand would take a minute (T-142)."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            raise serializers.ValidationError(_expected("array", data))
        if self.max_length is not None and len(data) > self.max_length:
            raise serializers.ValidationError(self.error_messages["max_length"].format(max_length=self.max_length))
        found: list[Any] = super().to_internal_value(data)
        return found

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        return [checked(self.child.run_validation, index, item) for index, item in enumerate(data)]


class Lines(Items):
    """A list of strings, which the row keeps as one text with a line for each. An empty one is left out of answers."""

    child = Text(max_length=2_048)

    def to_internal_value(self, data: Any) -> str:  # type: ignore[override]
        lines = super().to_internal_value(data)
        if any(not line or line.split() != [line] for line in lines):
            raise serializers.ValidationError("The entries must be addresses without spaces")
        return "\n".join(lines)

    def to_representation(self, data: Any) -> list[str] | None:  # type: ignore[override]
        return data.split() or None


class Document(serializers.JSONField):
    """An object whose members are not ours to know."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_expected("object", data))
        if not all(profile.is_text(text) for text in _texts(data)):
            raise serializers.ValidationError(NOT_TEXT)
        return data


class Moment(serializers.DateTimeField):
    """A moment of an answer: UTC, to the millisecond, with a Z, as Auth0 writes it."""

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if value else None


class Unsupported(serializers.JSONField):
    """A member that Auth0 knows and we do not act on: only what is true of us is accepted.

    `reason` says to the caller what is missing; `harmless` are the values besides null that ask for nothing. Nothing is
    kept, unless `kept`: then the value passes on, for a row that remembers what a tool wrote.
    """

    def __init__(self, reason: str, *, harmless: Collection[Any] = (), kept: bool = False, **options: Any) -> None:
        self.reason, self.harmless, self.kept = reason, harmless, kept
        super().__init__(required=False, allow_null=True, write_only=True, help_text=reason, **options)

    def run_validation(self, data: Any = empty) -> Any:
        if data is None:
            raise serializers.SkipField
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        # By type as well: to Python 0 is False.
        if not any(data == value and type(data) is type(value) for value in self.harmless):
            raise serializers.ValidationError(self.reason)
        if self.kept:
            return data
        raise serializers.SkipField


def checked(judge: Callable[[Any], Any], index: int, item: Any) -> Any:
    """`item` as `judge` reads it. Raises ValidationError, at `index`."""
    try:
        return judge(item)
    except serializers.ValidationError as error:
        # As REST framework itself says at which item: by a number, which its annotations forget.
        raise serializers.ValidationError({index: error.detail}) from error  # type: ignore[dict-item]


def _texts(value: Any) -> Iterator[str]:
    """Every string in a JSON document, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _expected(kind: str, data: Any) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return f"Expected type {kind} but found type {names.get(type(data), 'null')}"
