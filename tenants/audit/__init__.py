"""`record(event)` is the only way to say that something happened. Owns how events reach the `LogEvent` table.

Token events of machines are counted in thousands a second, so they wait in a bounded queue and are written in batches by
one thread per process; a change of configuration and a refusal to a person are written with the change itself. What is
in an event: never a secret, a token, a code or a password (tests/canary.py looks for them in every test run).
"""

from tenants.audit.event import Event
from tenants.audit.queue import EventQueue
from tenants.audit.store import subscribe, write, write_waiting

__all__ = ["Event", "flush", "record", "subscribe", "waiting"]

# Auth0's codes: success of each exchange, failure of the one that machines repeat, and refused Management API calls.
BATCHED = frozenset({"seccft", "feccft", "seacft", "sertft", "sepft", "fapi"})

waiting = EventQueue(write_waiting)
flush = waiting.flush


def record(event: Event) -> None:
    """Says that `event` happened: those of `BATCHED` soon and together, all others now, in the caller's transaction."""
    if event.type in BATCHED:
        waiting.append(event)
    else:
        write([event])
