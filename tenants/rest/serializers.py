"""Bodies and queries: unknown members are refused, null clears, what is not set is left out of the answer."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from tenants.rest.fields import Whole, checked

MAX_PAGE_SIZE = 100
# OFFSET is a 64-bit number; nobody turns that many pages.
MAX_PAGE = 10_000_000
# Of a body that is a list. Its operation may take fewer.
MAX_BODIES = 1_000


class Bodies(serializers.ListSerializer):
    """A list of `Body`, judged up to the first problem, as `Items` are."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            raise serializers.ValidationError({"": ["Expected type array"]})
        if len(data) > MAX_BODIES:
            raise serializers.ValidationError({"": [f"At most {MAX_BODIES} items"]})
        return [checked(self.run_child_validation, index, item) for index, item in enumerate(data)]


class Body(serializers.Serializer):
    """An object of a request or an answer. `cleared` says what null means where the row cannot hold it."""

    cleared: Mapping[str, Any] = {}

    class Meta:
        list_serializer_class = Bodies

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"": ["Expected type object"]})
        self._refuse_unknown(data)
        self._refuse_missing(data)
        values: dict[str, Any] = super().to_internal_value(data)
        for name, cleared in self.cleared.items():
            if name in values and values[name] is None:
                values[name] = cleared() if callable(cleared) else cleared
        return values

    def _refuse_unknown(self, data: Mapping[str, Any]) -> None:
        known = {name for name, field in self.fields.items() if not field.read_only}
        if unknown := [name for name in data if name not in known]:
            raise serializers.ValidationError({"": [f"Additional properties not allowed: {', '.join(unknown)[:200]}"]})

    def _refuse_missing(self, data: Mapping[str, Any]) -> None:
        """A PATCH leaves out what stays, but an object inside it is replaced as a whole (`wire.md` §2.1)."""
        if self.parent is None or not getattr(self.root, "partial", False):
            return
        for name, field in self.fields.items():
            if field.required and not field.read_only and name not in data:
                raise serializers.ValidationError({name: [field.error_messages["required"]]})

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        return {name: value for name, value in shown.items() if value is not None and value != ""}


class Query(serializers.Serializer):
    """Parameters of an address. An unknown one is refused: a filter that is not applied would be a trap."""

    def to_internal_value(self, data: Any) -> Any:
        if unknown := [name for name in data if name not in self.fields]:
            raise serializers.ValidationError({"": [f"Additional properties not allowed: {', '.join(unknown)[:200]}"]})
        return super().to_internal_value(data)

    @classmethod
    def repeatable(cls) -> frozenset[str]:
        """The parameters that may stand more than once."""
        return frozenset(name for name, field in cls().fields.items() if isinstance(field, serializers.ListField))


class FieldsQuery(Query):
    fields_ = serializers.CharField(required=False, help_text="Members to show, or to leave out, by comma.")
    include_fields = serializers.BooleanField(required=False, help_text="false: `fields` are left out.")

    def get_fields(self) -> dict[str, Any]:
        # `fields` is a name that the serializer itself uses.
        return _renamed(super().get_fields(), {"fields_": "fields"})


class PageQuery(Query):
    page = serializers.IntegerField(required=False, min_value=0, max_value=MAX_PAGE, help_text="Counted from 0.")
    per_page = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)
    include_totals = serializers.BooleanField(required=False, help_text="Answer {start, limit, total, …}.")


class CheckpointQuery(PageQuery):
    from_ = serializers.CharField(required=False, max_length=1_000, help_text="`next` of the answer before.")
    take = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)

    def get_fields(self) -> dict[str, Any]:
        return _renamed(super().get_fields(), {"from_": "from"})


class Totals(serializers.Serializer):
    """What `include_totals` adds to a page; for the OpenAPI document."""

    start = Whole()
    limit = Whole()
    total = Whole()


def _renamed(fields: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): field for name, field in fields.items()}
