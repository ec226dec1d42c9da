"""Fills a tenant by its Management API, as a script of its owner would."""

from typing import Any

import httpx

from tests.clients import staging

# In the tenant that is imported to, and in no document.
LEFT_OVER = "Left-over"


def furnish(api: httpx.Client) -> None:
    """Makes what `tests.clients.staging` lists in the tenant behind `api`."""
    for resource_server in staging.RESOURCE_SERVERS:
        sent(api, "POST", "resource-servers", resource_server)
    ids = {client["name"]: sent(api, "POST", "clients", client)["client_id"] for client in staging.CLIENTS}
    for grant in staging.CLIENT_GRANTS:
        whose = {"client_id": ids[grant["client_id"]]} if "client_id" in grant else {}
        sent(api, "POST", "client-grants", grant | whose)
    connection = sent(api, "POST", "connections", staging.CONNECTION)
    enabled = [{"client_id": ids[name], "status": True} for name in staging.ENABLED]
    sent(api, "PATCH", f"connections/{connection['id']}/clients", enabled)
    for name, role in staging.ROLES.items():
        made = sent(api, "POST", "roles", {"name": name, "description": role["description"]})
        if held := [permission(*pair) for pair in role["permissions"]]:
            sent(api, "POST", f"roles/{made['id']}/permissions", {"permissions": held})
    sent(api, "PATCH", "tenants/settings", staging.SETTINGS)
    sent(api, "PATCH", "branding", staging.BRANDING)


def leave_over(api: httpx.Client) -> None:
    """Makes one of each kind of which no document knows."""
    sent(api, "POST", "resource-servers", {"identifier": LEFT_OVER, "name": LEFT_OVER, "scopes": [{"value": "read"}]})
    client = sent(api, "POST", "clients", {"name": LEFT_OVER, "app_type": "non_interactive"})
    sent(api, "POST", "client-grants", {"client_id": client["client_id"], "audience": LEFT_OVER, "scope": ["read"]})
    sent(api, "POST", "connections", {"name": LEFT_OVER, "strategy": "auth0"})
    role = sent(api, "POST", "roles", {"name": LEFT_OVER})
    sent(api, "POST", f"roles/{role['id']}/permissions", {"permissions": [permission("read", LEFT_OVER)]})


def permission(value: str, identifier: str) -> dict[str, str]:
    return {"permission_name": value, "resource_server_identifier": identifier}


def sent(api: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    """The answer of /api/v2/`path`, which is a good one."""
    answer = api.request(method, f"/api/v2/{path}", json=body)
    assert answer.is_success, (method, path, answer.text)
    return answer.json() if answer.content else None
