"""How often something may be tried: counters that processes share and that parallel tries cannot outrun (T-124, T-125).

Every try is counted before it is judged, so a hundred at once find a hundred different counts. The counters are in Redis
when `REDIS_URL` is set and it answers, else in the database. Owns no limit: that is the caller's, who also says what a
refusal looks like.
"""

import ipaddress
import json
import math
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from tenants.throttle import database, in_redis

# An IPv6 customer owns at least this much of an address and chooses the rest at will.
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in a window that the first of them opens. Tries beyond the limit do not prolong it (T-124)."""

    name: str
    tries: int
    seconds: int


def spend(limit: Limit, *parts: str) -> int:
    """Counts one attempt under `limit` and `parts` (whose it is, exactly as given). Call it before the attempt is judged.

    Returns 0 when the attempt may go ahead, else the seconds to wait, at least 1. Call it outside a transaction, whose
    rollback would undo the count: inside one the database's counter raises RuntimeError.
    """
    counted = add(limit, 1, *parts)
    if counted[0] <= limit.tries:
        return 0
    return max(1, math.ceil(counted[1]))


def add(limit: Limit, tries: int, *parts: str) -> tuple[int, float]:
    """Counts `tries` at once under `limit` and `parts`. Returns how many there are now, and the seconds until they reset.

    To be called as `spend` is.
    """
    key = _key(limit, parts)
    return in_redis.count(key, limit.seconds, tries) or database.count(key, limit.seconds, tries)


def forgive(limit: Limit, *parts: str) -> None:
    """Forgets the attempts counted under `limit` and `parts`, as after a success."""
    key = _key(limit, parts)
    in_redis.forget(key)
    # Also with Redis: it may have been away while some of them were counted.
    database.forget(key)


def refund(limit: Limit, *parts: str) -> None:
    """Takes back the one attempt that was counted last under `limit` and `parts`: it was no attempt after all."""
    key = _key(limit, parts)
    # Where Redis has no count of it, it was away when the attempt was counted.
    if not in_redis.uncount(key):
        database.uncount(key)


def network(address: str) -> str:
    """What `address` counts as: an IPv4 address as itself, an IPv6 address as its /64. What is no address stays as it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(ip), IPV6_PREFIX), strict=False))


def _key(limit: Limit, parts: tuple[str, ...]) -> str:
    # Keyed, because there are few enough IP addresses to hash them all and compare.
    return salted_hmac("tenants.throttle", json.dumps([limit.name, *parts]), algorithm="sha256").hexdigest()
