"""Client grants as the pages of an API and of an application show them: who may call what, and what is missing."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apis.models import API, Application, ClientGrant
from tenants.console.pages import change_url, page_link
from tenants.console.sections import Link, Section

SHOWN = 50
NAMED = 5


def applications_of(api: API, *, may_add: bool) -> Section:
    """Who may call `api`, and which of its permissions they were not given."""
    values = list(api.permissions.values_list("value", flat=True))
    grants = api.client_grants.select_related("application").prefetch_related("permissions").order_by("application__name")
    return Section(
        title="Applications that may call this API",
        columns=("Application", "Permissions", "Not granted", ""),
        rows=[
            (
                page_link(grant.application) if grant.application else str(grant),
                *_held_and_missing(grant, values),
                _change(grant),
            )
            for grant in grants[:SHOWN]
        ],
        empty="None: no application gets a token for this API by its own right.",
        links=_links("Let an application call this API", "api", api.pk, may_add=may_add),
    )


def apis_of(application: Application, *, may_add: bool) -> Section:
    """What `application` may call."""
    grants = application.client_grants.select_related("api").prefetch_related("permissions").order_by("api__name")
    issuers = [domain.issuer for domain in application.tenant.domains.all()]
    refused = "client_credentials" not in application.grant_types
    return Section(
        title="APIs that it may call",
        columns=("API", "Identifier", "Permissions", ""),
        rows=[
            (page_link(grant.api), ", ".join(audiences(grant.api, issuers)), _values(grant), _change(grant))
            for grant in grants[:SHOWN]
        ],
        empty="None: it gets no token by its own right.",
        note="Without the grant type client_credentials it gets no token for them." if refused else "",
        links=_links("Let it call an API", "application", application.pk, may_add=may_add),
    )


def audiences(api: API, issuers: Sequence[str]) -> list[str]:
    """What a token request names `api` by: one identifier, or for the Management API one at each of `issuers`."""
    return [api.audience_at(issuer) for issuer in issuers] if api.is_system else [api.identifier]


def tell_of_new_permissions(request: HttpRequest, api: API, added: Sequence[str]) -> None:
    """Says which applications may call `api` but were not given what was just `added`, with links to change that."""
    grants = list(api.client_grants.select_related("application").order_by("application__name")[: SHOWN + 1])
    if not grants:
        return
    links = format_html_join(", ", '<a href="{}">{}</a>', ((change_url(row), row.application) for row in grants[:SHOWN]))
    more = " …" if len(grants) > SHOWN else ""
    text = "Not yet granted to the applications that may call this API: {}. Grant it to {}{}"
    messages.warning(request, format_html(text, ", ".join(added), links, more))


def _held_and_missing(grant: ClientGrant, values: Sequence[str]) -> tuple[str, str]:
    held = {permission.value for permission in grant.permissions.all()}
    missing = [value for value in values if value not in held]
    named = ", ".join(missing[:NAMED])
    return f"{len(held)} of {len(values)}", f"{named} and {len(missing) - NAMED} more" if missing[NAMED:] else named


def _values(grant: ClientGrant) -> str:
    held = [permission.value for permission in grant.permissions.all()]
    named = ", ".join(held[:NAMED])
    return f"{named} and {len(held) - NAMED} more" if held[NAMED:] else named or "-"


def _change(grant: ClientGrant) -> SafeString:
    return page_link(grant, "Permissions")


def _links(text: str, name: str, pk: object, *, may_add: bool) -> list[Link]:
    every = Link("All in a list", reverse("admin:apis_clientgrant_changelist", query={f"{name}__id__exact": pk}))
    add = Link(text, reverse("admin:apis_clientgrant_add", query={name: pk}))
    return [add, every] if may_add else [every]
