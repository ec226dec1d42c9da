"""What the log page below cannot know: where a refusal is mended, which pages events name, what a typed name means."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.http import HttpRequest

from apis.models import API, Application
from apis.models.api import SYSTEM_IDENTIFIER
from authserver.admin.refusal_reasons import REASONS
from authserver.admin.remedy_links import remedy_link
from tenants.admin.log_choices import OFFERED, Named
from tenants.admin.log_events import LogEventAdmin
from tenants.admin.log_rows import Name, Party, named
from tenants.console.access import reach
from tenants.console.pages import change_url
from tenants.console.sections import Link
from tenants.models import Domain, LogEvent


def mended_at(request: HttpRequest, event: LogEvent) -> Link | None:
    """The page of the setting that decided the refusal in `event`."""
    return remedy_link(
        event.tenant_id,
        str(event.details.get("reason") or ""),
        client_id=event.client_id,
        audience=event.audience,
        user_id=event.user_id,
        may_change=reach(request).may_change(event.tenant_id),
    )


def reason_in_words(reason: str) -> str:
    """Why, in a short sentence; "" for a reason that has none."""
    return REASONS.get(reason, "")


def application_pages(tenant_id: int, events: Sequence[LogEvent]) -> Mapping[Party, Name]:
    """The applications that `events` name."""
    ids = named(events, "client_id")
    rows = Application.objects.filter(tenant_id=tenant_id, client_id__in=ids).only("pk", "client_id", "name") if ids else ()
    return {("client_id", row.client_id): Name(row.name, change_url(row)) for row in rows}


def api_pages(tenant_id: int, events: Sequence[LogEvent]) -> Mapping[Party, Name]:
    """The APIs that `events` name. The Management API has an identifier at each domain."""
    identifiers = named(events, "audience")
    wanted = Q(identifier__in=identifiers)
    if system := {name for name in identifiers if name.endswith(SYSTEM_IDENTIFIER)}:
        wanted |= Q(is_system=True)
    found: dict[Party, Name] = {}
    rows = (
        API.objects.filter(wanted, tenant_id=tenant_id).only("pk", "identifier", "name", "is_system") if identifiers else ()
    )
    for row in sorted(rows, key=lambda api: not api.is_system):
        names = system if row.is_system else (row.identifier,)
        found |= {("audience", name): Name(str(row), change_url(row)) for name in names}
    return found


def applications_called(tenant_id: int, text: str) -> Sequence[Named]:
    """The application with this client_id, or those with this in their names."""
    rows = Application.objects.filter(Q(client_id=text) | Q(name__icontains=text), tenant_id=tenant_id)
    found = [Named(row.client_id, row.name) for row in rows.order_by("name").only("client_id", "name")[: OFFERED + 1]]
    return [one for one in found if one.value == text] or found


def apis_called(tenant_id: int, text: str) -> Sequence[Named]:
    """The API with this identifier, or those with this in their names."""
    rows = API.objects.filter(Q(identifier=text) | Q(name__icontains=text), tenant_id=tenant_id)
    found: list[Named] = []
    for api in rows.order_by("name")[: OFFERED + 1]:
        found += _of_each_domain(api) if api.is_system else [Named(api.identifier, str(api))]
    return [one for one in found if one.value == text] or found


def _of_each_domain(api: API) -> list[Named]:
    domains = Domain.objects.filter(tenant_id=api.tenant_id).order_by("pk")[: OFFERED + 1]
    return [Named(api.audience_at(domain.issuer), str(api)) for domain in domains]


LogEventAdmin.link_providers.append(mended_at)
LogEventAdmin.reason_words.append(reason_in_words)
LogEventAdmin.party_pages += [application_pages, api_pages]
LogEventAdmin.finders |= {"client_id": applications_called, "audience": apis_called}
