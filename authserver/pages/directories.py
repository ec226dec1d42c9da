"""The directories to choose from on the pages of login and sign-up."""

from typing import Any

from apis import registry
from apis.registry import ConnectionValue
from authserver.parked import Parked
from tenants.http import TenantRequest


def connections(request: TenantRequest, waiting: Parked) -> tuple[ConnectionValue, ...]:
    """The directories to choose from: the one that the request names, else all that the application may use.

    The tenant's default directory stands first, since a page offers the first one; the others by name.
    """
    default = request.tenant.settings.default_directory
    return tuple(sorted(_usable(request, waiting), key=lambda connection: connection.name != default))


def _usable(request: TenantRequest, waiting: Parked) -> tuple[ConnectionValue, ...]:
    if waiting.client is None or waiting.asked is None:
        return registry.every_connection(request.tenant)
    named = waiting.asked.connection
    usable = registry.connections(request.tenant, waiting.client)
    return tuple(connection for connection in usable if named in ("", connection.name))


def chosen(usable: tuple[ConnectionValue, ...], name: str) -> ConnectionValue | None:
    """The directory called `name`, the first one when none was said, None when there is no such one."""
    if not name:
        return usable[0] if usable else None
    return next((connection for connection in usable if connection.name == name), None)


def choices(usable: tuple[ConnectionValue, ...], selected: str) -> list[dict[str, Any]]:
    """The directories as the page offers them."""
    return [{"name": connection.name, "selected": connection.name == selected} for connection in usable]
