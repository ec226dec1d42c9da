"""Points in time as the console writes them: the same everywhere, in UTC, and how long ago that is."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Seconds, and what as many are called. Whoever changes a step changes it in static/latchkey/console/logs.js, too.
_STEPS = ((86_400, "day"), (3_600, "h"), (60, "min"), (1, "s"))
# Clocks differ by as much, and nobody can tell the difference.
_NOW = 10


def written(moment: datetime) -> str:
    """`2026-11-22 20:31:29`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def tag(moment: datetime) -> SafeString:
    """The same for a page, with the exact time for programs."""
    exact = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return format_html('<time datetime="{}">{}</time>', exact, written(moment))


def ago(moment: datetime, now: datetime | None = None) -> str:
    """`3 min ago`. What lies ahead is said as now: it comes from a clock that goes fast."""
    seconds = int(((now or timezone.now()) - moment).total_seconds())
    if seconds < _NOW:
        return "just now"
    size, name = next(step for step in _STEPS if seconds >= step[0])
    number = seconds // size
    return f"{number} {name}{'s' if name == 'day' and number > 1 else ''} ago"
