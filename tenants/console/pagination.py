"""Pages of a table that is too long to be counted."""

from functools import cached_property
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet

# Far behind anything a person turns to, and small enough for every database's offset.
LAST_PAGE = 1_000_000


class UncountedPaginator(Paginator):
    """Reads the page that is asked for and one row more, so it knows whether there is a next page, and no total.

    `count` is therefore the number of rows up to here, plus one when more follow.
    """

    def __init__(self, *args: Any, page: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._page = min(max(page, 1), LAST_PAGE)

    @cached_property
    def count(self) -> int:
        rows: QuerySet = cast("QuerySet", self.object_list).values_list("pk", flat=True)
        start = (self._page - 1) * self.per_page
        return start + len(rows[start : start + self.per_page + 1])
