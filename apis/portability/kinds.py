"""The kinds of thing that a document holds: where each lives in the Management API, and what of it is not configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """`name` is the document's word, `path` and `key` the Management API's, `identifier` its id there.

    `identity` says which item here is which item there: never an id, which every tenant makes for itself.
    """

    name: str
    path: str
    key: str
    identity: Callable[[Item], tuple[str, ...]]
    identifier: str = "id"
    query: Mapping[str, str] | None = None
    # What only the server writes.
    read_only: frozenset[str] = frozenset()
    # What a document must not tell, but may say.
    secret: frozenset[str] = frozenset()
    # What is said when a thing is made and never again.
    fixed: frozenset[str] = frozenset()
    # What the item's own path does not take: roles' permissions and connections' applications have resources of their own.
    beside: str = ""


def _name(item: Item) -> tuple[str, ...]:
    return (str(item.get("name")),)


RESOURCE_SERVERS = Kind(
    "resourceServers",
    "resource-servers",
    "resource_servers",
    lambda item: (str(item.get("identifier")),),
    read_only=frozenset({"id", "is_system", "client_id"}),
    secret=frozenset({"signing_secret"}),
    fixed=frozenset({"identifier"}),
)
CLIENTS = Kind(
    "clients",
    "clients",
    "clients",
    _name,
    identifier="client_id",
    query={"is_global": "false"},
    read_only=frozenset({"client_id", "client_secret", "signing_keys", "global", "tenant"}),
    fixed=frozenset({"resource_server_identifier"}),
)
DATABASES = Kind(
    "databases",
    "connections",
    "connections",
    _name,
    query={"strategy": "auth0"},
    read_only=frozenset({"id"}),
    fixed=frozenset({"name", "strategy"}),
    beside="enabled_clients",
)
CLIENT_GRANTS = Kind(
    "clientGrants",
    "client-grants",
    "client_grants",
    lambda item: (
        str(item.get("client_id") or item.get("default_for")),
        str(item.get("audience")),
        str(item.get("subject_type") or "client"),
    ),
    read_only=frozenset({"id", "is_system"}),
    fixed=frozenset({"client_id", "audience", "subject_type", "default_for"}),
)
ROLES = Kind("roles", "roles", "roles", _name, read_only=frozenset({"id"}), beside="permissions")

# In the order in which they need each other. The tenant's settings come last: they name APIs and connections.
KINDS = (RESOURCE_SERVERS, CLIENTS, DATABASES, CLIENT_GRANTS, ROLES)
# What every tenant has once, and where it lives. The logo stands in both, and in a document with the tenant's settings.
TENANT, BRANDING = "tenant", "branding"
SETTINGS = {TENANT: "tenants/settings", BRANDING: "branding"}
NOT_SETTABLE = {TENANT: frozenset({"sandbox_versions_available"}), BRANDING: frozenset({"logo_url"})}
