"""Client grants as the pages of an API and of an application show them: who may call what, and what is missing."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apis.models import API, Application, ClientGrant, ClientPolicy, DefaultFor, SubjectType, UserPolicy
from tenants.console.pages import change_url, page_link
from tenants.console.sections import Link, Section

SHOWN = 50
NAMED = 5
# What stands in the column "For".
_FOR = {SubjectType.CLIENT.value: "itself", SubjectType.USER.value: "users"}


def applications_of(api: API, *, may_add: bool) -> Section:
    """Who may call `api`, and which of its permissions they were not given."""
    values = list(api.permissions.values_list("value", flat=True))
    grants = api.client_grants.select_related("application").prefetch_related("permissions")
    return Section(
        title="Applications that may call this API",
        columns=("Application", "Permissions", "Not granted", "For", ""),
        rows=[
            (_whose(grant), *_held_and_missing(grant, values), _FOR[grant.subject_type], _change(grant))
            for grant in grants.order_by("application__name", "id")[:SHOWN]
        ],
        empty="None: no application gets a token for this API by its own right.",
        note=" ".join(_said_by_policies(api)),
        links=_links("Let an application call this API", "api", api.pk, may_add=may_add),
    )


def apis_of(application: Application, *, may_add: bool) -> Section:
    """What `application` may call, by grants of its own and by those for all of its kind."""
    issuers = [domain.issuer for domain in application.tenant.domains.all()]
    refused = "client_credentials" not in application.grant_types
    return Section(
        title="APIs that it may call",
        columns=("API", "Identifier", "Permissions", "For", ""),
        rows=[
            (
                page_link(grant.api),
                ", ".join(audiences(grant.api, issuers)),
                _values(grant),
                _FOR[grant.subject_type] + ("" if grant.application_id else ", by default") + _closed(grant),
                _change(grant),
            )
            for grant in _effective(application)[:SHOWN]
        ],
        empty="None: it gets no token by its own right.",
        note="Without the grant type client_credentials it gets no token for itself." if refused else "",
        links=_links("Let it call an API", "application", application.pk, may_add=may_add),
    )


def audiences(api: API, issuers: Sequence[str]) -> list[str]:
    """What a token request names `api` by: one identifier, or for the Management API one at each of `issuers`."""
    return [api.audience_at(issuer) for issuer in issuers] if api.is_system else [api.identifier]


def tell_of_new_permissions(request: HttpRequest, api: API, added: Sequence[str]) -> None:
    """Says which applications may call `api` but were not given what was just `added`, with links to change that."""
    rows = api.client_grants.filter(allow_all_scopes=False).select_related("application")
    grants = list(rows.order_by("application__name", "id")[: SHOWN + 1])
    if not grants:
        return
    named = ((change_url(row), row.application or row.get_default_for_display()) for row in grants[:SHOWN])
    links = format_html_join(", ", '<a href="{}">{}</a>', named)
    more = " …" if len(grants) > SHOWN else ""
    text = "Not yet granted to the applications that may call this API: {}. Grant it to {}{}"
    messages.warning(request, format_html(text, ", ".join(added), links, more))


def _effective(application: Application) -> QuerySet[ClientGrant]:
    """The grants of `application`, and where it is a third party those by default that none of its own replaces."""
    rows = ClientGrant.objects.of(application.tenant).select_related("api").prefetch_related("permissions")
    counts = Q(application=application)
    if not application.is_first_party:
        own = application.client_grants.filter(api=OuterRef("api"), subject_type=OuterRef("subject_type"))
        counts |= Q(~Exists(own), application=None, default_for=DefaultFor.THIRD_PARTY_CLIENTS)
    return rows.filter(counts).order_by("api__name", "id")


def _whose(grant: ClientGrant) -> str:
    return page_link(grant.application) if grant.application else f"{grant.get_default_for_display()}, by default"


def _said_by_policies(api: API) -> list[str]:
    """What the API's own settings say beside the grants."""
    said = []
    if api.client_policy == ClientPolicy.DENY_ALL:
        said.append("The API is closed to every application on its own behalf (machine to machine).")
    if api.user_policy == UserPolicy.DENY_ALL:
        said.append("The API is closed to every application on behalf of users.")
    elif api.user_policy == UserPolicy.ALLOW_ALL and not api.is_system:
        said.append("On behalf of users every application may call it, without a grant.")
    return said


def _closed(grant: ClientGrant) -> str:
    """What keeps `grant` from counting, "" when it counts."""
    if grant.subject_type == SubjectType.CLIENT:
        return " (closed by the API)" if grant.api.client_policy == ClientPolicy.DENY_ALL else ""
    policy = grant.api.user_policy
    if policy == UserPolicy.DENY_ALL:
        return " (closed by the API)"
    return " (not needed: the API is open)" if policy == UserPolicy.ALLOW_ALL else ""


def _held_and_missing(grant: ClientGrant, values: Sequence[str]) -> tuple[str, str]:
    if grant.allow_all_scopes:
        return "all, now and later", ""
    held = {permission.value for permission in grant.permissions.all()}
    missing = [value for value in values if value not in held]
    named = ", ".join(missing[:NAMED])
    return f"{len(held)} of {len(values)}", f"{named} and {len(missing) - NAMED} more" if missing[NAMED:] else named


def _values(grant: ClientGrant) -> str:
    if grant.allow_all_scopes:
        return "all, now and later"
    held = [permission.value for permission in grant.permissions.all()]
    named = ", ".join(held[:NAMED])
    return f"{named} and {len(held) - NAMED} more" if held[NAMED:] else named or "-"


def _change(grant: ClientGrant) -> SafeString:
    return page_link(grant, "Permissions")


def _links(text: str, name: str, pk: object, *, may_add: bool) -> list[Link]:
    every = Link("All in a list", reverse("admin:apis_clientgrant_changelist", query={f"{name}__id__exact": pk}))
    add = Link(text, reverse("admin:apis_clientgrant_add", query={name: pk}))
    return [add, every] if may_add else [every]
