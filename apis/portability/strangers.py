"""Applications that are nobody's configuration: they registered themselves, under whatever name they liked.

A document knows applications by their names. If these counted, whoever takes the name of one of the house would be given
what an import gives to that one: its client grants, its secrets, its trust.
"""

from collections.abc import Callable, Iterable

from tenants.models import Tenant

# Added by the top floor, which knows who registered itself: tenant → client_ids.
registered: list[Callable[[Tenant], Iterable[str]]] = []


def client_ids(tenant: Tenant) -> frozenset[str]:
    """The client_ids of these applications of `tenant`."""
    return frozenset(client_id for of_tenant in registered for client_id in of_tenant(tenant))
