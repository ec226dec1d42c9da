"""The query of lists that Auth0 pages by `take` and `from` only: they always answer `{<items>, next?}` (`wire.md` §2.2)."""

from rest_framework import serializers

from tenants.rest.paging import DEFAULT_PAGE_SIZE
from tenants.rest.serializers import MAX_PAGE_SIZE, CheckpointQuery


class CursorQuery(CheckpointQuery):
    page = None  # type: ignore[assignment]
    per_page = None  # type: ignore[assignment]
    include_totals = serializers.BooleanField(required=False, help_text="Accepted without effect: there are no totals.")
    take = serializers.IntegerField(default=DEFAULT_PAGE_SIZE, min_value=1, max_value=MAX_PAGE_SIZE)
