"""A document → a tenant: what it lacks is made, what differs is changed, and only if told so, what is too much is removed.

Everything happens in the caller's transaction: a document that cannot be carried out as a whole changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from apis.portability.comparing import differing
from apis.portability.exporting import Snapshot
from apis.portability.kinds import CLIENT_GRANTS, CLIENTS, DATABASES, ROLES, SETTINGS, Item, Kind
from apis.portability.wanted import wanted
from apis.services.provisioning import MANAGEMENT_APPLICATION_NAME
from tenants.models import Tenant, User
from tenants.rest.errors import ManagementError
from tenants.rest.local import LocalManagementAPI

# Of a list that a call changes, so many at once.
CHUNK = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `action` is create, update or delete. `before` and `after` hold the members that differ.

    `beside` says what goes along with it.
    """

    action: str
    kind: str
    identity: tuple[str, ...]
    before: Item
    after: Item
    beside: str = ""


class Import:
    """Brings `tenant` to what `document` says. `changes` is what that took."""

    def __init__(self, tenant: Tenant, api: LocalManagementAPI) -> None:
        self._tenant, self._api = tenant, api
        self.changes: list[Change] = []
        # Names of the applications that were made: their secrets, if any come along, belong to nobody yet.
        self.made: dict[str, str] = {}

    def run(self, document: dict[str, Any], *, remove: bool = False, remove_users: bool = False) -> None:
        """`remove_users`: directories are removed with the people in them, who are in no document.

        Raises ValidationError, which names the item that cannot be carried out and why.
        """
        items_of, settings = wanted(document)
        for kind, items in items_of.items():
            self._bring(kind, items)
        # Backwards: what others refer to goes after them.
        for kind in reversed(list(items_of)) if remove else ():
            self._remove(kind, items_of[kind], remove_users=remove_users)
        for name, path in SETTINGS.items():
            self._settings(name, path, settings.get(name, {}))

    def _bring(self, kind: Kind, items: list[Item]) -> None:
        now = Snapshot(self._tenant, self._api)
        ids = {name: client_id for client_id, name in now.names.items()}
        existing = now.by_identity(kind)
        for item in items:
            identity = kind.identity(item)
            with _naming(kind.name, identity):
                match existing.get(identity, []):
                    case []:
                        self._create(kind, item, ids)
                    case [found]:
                        self._update(kind, item, found, now.portable(kind, found), ids)
                    case _:
                        raise ValidationError(f"{kind.name}: several are named {identity[0]}. Rename all but one.")

    def _create(self, kind: Kind, item: Item, ids: dict[str, str]) -> None:
        body = {name: value for name, value in item.items() if name not in kind.read_only and name != kind.beside}
        made = self._api.post(kind.path, self._sendable(kind, body, ids))
        if kind is CLIENTS:
            self.made[item["name"]] = made["client_id"]
        self._bring_beside(kind, made[kind.identifier], [], item.get(kind.beside) or [], ids)
        self.changes.append(Change("create", kind.name, kind.identity(item), {}, item))

    def _update(self, kind: Kind, item: Item, found: Item, now: Item, ids: dict[str, str]) -> None:
        skipped = kind.read_only | kind.fixed
        after = differing(item, now, skipped)
        if not after:
            return
        before = {name: now.get(name) for name in after}
        body = {name: value for name, value in after.items() if name != kind.beside}
        if body:
            self._api.patch(f"{kind.path}/{found[kind.identifier]}", self._sendable(kind, body, ids))
        if kind.beside in after:
            self._bring_beside(kind, found[kind.identifier], now.get(kind.beside) or [], after[kind.beside] or [], ids)
        self.changes.append(Change("update", kind.name, kind.identity(item), before, after))

    def _sendable(self, kind: Kind, body: Item, ids: dict[str, str]) -> Item:
        """`body` with the ids of this tenant where the document has names."""
        if kind is CLIENT_GRANTS and "client_id" in body:
            return body | {"client_id": ids.get(body["client_id"], body["client_id"])}
        return body

    def _bring_beside(self, kind: Kind, key: str, now: list[Any], wanted: list[Any], ids: dict[str, str]) -> None:
        """Permissions of a role, applications of a connection: what changes, in calls of their own."""
        added, gone = [row for row in wanted if row not in now], [row for row in now if row not in wanted]
        if kind is ROLES:
            for send, rows in ((self._api.post, added), (self._api.delete, gone)):
                for chunk in _chunks(rows):
                    send(f"roles/{key}/permissions", {"permissions": chunk})
        elif kind is DATABASES:
            switches = [{"client_id": ids.get(name, name), "status": True} for name in added]
            switches += [{"client_id": ids.get(name, name), "status": False} for name in gone]
            for chunk in _chunks(switches):
                self._api.patch(f"connections/{key}/clients", chunk)

    def _remove(self, kind: Kind, items: list[Item], *, remove_users: bool) -> None:
        """What the document does not have, but for what every tenant has of its own."""
        now, kept = Snapshot(self._tenant, self._api), {kind.identity(item) for item in items}
        for row in now.items[kind.name]:
            item = now.portable(kind, row)
            identity = kind.identity(item)
            if identity in kept or identity[0] == MANAGEMENT_APPLICATION_NAME:
                continue
            users = self._users(kind, row)
            if users and not remove_users:
                raise ValidationError(
                    f"{kind.name}, {' / '.join(identity)}: {users} would be deleted with it, and no document brings them "
                    "back. Put it into the document, or say --delete-users."
                )
            with _naming(kind.name, identity):
                self._api.delete(f"{kind.path}/{row[kind.identifier]}")
            self.changes.append(Change("delete", kind.name, identity, item, {}, f"with {users}" if users else ""))

    def _users(self, kind: Kind, row: Item) -> str:
        """How many people go with a directory, "" when nobody does."""
        count = User.objects.of(self._tenant).filter(connection=row["id"]).count() if kind is DATABASES else 0
        return f"{count} user{'s' if count > 1 else ''}" if count else ""

    def _settings(self, kind: str, path: str, settings: Item) -> None:
        now = self._api.get(path)
        after = differing(settings, now, frozenset())
        if not after:
            return
        with _naming(kind, ("settings",)):
            self._api.patch(path, after)
        before = {name: now.get(name) for name in after}
        self.changes.append(Change("update", kind, ("settings",), before, after))


@contextmanager
def _naming(kind: str, identity: tuple[str, ...]) -> Iterator[None]:
    """Says which item of the document was refused."""
    try:
        yield
    except ManagementError as error:
        raise ValidationError(f"{kind}, {' / '.join(identity)}: {error.message}") from error


def _chunks(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
