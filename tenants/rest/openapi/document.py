"""The document itself: made once per process, and told where the tenant is when somebody asks for it."""

from functools import lru_cache
from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

from tenants.rest.openapi.answers import COMPONENTS
from tenants.rest.router import routes

_ABOUT = """\
Manages this tenant: its APIs, applications, client grants, users and roles.

Send `Authorization: Bearer` with an access token of this tenant whose audience is the address of this API, with its slash.
Every operation names its scopes; any one of them is enough.
"""


class _Operations(EndpointEnumerator):
    def get_api_endpoints(self, patterns: Any = None, prefix: str = "") -> Any:
        return [(route.path, route.path, route.method.upper(), route.callback) for route in routes()]


class _Generator(SchemaGenerator):
    endpoint_inspector_cls = _Operations


def generate() -> dict[str, Any]:
    """The document without `servers`. Slow: reads every view and every shape."""
    generator = _Generator(patterns=[])
    paths = generator.parse(None, public=True)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Management API", "version": "2.0", "description": _ABOUT},
        "tags": [{"name": name} for name in dict.fromkeys(route.resource for route in routes())],
        "paths": paths,
        "components": generator.registry.build(COMPONENTS),
    }


@lru_cache(maxsize=1)
def _generated() -> dict[str, Any]:
    return generate()


def document(issuer: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the Management API at `issuer`."""
    return {**_generated(), "servers": [{"url": f"{issuer}api/v2"}]}
