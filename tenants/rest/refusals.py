"""What went wrong, in the Management API's words: our rules' and REST framework's errors → `ManagementError`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, DataError, IntegrityError
from rest_framework import exceptions

from tenants import audit
from tenants.changes import Actor
from tenants.http import TenantRequest
from tenants.rest.errors import ManagementError

_UNIQUE = frozenset({"unique", "unique_together"})
BODY, QUERY = "invalid_body", "invalid_query_string"
# Where there is no body that could be wrong.
OPERATION = "operation_not_supported"
_PREFIX = {BODY: "Payload validation error", QUERY: "Query validation error"}


def conflict(message: str) -> ManagementError:
    """409: the name is taken."""
    return ManagementError(409, message)


def of_serializer(error: exceptions.ValidationError, code: str = BODY) -> ManagementError:
    """The first problem that a serializer found, with the member it is about. `code` is `BODY` or `QUERY`."""
    path, message = next(_problems(error.detail), ("", "invalid"))
    about = f" on property {path}" if path else ""
    return ManagementError(400, f"{_PREFIX[code]}: '{message.rstrip('.')}'{about}.", code)


def of_rule(error: ValidationError, taken: str, code: str = BODY) -> ManagementError:
    """What a service refused. A name that is taken is a conflict, which `taken` says in Auth0's words.

    `code` is `BODY` or, of a call without one, `OPERATION`.
    """
    if hasattr(error, "error_dict"):
        found = [(name, item) for name, items in error.error_dict.items() for item in items]
    else:
        found = [(NON_FIELD_ERRORS, item) for item in error.error_list]
    if any(item.code in _UNIQUE for _, item in found):
        return conflict(taken)
    name, item = found[0]
    message = item.messages[0]
    return ManagementError(400, message if name == NON_FIELD_ERRORS else f"{name}: {message}", code)


def of_database(error: DatabaseError, taken: str) -> ManagementError:
    """Two writers at once: the second is told what a later one would be told. Everything else is an outage."""
    if _is_dangling(error):
        return ManagementError(404, "Something that the request names has just been deleted")
    if isinstance(error, IntegrityError):
        return conflict(taken)
    if isinstance(error, DataError):
        return ManagementError(400, "Payload validation error: 'A value is not one that can be stored'.", BODY)
    return ManagementError(503, "The database did not answer. Please try again in a moment.")


def _is_dangling(error: DatabaseError) -> bool:
    """Whether a row would point to one that is gone, as PostgreSQL (SQLSTATE 23503) or SQLite says it."""
    return getattr(error.__cause__, "sqlstate", "") == "23503" or "FOREIGN KEY" in str(error)


def record(refusal: ManagementError, http: TenantRequest, actor: Actor) -> None:
    """A refused call is an event of its own; those of somebody who is nobody yet are not worth one."""
    audit.record(
        audit.Event(
            type="fapi",
            tenant_id=http.tenant.id,
            description=refusal.message,
            client_id=actor.client_id,
            user_name=actor.name,
            ip=actor.ip,
            hostname=http.tenant.host,
            details={
                # PostgreSQL's JSON holds no NUL.
                "request": {"method": http.method, "path": http.path[:500].replace("\x00", "\ufffd")},
                "response": {"statusCode": refusal.status, "errorCode": refusal.error_code},
                "request_id": http.request_id,
            },
        )
    )


def _problems(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = f"[{name}]" if isinstance(name, int) else f".{name}" if path and name else name
            yield from _problems(inner, path + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _problems(inner, f"{path}[{index}]" if isinstance(inner, Mapping) else path)
    else:
        yield path, str(detail)
