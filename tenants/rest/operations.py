"""What an operation of the Management API is: its scopes, what it takes, what it answers. One value beside each handler.

The view acts on it, and the OpenAPI document and the tests of every refusal are made from it, so that none of the three
can tell another story.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from rest_framework.serializers import BaseSerializer

from tenants.rest.serializers import Query

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """`scopes` are alternatives: any one of them allows the operation. Status is that of success.

    With `lists` the handler returns a queryset, which is answered page by page under that name and in the `order` of
    columns that never change. With `answer` alone it returns one row; with neither, nothing. `also` is another status of
    success, without a body, which a handler answers by itself.
    """

    summary: str
    scopes: tuple[str, ...]
    status: int = 200
    query: type[Query] | None = None
    body: type[BaseSerializer] | None = None
    body_is_list: bool = False
    answer: type[BaseSerializer] | None = None
    lists: str = ""
    order: tuple[str, ...] = ("pk",)
    also: int = 0


def operation(summary: str, *scopes: str, **about: Any) -> Callable[[Handler], Handler]:
    """Marks a method of a `ManagementView` as an `Operation`."""

    def mark(handler: Handler) -> Handler:
        handler.operation = Operation(summary, scopes, **about)  # type: ignore[attr-defined]
        return handler

    return mark
