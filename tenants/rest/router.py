"""Which operations /api/v2 has, read from the URL table: for the OpenAPI document, and for tests that try every one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tenants.rest.operations import Operation

BASE = "api/v2/"
METHODS = ("get", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation and where it is: `path` below /api/v2, with its parameters in braces, "/clients/{id}"."""

    method: str
    path: str
    callback: Any
    operation: Operation

    @property
    def handler(self) -> Any:
        """The method of the view."""
        return getattr(self.callback.cls, self.method)

    @property
    def resource(self) -> str:
        """The first segment of the path."""
        return self.path.split("/")[1]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the path, in order."""
        return tuple(re.findall(r"{(\w+)}", self.path))


def routes() -> list[Route]:
    """Every operation, in the order of the URL table."""
    return [
        Route(method, path, callback, operation)
        for path, callback in _endpoints(get_resolver().url_patterns)
        for method in METHODS
        if (operation := getattr(getattr(getattr(callback, "cls", None), method, None), "operation", None))
    ]


def _endpoints(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if path.startswith(BASE) or not path:
                yield from _endpoints(pattern.url_patterns, path)
        elif path.startswith(BASE):
            yield "/" + _PARAMETER.sub(r"{\1}", path.removeprefix(BASE)), pattern.callback
