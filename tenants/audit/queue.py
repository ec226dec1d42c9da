"""Events that wait to be written: bounded, and emptied by one thread per process."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections, transaction

from tenants.audit.event import Event

logger = structlog.get_logger("latchkey.audit")

BATCH = 1_000


class EventQueue:
    """A queue of at most `settings.AUDIT_QUEUE_LIMIT` events; what comes on top is counted and dropped, never waited for."""

    def __init__(self, write: Callable[[Sequence[Event]], None]) -> None:
        self._write = write
        self._events: deque[Event] = deque()
        self._dropped = 0
        self._flushing = threading.Lock()
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._writer: threading.Thread | None = None

    def append(self, event: Event) -> None:
        if len(self._events) >= settings.AUDIT_QUEUE_LIMIT:
            self._dropped += 1
            return
        self._events.append(event)
        # Started by the first event, so after the server forked its workers.
        if self._writer is None and settings.AUDIT_FLUSH_SECONDS:
            self._start_writer()

    def flush(self) -> int:
        """Writes what waits and returns how many events that was. On a database error they stay in the queue."""
        written = 0
        with self._flushing:
            while batch := self._take():
                try:
                    with transaction.atomic():
                        self._write(batch)
                except DatabaseError as error:
                    self._events.extendleft(reversed(batch))
                    logger.warning("audit_flush_failed", waiting=len(self._events), error=type(error).__name__)
                    break
                written += len(batch)
            if self._dropped:
                logger.error("audit_events_dropped", dropped=self._dropped, limit=settings.AUDIT_QUEUE_LIMIT)
                self._dropped = 0
        return written

    def close(self) -> None:
        """Has the writer write what waits, and waits for it."""
        self._closing.set()
        if self._writer is not None:
            self._writer.join()

    def clear(self) -> None:
        """Forgets what waits. For tests."""
        self._events.clear()

    def _take(self) -> list[Event]:
        return [self._events.popleft() for _ in range(min(BATCH, len(self._events)))]

    def _start_writer(self) -> None:
        with self._starting:
            if self._writer is None:
                # Not a daemon: the interpreter waits for it at exit, which is when it writes the rest.
                self._writer = threading.Thread(target=self._write_until_exit, name="audit-writer", daemon=False)
                self._writer.start()

    def _write_until_exit(self) -> None:
        last_round = False
        while not last_round:
            last_round = self._pause(settings.AUDIT_FLUSH_SECONDS)
            close_old_connections()
            try:
                self.flush()
            except Exception:
                # Whatever it was, the next second is another try; a thread that died would lose every later event.
                logger.exception("audit_flush_failed")
        connections.close_all()

    def _pause(self, seconds: float) -> bool:
        """Waits `seconds`, in slices short enough that exit is not held up. True when there will be no other round."""
        main, until = threading.main_thread(), time.monotonic() + seconds
        while main.is_alive() and (left := until - time.monotonic()) > 0:
            if self._closing.wait(min(0.1, left)):
                return True
        return not main.is_alive()
