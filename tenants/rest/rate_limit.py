"""How often a client may call the Management API, and the headers that say so (`wire.md` §2.4).

Counted in the process and settled with the shared counters once a second, so that a call costs no statement. Between two
settlements the processes do not know of each other: together they may let through a second's calls too many, which a limit
against runaway scripts can bear. Nothing that protects a secret is counted here.
"""

import math
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse

from tenants import throttle
from tenants.rest.errors import ManagementError

WINDOW = 60
SETTLE_EVERY = 1.0
MAX_CLIENTS = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a window. `resets_at` in seconds since 1970."""

    limit: int
    remaining: int
    resets_at: int

    def tell(self, response: HttpResponse) -> None:
        """Puts the headers on `response`, and how long to wait on a refusal."""
        response.headers["X-RateLimit-Limit"] = str(self.limit)
        response.headers["X-RateLimit-Remaining"] = str(max(0, self.remaining))
        response.headers["X-RateLimit-Reset"] = str(self.resets_at)
        if response.status_code == 429:
            response.headers["Retry-After"] = str(max(1, math.ceil(self.resets_at - time.time())))


@dataclass(slots=True)
class _Window:
    shared: int = 0
    unsettled: int = 0
    settled_at: float = 0.0
    resets_at: float = 0.0


class RateLimit:
    """The windows that this process knows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[tuple[int, str], _Window] = {}

    def spend(self, tenant_id: int, client_id: str) -> Standing | None:
        """Counts one call. None where there is no limit (`MANAGEMENT_API_REQUESTS_PER_MINUTE` 0).

        The calls beyond the limit have a `remaining` of -1.
        """
        limit: int = settings.MANAGEMENT_API_REQUESTS_PER_MINUTE
        if not limit:
            return None
        now = time.time()
        with self._lock:
            if len(self._windows) >= MAX_CLIENTS:
                self._windows.clear()
            window = self._windows.setdefault((tenant_id, client_id), _Window())
            # What was not settled when its window ended belongs to no window that is left.
            window.unsettled = 1 if now >= window.resets_at else window.unsettled + 1
            due = now - window.settled_at >= SETTLE_EVERY or now >= window.resets_at
            unsettled = window.unsettled
            if due:
                window.settled_at, window.unsettled = now, 0
        if due:
            counted = throttle.add(throttle.Limit("management api", limit, WINDOW), unsettled, str(tenant_id), client_id)
            window.shared, window.resets_at = counted[0], now + counted[1]
        left = limit - window.shared - window.unsettled
        return Standing(limit, max(left, -1), math.ceil(window.resets_at))

    def clear(self) -> None:
        """Forgets everything. For tests."""
        with self._lock:
            self._windows.clear()


_limits = RateLimit()
spend, clear = _limits.spend, _limits.clear


def exceeded() -> ManagementError:
    """429, as Auth0 says it."""
    return ManagementError(429, "Global limit has been reached", "too_many_requests")
