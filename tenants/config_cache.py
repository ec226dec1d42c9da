"""Hot configuration, kept in the process: tenant, domain, and whatever the floors above look up per tenant.

One snapshot per tenant, thrown away as a whole when `Tenant.config_version` has moved. Every write bumps that version in
its own transaction (`bump`); each process looks at it at most once in `MAX_AGE` seconds. So a change is seen everywhere
within that second, and at once in the process that wrote it. Owns no rule about what is stored.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar, cast

from django.db import DatabaseError, transaction
from django.db.models import F

from tenants.models import Domain, Tenant
from tenants.tenant_settings import TenantSettings, tenant_settings

T = TypeVar("T")

MAX_AGE = 1.0
# A process that serves very many tenants forgets the ones it has not seen since, rather than growing without end.
MAX_TENANTS = 5_000
MAX_VALUES = 50_000


@dataclass(slots=True)
class _Snapshot:
    version: int
    checked_at: float
    values: dict[tuple[str, str], Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CurrentTenant:
    """The tenant that a request came for, as seen through one of its domains. Read-only; shared between requests."""

    id: int
    name: str
    friendly_name: str
    host: str
    scheme: str
    issuer: str
    default_audience: str
    security_profile: str
    flags: MappingProxyType[str, bool]
    settings: TenantSettings
    _snapshot: _Snapshot = field(repr=False, compare=False)

    def cached(self, kind: str, key: str, load: Callable[[], T]) -> T:
        """`load()`, remembered under (`kind`, `key`) until this tenant's configuration changes. None is not kept."""
        values = self._snapshot.values
        found = values.get((kind, key))
        if found is None:
            found = load()
            if found is not None:
                if len(values) >= MAX_VALUES:
                    values.clear()
                values[(kind, key)] = found
        return cast("T", found)


class ConfigCache:
    """The snapshots of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshots: dict[int, _Snapshot] = {}
        self._tenant_of_host: dict[str, int] = {}
        self._forgotten = 0

    def resolve(self, host: str, *, stale_ok: bool = False) -> CurrentTenant | None:
        """The tenant that answers at `host` (with port, lower case), or None.

        `stale_ok` serves what is remembered when the database is down: for what is public anyway (keys, metadata).
        """
        tenant_id = self._tenant_of_host.get(host)
        snapshot = self._snapshots.get(tenant_id) if tenant_id is not None else None
        if tenant_id is not None and snapshot is not None:
            if time.monotonic() - snapshot.checked_at >= MAX_AGE:
                try:
                    snapshot = self._checked(tenant_id, snapshot)
                except DatabaseError:
                    if not stale_ok:
                        raise
            if snapshot is not None and (current := snapshot.values.get(("tenant", host))):
                return cast("CurrentTenant", current)
        return self._load(host)

    def fresh(self, current: CurrentTenant) -> CurrentTenant:
        """`current` when its configuration has not moved, looked up now; else the tenant as it is configured by now."""
        if self._checked(current.id, current._snapshot) is not None:
            return current
        return self.resolve(current.host) or current

    def forget(self, tenant_id: int) -> None:
        """Drops what this process remembers of a tenant."""
        with self._lock:
            self._forgotten += 1
            self._snapshots.pop(tenant_id, None)

    def clear(self) -> None:
        """Drops everything that this process remembers."""
        with self._lock:
            self._forgotten += 1
            self._snapshots.clear()
            self._tenant_of_host.clear()

    def _checked(self, tenant_id: int, snapshot: _Snapshot) -> _Snapshot | None:
        """`snapshot` when it still tells the truth; None, and forgotten, when the configuration has moved on."""
        version = Tenant.objects.filter(pk=tenant_id).values_list("config_version", flat=True).first()
        if version == snapshot.version:
            snapshot.checked_at = time.monotonic()
            return snapshot
        self.forget(tenant_id)
        return None

    def _load(self, host: str) -> CurrentTenant | None:
        forgotten, now = self._forgotten, time.monotonic()
        domain = Domain.objects.select_related("tenant").filter(host=host).first()
        if domain is None:
            return None
        with self._lock:
            snapshot = self._snapshots.get(domain.tenant_id)
            if snapshot is None or snapshot.version != domain.tenant.config_version:
                snapshot = _Snapshot(domain.tenant.config_version, now)
            current = at_domain(domain, snapshot)
            snapshot.values[("tenant", host)] = current
            # A write that finished while we read may have left us with what it replaced: use it, do not keep it.
            if forgotten == self._forgotten:
                self._keep(host, domain.tenant_id, snapshot)
        return current

    def _keep(self, host: str, tenant_id: int, snapshot: _Snapshot) -> None:
        if len(self._snapshots) >= MAX_TENANTS:
            self._snapshots.clear()
            self._tenant_of_host.clear()
        self._snapshots[tenant_id] = snapshot
        self._tenant_of_host[host] = tenant_id


_cache = ConfigCache()
resolve, fresh, forget, clear = _cache.resolve, _cache.fresh, _cache.forget, _cache.clear


def at_domain(domain: Domain, snapshot: _Snapshot | None = None) -> CurrentTenant:
    """The value that a request to `domain` carries. Outside a request (commands, console) nothing is remembered."""
    tenant = domain.tenant
    return CurrentTenant(
        id=tenant.pk,
        name=tenant.name,
        friendly_name=str(tenant),
        host=domain.host,
        scheme=domain.scheme,
        issuer=domain.issuer,
        default_audience=tenant.default_audience,
        security_profile=tenant.security_profile,
        flags=MappingProxyType(tenant.all_flags),
        settings=tenant_settings(tenant),
        _snapshot=snapshot or _Snapshot(tenant.config_version, 0.0),
    )


def bump(tenant_id: int) -> None:
    """Makes every process read this tenant's configuration anew. Call it inside the transaction of the write."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("config_cache.bump belongs inside the transaction of the change it announces")
    Tenant.objects.filter(pk=tenant_id).update(config_version=F("config_version") + 1)
    transaction.on_commit(lambda: forget(tenant_id))
