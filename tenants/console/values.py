"""Values as people read them on the pages of the console: points in time, yes and no, badges, objects."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenants.console import moments

NOTHING = "-"


def when(moment: datetime | None) -> SafeString | str:
    """`moment` as the console writes it, a dash for none."""
    return moments.tag(moment) if moment else NOTHING


def badge(text: str, kind: str = "") -> SafeString:
    """A few words in a coloured pill: `kind` is good, bad, caution, plain or nothing."""
    return format_html('<span class="{}">{}</span>', f"badge {kind}".rstrip(), text)


def shown(value: Any) -> Any:
    """`value` for a page: what is not for reading in Python's words is said in ours."""
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (dict, list)):
        return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False)) if value else NOTHING
    return NOTHING if value is None or value == "" else value


def moment_column(field: str, title: str) -> Callable[[Any], SafeString | str]:
    """A column of a list: the point in time `field`."""

    @admin.display(description=title, ordering=field)
    def column(row: Any) -> SafeString | str:
        return when(getattr(row, field))

    column.__name__ = field
    return column
