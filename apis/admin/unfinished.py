"""What somebody began in a tenant and left: found by a few rows of each kind, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from apis.admin.setup_state import OF_PEOPLE, tab_url
from apis.models import API, Application, ClientGrant, ClientPolicy, Permission, UserPolicy
from tenants.console.pages import change_url
from tenants.console.sections import Link
from tenants.models import Tenant

# Of each kind so many are named.
NAMED = 3
# An application without callbacks may do without: so many are looked at to find those that cannot.
_LOOKED_AT = 20
_REDIRECTING = frozenset({"authorization_code", "implicit"})


@dataclass(frozen=True, slots=True)
class Gap:
    """Something unfinished, as one sentence (plain or safe HTML), and where it is finished."""

    text: str
    link: Link


def of_apis(tenant: Tenant, state: Any) -> Iterator[Gap]:
    """APIs without permissions, and APIs that no application was let call. Two statements."""
    apis = API.objects.of(tenant).filter(is_system=False).order_by("created_at", "id")
    for api in apis.filter(~Exists(Permission.objects.filter(api=OuterRef("pk"))))[:NAMED]:
        text = format_html("The API <strong>{}</strong> has no permissions.", api)
        yield Gap(text, Link("Add permissions", tab_url(api, "permissions")))
    for api in _uncalled(apis, state)[:NAMED]:
        text = format_html("No application may call the API <strong>{}</strong>.", api)
        yield Gap(text, Link("Choose applications", tab_url(api, "applications")))


def _uncalled(apis: QuerySet[API], state: Any) -> QuerySet[API]:
    """Those that wait for a grant and have none. What is closed to all on purpose waits for nothing."""
    waits = Q(client_policy=ClientPolicy.REQUIRE_CLIENT_GRANT) | Q(user_policy=UserPolicy.REQUIRE_CLIENT_GRANT)
    found = apis.filter(waits, ~Exists(ClientGrant.objects.filter(api=OuterRef("pk"))))
    return found.exclude(user_policy=UserPolicy.ALLOW_ALL) if state.is_for_people else found


def of_people(tenant: Tenant, state: Any) -> Iterator[Gap]:
    """Applications that people cannot come back to, and a tenant in which nobody can sign in. One statement."""
    if not state.is_for_people:
        return
    without = Application.objects.of(tenant).filter(redirect_uris="", app_type__in=OF_PEOPLE, enabled=True)
    redirecting = (row for row in without.order_by("-pk")[:_LOOKED_AT] if _REDIRECTING & set(row.grant_types))
    for application in islice(redirecting, NAMED):
        told = format_html("The application <strong>{}</strong> has no callback address to come back to.", application.name)
        yield Gap(told, Link("Add one", f"{change_url(application)}#id_redirect_uris"))
    if not state.lets_people_in:
        text = "Nobody can sign in: no application has a connection with users or open sign-up."
        yield Gap(text, _way_in(state))


def _way_in(state: Any) -> Link:
    if state.has_connection:
        return Link("See the connections", reverse("admin:tenants_connection_changelist"))
    return Link("Add a connection", reverse("admin:tenants_connection_add"))
