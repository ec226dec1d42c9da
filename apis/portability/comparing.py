"""What of a document's item differs from what is there, as the Management API would have it: what it merges is compared so.

Also where the deploy tool writes what it does not mean.
"""

from typing import Any

from apis.portability.kinds import CLIENT_GRANTS, CLIENTS, Item, Kind

# Of these a PATCH changes the names that are said.
_MERGED = frozenset({"flags", "client_metadata"})
_METHODS = "client_authentication_methods"
# The deploy tool's name for the application of a grant that has none.
_NO_CLIENT = "undefined_clientId"


def meant(kind: Kind, item: Item) -> Item:
    """`item` as the deploy tool means it: it leaves keys out of clients, and invents a client for a grant by default."""
    if kind is CLIENT_GRANTS and item.get("client_id") == _NO_CLIENT:
        return {name: value for name, value in item.items() if name != "client_id"}
    if kind is CLIENTS and isinstance(item.get(_METHODS), dict) and not all("pem" in key for key in _keys(item[_METHODS])):
        # Keys that are only named are those that the application must have been given by another road.
        return {name: value for name, value in item.items() if name != _METHODS}
    return item


def differing(item: Item, now: Item, skipped: frozenset[str]) -> Item:
    """The members of `item` that are not so `now`, without the `skipped` ones."""
    return {name: value for name, value in item.items() if name not in skipped and not _is_so(name, value, now.get(name))}


def _is_so(name: str, wanted: Any, now: Any) -> bool:
    if name in _MERGED and isinstance(wanted, dict) and isinstance(now, dict):
        return all(now.get(key) == value for key, value in wanted.items())
    if name == _METHODS and isinstance(wanted, dict) and isinstance(now, dict):
        return _same_keys(_keys(wanted), _keys(now))
    return bool(wanted == now)


def _same_keys(wanted: list[Item], now: list[Item]) -> bool:
    """Whether these are the keys, each at least as it is described."""
    by_pem = {str(key.get("pem", "")).strip(): key for key in now}
    found = [by_pem.get(str(key.get("pem", "")).strip()) for key in wanted]
    described = all(
        there is not None and all(there.get(name) == value for name, value in key.items() if name != "pem")
        for key, there in zip(wanted, found, strict=True)
    )
    return len(wanted) == len(now) and described


def _keys(methods: Item) -> list[Item]:
    method = methods.get("private_key_jwt")
    credentials = method.get("credentials") if isinstance(method, dict) else None
    return [key for key in credentials if isinstance(key, dict)] if isinstance(credentials, list) else []
