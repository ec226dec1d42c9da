"""`tenants.console.values` for templates: `{{ cell|shown }}`, and `{{ field|worded }}` for a field that is only read."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import BooleanField, DateTimeField, JSONField
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from tenants.console import values

register = template.Library()
# Django shows these as pictures, in the words of a locale, and as one long line.
_OURS = (BooleanField, DateTimeField, JSONField)


@register.filter
def shown(value: Any) -> Any:
    """A cell of a table."""
    return values.shown(value)


@register.filter
def worded(field: Any) -> Any:
    """The contents of an `AdminReadonlyField`, in our words."""
    try:
        column, _, value = lookup_field(field.field["field"], field.form.instance, field.model_admin)
    except (AttributeError, FieldDoesNotExist, ObjectDoesNotExist, ValueError):
        return field.contents()
    if isinstance(column, _OURS):
        return values.shown(value)
    contents = field.contents()
    return values.NOTHING if contents in ("", "-") else contents


@register.filter
def label(columns: Sequence[str], position: int) -> str:
    """The attribute with the name of the column at `position`, which a phone shows beside the value; not of the first."""
    name = columns[position]
    if not name:
        return format_html(' class="{}"', "deed")
    return format_html(' data-label="{}"', name) if position else ""


@register.filter
def labelled(cells: Iterable[str], headers: Sequence[Any]) -> list[str]:
    """The cells of a row as Django made them, each with the name of its column."""
    return [_labelled(cell, header) for cell, header in zip(cells, headers, strict=False)]


def _labelled(cell: str, header: Any) -> str:
    if not cell.startswith("<td ") or "action-checkbox" in cell[:40]:
        return cell
    return format_html('<td data-label="{}" {}', capfirst(header["text"]), mark_safe(cell.removeprefix("<td ")))  # noqa: S308  (made by format_html)
