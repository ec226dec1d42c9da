"""The algorithms that a tenant's keys sign with, and which of them its key set may show. Makes and uses no key."""

from collections.abc import Mapping

DEFAULT = "RS256"
# In the order of the key set: a client that knows one algorithm only finds its keys first.
ALGORITHMS = (DEFAULT, "RS512", "PS256", "ES256", "EdDSA")
# Auth0's Python SDK reads every entry of a key set as RSA and fails on another, so a tenant asks for the others.
FLAG_FOR = {"ES256": "enable_ec_keys", "EdDSA": "enable_okp_keys"}


def published(flags: Mapping[str, bool]) -> tuple[str, ...]:
    """The algorithms whose keys a tenant with these `flags` publishes, and so signs with."""
    return tuple(alg for alg in ALGORITHMS if alg not in FLAG_FOR or flags.get(FLAG_FOR[alg], False))
