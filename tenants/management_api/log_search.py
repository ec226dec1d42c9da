"""What `q` of /logs may ask, and how many events a search by page shows."""

from django.db.models import QuerySet

from tenants.models import LogEvent
from tenants.rest.errors import ManagementError
from tenants.rest.lucene_fields import Kind, filter_of, moment, text

# A log has no end, and counting all of it for the total of one page would take longer than the page.
MOST_BY_PAGE = 10_000

# Whole values of the indexed columns are found at once; parts of a name are looked for in every row.
FIELDS: dict[str, Kind] = {
    "type": text("type"),
    "date": moment("date"),
    "description": text("description", fold=True),
    "client_id": text("client_id"),
    "client_name": text("client_name", fold=True),
    "user_id": text("user_id"),
    "user_name": text("user_name"),
    "ip": text("ip"),
    "user_agent": text("user_agent", fold=True),
    "audience": text("audience"),
    "scope": text("scope"),
    "hostname": text("hostname"),
    "request_id": text("request_id"),
}


def searched(rows: QuerySet[LogEvent], query: dict[str, str]) -> QuerySet[LogEvent]:
    """`rows` that `q` or `search` finds; both are Auth0's names for the same. Raises ManagementError 400."""
    for parameter in ("q", "search"):
        if parameter in query:
            rows = rows.filter(filter_of(query[parameter], FIELDS, parameter=parameter))
    return rows


def refuse_deep_page(start: int, size: int) -> None:
    """Raises ManagementError 400 for a page beyond `MOST_BY_PAGE`: events come in at the front and move all the others."""
    if start + size > MOST_BY_PAGE:
        raise ManagementError(
            400,
            f"Query validation error: 'Pages show {MOST_BY_PAGE:,} events. To read all of them, walk forward with from and "
            "take, or ask for a range of dates in q' on property page.",
            "invalid_query_string",
        )
