"""Log events as lines of a table: what happened, how it ended, and who it was with the way to their pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tenants.admin import log_texts
from tenants.admin.log_texts import Mark
from tenants.console.pages import change_url
from tenants.models import LogEvent, User

_COLUMNS = ("client_id", "audience", "user_id")
# A column of an event and its value, e.g. ("client_id", "Xk3…").
Party = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or something that an event names; `url` is its page, "" where it has none (any more)."""

    text: str
    url: str = ""


# Finds the names and pages of parties, for many events at once. Floors that know applications and APIs add theirs.
PartyPages = Callable[[int, Sequence[LogEvent]], Mapping[Party, Name]]


@dataclass(frozen=True, slots=True)
class Row:
    event: LogEvent
    url: str
    mark: Mark
    heading: str
    further: str
    application: Name | None
    user: Name | None
    api: Name | None
    target: Name | None


def rows(events: Sequence[LogEvent], providers: Sequence[PartyPages]) -> list[Row]:
    """`events`, which are of one tenant, as lines. Asks the database once for each of `providers`."""
    known: dict[Party, Name] = {}
    for provide in providers if events else ():
        known |= provide(events[0].tenant_id, events)
    return [_row(event, known) for event in events]


def named(events: Sequence[LogEvent], column: str) -> set[str]:
    """The values of `column` in `events`, and what was changed: it may be one of them."""
    return ({getattr(event, column) for event in events} | {log_texts.target(event) for event in events}) - {""}


def user_pages(tenant_id: int, events: Sequence[LogEvent]) -> dict[Party, Name]:
    """The users that `events` name."""
    ids = named(events, "user_id")
    users = User.objects.filter(tenant_id=tenant_id, user_id__in=ids).only("pk", "user_id", "email") if ids else ()
    return {("user_id", user.user_id): Name(user.email, change_url(user)) for user in users}


def _row(event: LogEvent, known: Mapping[Party, Name]) -> Row:
    def name(column: str, text: str) -> Name | None:
        return known.get((column, getattr(event, column))) or (Name(text) if text else None)

    target = log_texts.target(event)
    changed = next((known[column, target] for column in _COLUMNS if (column, target) in known), Name(target))
    return Row(
        event=event,
        url=change_url(event),
        mark=log_texts.mark(event),
        heading=log_texts.heading(event),
        further=changed.text if target else log_texts.further(event),
        application=name("client_id", event.client_name or event.client_id),
        user=name("user_id", event.user_name or event.user_id),
        api=name("audience", event.audience),
        target=changed if target else None,
    )
