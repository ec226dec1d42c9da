"""`tenants.console.moments` for templates: `{{ event.date|moment }}`, `{{ event.date|ago }}`."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from tenants.console import moments

register = template.Library()


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """The point in time as the console writes it, `-` for none."""
    return moments.tag(value) if value else "-"


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago that is, "" for none."""
    return moments.ago(value) if value else ""
