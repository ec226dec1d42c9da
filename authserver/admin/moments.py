"""Points in time as the pages of this floor show them."""

from datetime import datetime

from django.utils import timezone


def short(moment: datetime | None) -> str:
    """`05 Mar 2026 14:07`, in the console's time zone: short enough that a list has room for several."""
    return f"{timezone.localtime(moment):%d %b %Y %H:%M}" if moment else "-"
