"""A tenant → its document: what the Management API shows of it, without what only this tenant can have."""

from collections.abc import Mapping
from typing import Any

from apis.models import ClientCredential
from apis.models.api import SYSTEM_IDENTIFIER
from apis.portability import strangers
from apis.portability.kinds import (
    CLIENT_GRANTS,
    CLIENTS,
    DATABASES,
    KINDS,
    NOT_SETTABLE,
    RESOURCE_SERVERS,
    ROLES,
    SETTINGS,
    Item,
    Kind,
)
from tenants.models import Tenant
from tenants.rest.local import LocalManagementAPI

# The Management API is named by the tenant's own address, which no other tenant has: a mark of the deploy tool stands in.
ISSUER_MARK = "ISSUER"
_SYSTEM_AUDIENCE = f"##{ISSUER_MARK}##" + SYSTEM_IDENTIFIER.lstrip("/")


class Snapshot:
    """A tenant's configuration as it is now: `items` by kind, each with the id that it has here."""

    def __init__(self, tenant: Tenant, api: LocalManagementAPI) -> None:
        self.settings: dict[str, Item] = {name: api.get(path) for name, path in SETTINGS.items()}
        left_out = strangers.client_ids(tenant)
        self.items: dict[str, list[Item]] = {kind.name: _everything(api, kind, left_out) for kind in KINDS}
        self.names = {client["client_id"]: client["name"] for client in self.items[CLIENTS.name]}
        self._credentials = _credentials(tenant)
        for role in self.items[ROLES.name]:
            role["permissions"] = api.every(f"roles/{role['id']}/permissions", "permissions")
        self.items[RESOURCE_SERVERS.name] = [row for row in self.items[RESOURCE_SERVERS.name] if not row.get("is_system")]

    def document(self, issuer: str) -> dict[str, Any]:
        """The document: no ids, references by name, in an order that does not change from export to export.

        `issuer` is the address that the mark stands in for.
        """
        found: dict[str, Any] = {}
        for name, settings in self.settings.items():
            if said := {key: settings[key] for key in sorted(settings) if key not in NOT_SETTABLE[name]}:
                found[name] = said
        for kind in KINDS:
            # By name, as Auth0's tool does, so that two exports lie side by side.
            if rows := sorted(
                (self.portable(kind, row) for row in self.items[kind.name]),
                key=lambda row: (row.get("name", ""), kind.identity(row)),
            ):
                found[kind.name] = [{name: row[name] for name in row.keys() - kind.secret} for row in rows]
        system_audience = f"{issuer}{SYSTEM_IDENTIFIER.lstrip('/')}"
        return {name: _written(value, system_audience) for name, value in found.items()}

    def portable(self, kind: Kind, item: Item) -> Item:
        """`item` as a document has it, but for the mark."""
        kept = {name: value for name, value in item.items() if name not in kind.read_only}
        if kind is CLIENTS:
            kept |= self._authentication(item)
        elif kind is CLIENT_GRANTS and "client_id" in kept:
            kept["client_id"] = self.names.get(kept["client_id"], kept["client_id"])
        elif kind is DATABASES:
            kept["enabled_clients"] = sorted(self.names.get(key, key) for key in kept.get("enabled_clients") or ())
        elif kind is ROLES:
            kept["permissions"] = sorted(
                (_permission(row) for row in kept["permissions"]), key=lambda row: sorted(row.items())
            )
        return kept

    def by_identity(self, kind: Kind) -> dict[tuple[str, ...], list[Item]]:
        """What is there, by what a document calls it. Applications may have the same name."""
        found: dict[tuple[str, ...], list[Item]] = {}
        for row in self.items[kind.name]:
            found.setdefault(kind.identity(self.portable(kind, row)), []).append(row)
        return found

    def _authentication(self, client: Item) -> Item:
        """Public keys are no secret, and without them the application could not authenticate anywhere else."""
        if "client_authentication_methods" not in client:
            return {}
        return {
            "client_authentication_methods": {"private_key_jwt": {"credentials": self._credentials[client["client_id"]]}}
        }


_FIRST = ("name", "identifier", "client_id", "audience", "strategy")


def _everything(api: LocalManagementAPI, kind: Kind, left_out: frozenset[str]) -> list[Item]:
    """The items of `kind` that do not belong to an application in `left_out`, and none of those among connections'."""
    found = [row for row in api.every(kind.path, kind.key, **(kind.query or {})) if row.get("client_id") not in left_out]
    for row in found if kind is DATABASES else ():
        row["enabled_clients"] = [key for key in row.get("enabled_clients") or () if key not in left_out]
    return found


def _credentials(tenant: Tenant) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for row in ClientCredential.objects.filter(application__tenant=tenant).select_related("application"):
        said: Mapping[str, Any] = {
            "name": row.name,
            "credential_type": "public_key",
            "alg": row.alg,
            "kid": row.kid,
            "pem": row.pem,
        }
        expiry = {"expires_at": row.expires_at.isoformat()} if row.expires_at else {}
        found.setdefault(row.application.client_id, []).append(
            {**{name: value for name, value in said.items() if value}, **expiry}
        )
    return found


def _permission(row: Item) -> Item:
    return {name: row[name] for name in ("permission_name", "resource_server_identifier")}


def _written(value: Any, system_audience: str) -> Any:
    """`value` with the mark for the Management API, and its members in an order that does not depend on who stored them."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: (member[0] not in _FIRST, member[0]))
        return {name: _written(inner, system_audience) for name, inner in members}
    if isinstance(value, list):
        return [_written(inner, system_audience) for inner in value]
    return _SYSTEM_AUDIENCE if value == system_audience else value
