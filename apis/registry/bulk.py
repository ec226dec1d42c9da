"""The values of many rows at once, for pages that ask what a request would find: as many statements for all as for one.

Owns no rule: rows become values as `loading` has it, and what they allow is decided in `authserver.policy`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self, TypeVar

from django.db.models import Q, prefetch_related_objects

from apis import registry
from apis.models import API, Application, ClientGrant, DefaultFor, SubjectType
from apis.registry import APIValue, ApplicationValue, loading
from tenants.config_cache import CurrentTenant

T = TypeVar("T")
# The ids of an application (None: every third-party one) and of an API, and on whose behalf.
GrantKey = tuple[int | None, str, str]


@dataclass(frozen=True, slots=True)
class KnownTenant(CurrentTenant):
    """A tenant of which some values are `known` beforehand, also that there is none. The rest is looked up as ever."""

    known: Mapping[tuple[str, str], Any] = field(repr=False, compare=False)

    def cached(self, kind: str, key: str, load: Callable[[], T]) -> T:
        if (kind, key) in self.known:
            return self.known[kind, key]  # type: ignore[no-any-return]
        return CurrentTenant.cached(self, kind, key, load)


@dataclass(frozen=True, slots=True)
class Known:
    """Some applications and APIs of a tenant, by the ids of their rows, and the client grants between them."""

    tenant: KnownTenant
    applications: Mapping[int, ApplicationValue]
    apis: Mapping[str, APIValue]
    grants: Mapping[GrantKey, ClientGrant]

    def supposing(self, held: Mapping[GrantKey, tuple[str, ...] | None]) -> Self:
        """The same, as if the client grants in `held` had these scopes; None: as if there were none."""
        supposed = dict(self.tenant.known)
        for (application_id, api_id, subject_type), scopes in held.items():
            if application_id is None:
                continue
            client, target = self.applications[application_id], self.apis[api_id]
            key = registry.grant_key(client, target, subject_type)
            supposed["grant", key] = _by_default(self.grants, client, target, subject_type) if scopes is None else scopes
        return replace(self, tenant=replace(self.tenant, known=supposed))


def read(tenant: CurrentTenant, applications: Sequence[Application], apis: Sequence[API]) -> Known:
    """`applications` and `apis`, all of `tenant`, without anything that would have to be decrypted."""
    prefetch_related_objects(applications, "secrets", "credentials")
    prefetch_related_objects(apis, "permissions")
    clients = {row.pk: loading.application_value(row, with_keys=False) for row in applications}
    targets = {row.pk: loading.api_value(tenant, row, with_keys=False) for row in apis}
    grants = _grants(tenant, clients, targets)
    known: dict[tuple[str, str], Any] = {}
    for target in targets.values():
        known["api", registry.api_key(tenant, target.audience)] = target
        for client in clients.values():
            for subject_type in SubjectType.values:
                scopes = _scopes(grants, client, target, subject_type)
                known["grant", registry.grant_key(client, target, subject_type)] = scopes
    current = {each.name: getattr(tenant, each.name) for each in fields(tenant)}
    return Known(KnownTenant(**current, known=known), clients, targets, grants)


def _grants(tenant: CurrentTenant, clients: Iterable[int], targets: Iterable[str]) -> dict[GrantKey, ClientGrant]:
    whose = Q(application__in=list(clients)) | Q(application=None, default_for=DefaultFor.THIRD_PARTY_CLIENTS)
    rows = ClientGrant.objects.of(tenant).filter(whose, api__in=list(targets)).prefetch_related("permissions")
    return {(row.application_id, row.api_id, row.subject_type): row for row in rows}


def _scopes(
    grants: Mapping[GrantKey, ClientGrant], client: ApplicationValue, target: APIValue, subject_type: str
) -> tuple[str, ...] | None:
    own = grants.get((client.id, target.id, subject_type))
    return loading.scopes_of(own, target) if own else _by_default(grants, client, target, subject_type)


def _by_default(
    grants: Mapping[GrantKey, ClientGrant], client: ApplicationValue, target: APIValue, subject_type: str
) -> tuple[str, ...] | None:
    default = None if client.is_first_party else grants.get((None, target.id, subject_type))
    return loading.scopes_of(default, target) if default else None
