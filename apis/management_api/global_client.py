"""The client that Auth0 calls All Applications, at which its tools look for a tenant's own login page.

It is an answer and nothing else: no row stands behind it, and nobody can be it. Only lists that ask for it have it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from tenants.config_cache import CurrentTenant
from tenants.rest.paging import DEFAULT_PAGE_SIZE, is_checkpoint

NAME = "All Applications"


def answer(tenant: CurrentTenant) -> dict[str, Any]:
    """The client. Whoever may list clients may see all of it."""
    client_id = hashlib.sha256(f"the global client of {tenant.id}".encode()).hexdigest()[:32]
    return {"tenant": tenant.name, "global": True, "client_id": client_id, "name": NAME, "is_first_party": True}


def listed(client: dict[str, Any], query: Mapping[str, Any]) -> Any:
    """The list of it alone, in the style of paging that `query` asks for."""
    if is_checkpoint(query):
        return {"clients": [] if "from" in query else [client]}
    page, size = query.get("page", 0), query.get("per_page", DEFAULT_PAGE_SIZE)
    shown = [] if page else [client]
    return {"start": page * size, "limit": size, "total": 1, "clients": shown} if query.get("include_totals") else shown
