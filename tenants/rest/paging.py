"""Lists, page by page: `page`/`per_page` with totals, or `take`/`from` (`wire.md` §2.2).

Rows come in an order that never changes for a row, oldest first, so that what is written meanwhile comes after what a
reader has seen, and each row comes once.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from tenants.profile import is_text
from tenants.rest.errors import ManagementError
from tenants.rest.reading import LARGEST_NUMBER

DEFAULT_PAGE_SIZE = 50


def is_checkpoint(query: Mapping[str, Any]) -> bool:
    """Whether a call pages by `take`/`from`; that wins over totals, which it does not have."""
    return "take" in query or "from" in query


def by_page(rows: QuerySet[Any], query: Mapping[str, Any], order: Sequence[str]) -> tuple[list[Any], dict[str, int]]:
    """The page asked for, and its totals when asked for: start, limit, total. One statement more for those, at most."""
    size = query.get("per_page", DEFAULT_PAGE_SIZE)
    start = query.get("page", 0) * size
    found = list(rows.order_by(*order)[start : start + size])
    if not query.get("include_totals"):
        return found, {}
    # A page that is neither full nor past the end says itself how many there are.
    total = start + len(found) if 0 < len(found) < size else rows.count()
    return found, {"start": start, "limit": size, "total": total}


def by_checkpoint(rows: QuerySet[Any], query: Mapping[str, Any], order: Sequence[str]) -> tuple[list[Any], str]:
    """The rows after the checkpoint, and the next checkpoint, "" at the end. One statement.

    Raises ManagementError for a `from` that is no answer of ours to this list.
    """
    size = query.get("take", DEFAULT_PAGE_SIZE)
    if "from" in query:
        rows = rows.filter(_after(rows, query["from"], order))
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    return found[:size], _checkpoint(found[size - 1], order) if more else ""


def _checkpoint(row: Any, order: Sequence[str]) -> str:
    values = [str(getattr(row, name)) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _after(rows: QuerySet[Any], checkpoint: str, order: Sequence[str]) -> Q:
    """(a, b) > (x, y), said so that an index over both columns serves."""
    try:
        texts = json.loads(base64.urlsafe_b64decode(checkpoint + "=" * (-len(checkpoint) % 4)))
        columns = [rows.model._meta.pk if name == "pk" else rows.model._meta.get_field(name) for name in order]
        values = [_value(column, text) for column, text in zip(columns, texts, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError) as error:
        raise ManagementError(
            400, "Query validation error: 'The checkpoint is not one of this list' on property from.", "invalid_query_string"
        ) from error
    after = Q()
    for position, name in enumerate(order):
        same = {earlier: values[index] for index, earlier in enumerate(order[:position])}
        after |= Q(**same, **{f"{name}__gt": values[position]})
    return after


def _value(column: Any, text: Any) -> Any:
    """What `_checkpoint` wrote as `text`. Raises ValueError for what it never writes: a database may choke on that."""
    if not is_text(text):
        raise ValueError("not a text")
    value = column.to_python(text)
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise ValueError("a number is too large")
    column.run_validators(value)
    if str(value.astimezone(UTC) if isinstance(value, datetime) else value) != text:
        raise ValueError("written in another way")
    return value
