"""The facts of one log event, term by term. Which of them it has depends on what happened; the others are left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenants.admin.log_choices import address
from tenants.admin.log_rows import Row
from tenants.admin.log_texts import CHANGES


@dataclass(frozen=True, slots=True)
class Fact:
    """A term with its value. `url` is the page of what the value names, `events` the address of all its events."""

    term: str
    text: str
    url: str = ""
    events: str = ""
    is_code: bool = False
    copy: bool = False


def facts(row: Row) -> list[Fact]:
    """The facts of the event of `row`."""
    return [fact for fact in (*_parties(row), *_request(row)) if fact.text.strip()]


def _parties(row: Row) -> Iterator[Fact]:
    event = row.event
    if row.application:
        events = address({"client_id": event.client_id})
        yield Fact("Application", row.application.text, row.application.url, events)
        yield Fact("Client ID", event.client_id if event.client_id != row.application.text else "", is_code=True, copy=True)
    if row.user:
        term = "Changed by" if event.type in CHANGES else "Person"
        yield Fact(term, row.user.text, row.user.url, address({"user": row.user.text}))
        yield Fact("User ID", event.user_id if event.user_id != row.user.text else "", is_code=True, copy=True)
    if row.api:
        yield Fact("API", row.api.text, row.api.url, address({"audience": event.audience}))
        yield Fact("Identifier", event.audience if event.audience != row.api.text else "", is_code=True)
    yield Fact("Permissions", event.scope, is_code=True)


def _request(row: Row) -> Iterator[Fact]:
    event, details = row.event, row.event.details
    if row.target:
        yield Fact("What was changed", row.target.text, row.target.url)
    yield Fact("Grant type", str(details.get("grant_type") or ""), is_code=True)
    yield Fact("Call", " ".join(_texts(details.get("request"), "method", "path")), is_code=True)
    yield Fact("Answer", " ".join(_texts(details.get("response"), "statusCode", "errorCode")), is_code=True)
    yield Fact("Tried in the console by", str(details.get("console_test") or ""))
    yield Fact("IP address", event.ip, events=address({"q": event.ip}), is_code=True)
    yield Fact("Program", event.user_agent)
    yield Fact("Host", event.hostname, is_code=True)
    yield Fact("Reference", event.request_id, is_code=True, copy=True)


def _texts(part: Any, *names: str) -> list[str]:
    return [str(part[name]) for name in names if part.get(name)] if isinstance(part, Mapping) else []
