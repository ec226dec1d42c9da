"""`record(event)` is the only way to say that something happened. Owns how events reach the `LogEvent` table.

Token events are counted in thousands a second, so they wait in a bounded queue and are written in batches by
one thread per process; a change of configuration and a refusal to a person are written with the change itself. What is
in an event: never a secret, a token, a code or a password (tests/canary.py looks for them in every test run).
"""

from tenants.audit import counts  # noqa: F401  (it subscribes)
from tenants.audit.event import Event
from tenants.audit.queue import EventQueue
from tenants.audit.store import subscribe, write, write_waiting

__all__ = ["Event", "flush", "record", "subscribe", "waiting"]

# Auth0's codes: success and failure of each exchange, and refused Management API calls. A refresh token that was used twice
# is not among them: a theft must not be lost with a process.
BATCHED = frozenset({"seccft", "feccft", "seacft", "feacft", "sertft", "fertft", "sepft", "fepft", "fapi"})

waiting = EventQueue(write_waiting)
flush = waiting.flush


def record(event: Event) -> None:
    """Says that `event` happened: those of `BATCHED` soon and together, all others now, in the caller's transaction."""
    if event.type in BATCHED:
        waiting.append(event)
    else:
        write([event])
