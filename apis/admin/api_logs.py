"""The last tab of an API: which tokens for it were issued and refused lately."""

from django.http import HttpRequest, HttpResponse

from apis.admin import token_facts
from apis.models import API
from tenants.admin.log_tab import NAME, SHOWN, log_tab, newest
from tenants.console.tabs import TabbedAdmin
from tenants.models import LogEvent

EMPTY = (
    "Nobody has asked for a token for this API yet. Once somebody does, the answer stands here: issued, or refused and why."
)
# The Management API has an audience at each domain. Each is a statement of its own: only then its index brings the order.
_AUDIENCES = 5

__all__ = ["NAME", "view"]


def view(page: TabbedAdmin, request: HttpRequest, api: API) -> HttpResponse:
    """The tab."""
    audiences = token_facts.audiences(api)
    found: list[LogEvent] = []
    for audience in audiences[:_AUDIENCES]:
        found += newest(api.tenant_id, audience=audience)
    events = sorted(found, key=lambda event: event.pk, reverse=True)[:SHOWN]
    return log_tab(page, request, api, events, filters={"audience": audiences[0]}, empty=EMPTY)
