"""The rest of Auth0's API, as far as its own tools ask for it before they do anything: one table (`wire.md` §3.4).

What is here reads as a tenant that does not use the feature. Nothing of it can be written: who tries is told so. Any valid
token of the Management API may read it, because its scopes are for things that do not exist here. Not in the OpenAPI
document, which says what this server can do.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpResponse, QueryDict
from django.urls import URLPattern, path
from rest_framework.request import Request

from tenants.http import http_request
from tenants.rest import reading
from tenants.rest.errors import ManagementError
from tenants.rest.paging import DEFAULT_PAGE_SIZE, is_checkpoint
from tenants.rest.serializers import CheckpointQuery
from tenants.rest.views import CONTENT_TYPE, ManagementView

NOT_ENABLED = (403, "This feature is not available on this server.", "feature_not_enabled")


@dataclass(frozen=True, slots=True)
class Shell:
    """What a GET of `path` says: `answer`, an empty list named `lists` in each style of paging, or a `refusal`."""

    path: str
    answer: Any = None
    lists: str = ""
    refusal: tuple[int, str, str] | None = None
    # The answer of actions alone: an object in every style, which repeats the page asked for.
    with_page: bool = False

    def page(self, query: dict[str, Any]) -> Any:
        """The answer to `query`, validated."""
        if not self.lists:
            return self.answer
        page, size = query.get("page", 0), query.get("per_page", DEFAULT_PAGE_SIZE)
        if self.with_page:
            return {self.lists: [], "total": 0, "page": page, "per_page": size}
        if is_checkpoint(query):
            return {self.lists: []}
        if query.get("include_totals"):
            return {"start": page * size, "limit": size, "total": 0, self.lists: []}
        return []


SHELLS = (
    Shell("actions/actions", lists="actions", with_page=True),
    Shell("actions/modules", refusal=NOT_ENABLED),
    Shell("actions/triggers", {"triggers": []}),
    Shell("attack-protection/<str:feature>", {}),
    Shell("branding/phone/providers", {"providers": []}),
    Shell("branding/phone/templates", {"templates": []}),
    Shell("branding/themes/default", refusal=(404, "There was an error retrieving the default theme.", "theme_not_found")),
    Shell("connection-profiles", refusal=NOT_ENABLED),
    Shell("connections-directory-provisionings", refusal=NOT_ENABLED),
    # A tenant's domains are names for all of it here, with nothing of their own to set up: Auth0 would list none.
    Shell("custom-domains", []),
    Shell("email-templates/<str:name>", refusal=(404, "The template does not exist.", "inexistent_email_template")),
    Shell("emails/provider", refusal=(404, "There is not a configured email provider", "inexistent_email_provider")),
    Shell("event-streams", {"eventStreams": []}),
    Shell("flows", lists="flows"),
    Shell("flows/vault/connections", lists="connections"),
    Shell("forms", lists="forms"),
    Shell("guardian/factors", []),
    Shell("guardian/factors/phone/message-types", {"message_types": []}),
    Shell("guardian/policies", []),
    Shell("hooks", refusal=NOT_ENABLED),
    Shell("log-streams", []),
    Shell("network-acls", refusal=NOT_ENABLED),
    Shell("organizations", lists="organizations"),
    Shell("prompts", {"universal_login_experience": "new"}),
    Shell("prompts/<str:prompt>/custom-text/<str:language>", {}),
    Shell("prompts/<str:prompt>/partials", {}),
    Shell("prompts/rendering", refusal=NOT_ENABLED),
    Shell("rate-limit-policies", refusal=NOT_ENABLED),
    Shell("rules", refusal=NOT_ENABLED),
    Shell("rules-configs", refusal=NOT_ENABLED),
    Shell("self-service-profiles", lists="self_service_profiles"),
    Shell("supplemental-signals", refusal=NOT_ENABLED),
    Shell("token-exchange-profiles", refusal=NOT_ENABLED),
    Shell("user-attribute-profiles", refusal=NOT_ENABLED),
)


class ShellView(ManagementView):
    """One line of the table."""

    shell = Shell("")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        http = http_request(request)
        self.admit(http)
        refusal = self.shell.refusal if request.method in ("GET", "HEAD") else NOT_ENABLED
        if refusal:
            raise ManagementError(*refusal)
        self.query = self.judged(CheckpointQuery, _paging(http.GET))

    def get(self, request: Request, **parameters: str) -> HttpResponse:
        return HttpResponse(orjson.dumps(self.shell.page(self.query)), content_type=CONTENT_TYPE)


def _paging(query: QueryDict) -> dict[str, Any]:
    """How a list is paged. Filters change nothing about an empty one."""
    values = reading.query_values(query, frozenset(query) - frozenset(CheckpointQuery().fields))
    return {name: value for name, value in values.items() if isinstance(value, str)}


def urls() -> list[URLPattern]:
    """The table as addresses."""
    return [path(shell.path, ShellView.as_view(shell=shell), name="management-api") for shell in SHELLS]
