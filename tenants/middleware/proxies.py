"""Whom to believe about scheme, host and client address (RFC 9700 §4.13).

X-Forwarded-* headers count only when the connection comes from an address in `TRUSTED_PROXIES`; from anyone else they are
ignored. The client is the last address in X-Forwarded-For that is not itself such a proxy.
"""

import ipaddress
from functools import lru_cache
from typing import Any

from django.conf import settings


def trust_proxy(meta: dict[str, Any]) -> None:
    """Rewrites the WSGI environ `meta` in place to what the client sent to the outermost trusted proxy."""
    if not settings.TRUSTED_PROXIES or not _trusted(meta.get("REMOTE_ADDR", "")):
        return
    hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops:
        meta["REMOTE_ADDR"] = hops.pop()
        if not _trusted(meta["REMOTE_ADDR"]):
            break
    # Only the proxy next to us is known to have written the last value.
    if proto := meta.get("HTTP_X_FORWARDED_PROTO", "").rsplit(",", 1)[-1].strip().lower():
        meta["wsgi.url_scheme"] = "https" if proto == "https" else "http"
    if host := meta.get("HTTP_X_FORWARDED_HOST", "").rsplit(",", 1)[-1].strip():
        meta["HTTP_HOST"] = host


@lru_cache(maxsize=8)
def _networks(cidrs: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(ipaddress.ip_network(cidr.strip(), strict=False) for cidr in cidrs)


def _trusted(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))
