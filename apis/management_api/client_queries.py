"""What may be asked of lists of clients, and of a client's connections."""

import re
from typing import Any

from rest_framework import serializers

from tenants.rest.paging import DEFAULT_PAGE_SIZE
from tenants.rest.serializers import MAX_PAGE_SIZE, CheckpointQuery, FieldsQuery

_OF_ORGANIZATIONS = re.compile(r"client_grant\.(organization_id:\w+|allow_any_organization:true)")


class ClientsQuery(FieldsQuery, CheckpointQuery):
    is_global = serializers.BooleanField(required=False, help_text="true: only the one that stands for all applications.")
    is_first_party = serializers.BooleanField(required=False)
    app_type = serializers.CharField(required=False, help_text="Types, by comma.")
    external_client_id = serializers.CharField(required=False, help_text="None has one.")
    q = serializers.CharField(required=False, help_text="client_grant.organization_id:… or …allow_any_organization:true")

    def validate_q(self, query: str) -> str:
        """What Auth0 knows here is about organizations, of which there are none. Anything else would be a trap."""
        if not _OF_ORGANIZATIONS.fullmatch(query):
            raise serializers.ValidationError(
                "Only client_grant.organization_id:… and client_grant.allow_any_organization:true can be searched for"
            )
        return query


class ClientConnectionsQuery(FieldsQuery, CheckpointQuery):
    """Always by checkpoint, so `take` is always said."""

    strategy = serializers.ListField(child=serializers.CharField(), required=False)
    take = serializers.IntegerField(default=DEFAULT_PAGE_SIZE, min_value=1, max_value=MAX_PAGE_SIZE)

    def get_fields(self) -> dict[str, Any]:
        pages = {"page", "per_page", "include_totals"}
        return {name: field for name, field in super().get_fields().items() if name not in pages}
