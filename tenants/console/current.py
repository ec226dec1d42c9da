"""The tenant that an operator works on: what the menu, the lists and new rows are about.

Kept in the operator's session, and followed: to open a row of another of one's tenants is to go there. Owns no permission:
`access` decides what may be seen at all.
"""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest

from tenants.console.access import reach
from tenants.models import Tenant

SESSION_KEY = "console_tenant"
# As many the switcher offers; further ones are found in the list of tenants.
OFFERED = 12


def current_tenant(request: HttpRequest) -> Tenant | None:
    """The tenant that the operator of `request` works on; None for an operator of none. Read once per request."""
    if not hasattr(request, "console_tenant"):
        request.console_tenant = _chosen(request)  # type: ignore[attr-defined]
    return cast("Tenant | None", cast("Any", request).console_tenant)


def go_to(request: HttpRequest, tenant: Tenant) -> None:
    """Has the operator work on `tenant` from now on."""
    request.console_tenant = tenant  # type: ignore[attr-defined]
    request.session[SESSION_KEY] = tenant.pk


def follow(request: HttpRequest, tenant_id: int | None) -> None:
    """Goes to the tenant with this id, unless the operator is there already. It must be one that they may look at."""
    here = current_tenant(request)
    if tenant_id is None or (here and here.pk == tenant_id):
        return
    if tenant := _visible(request).filter(pk=tenant_id).first():
        go_to(request, tenant)


def of_current(request: HttpRequest, rows: QuerySet) -> QuerySet:
    """Those of `rows` that belong to the tenant that the operator works on."""
    tenant = current_tenant(request)
    return rows.filter(tenant=tenant) if tenant else rows.none()


def offered(request: HttpRequest) -> list[Tenant]:
    """The tenants to choose from, by name: `OFFERED` at most, and one more when there are further ones. Read once."""
    if not hasattr(request, "console_offered"):
        request.console_offered = list(_visible(request)[: OFFERED + 1])  # type: ignore[attr-defined]
    return cast("list[Tenant]", cast("Any", request).console_offered)


def _chosen(request: HttpRequest) -> Tenant | None:
    wanted = request.session.get(SESSION_KEY)
    found = _visible(request).filter(pk=wanted).first() if wanted else None
    return found or _visible(request).first()


def _visible(request: HttpRequest) -> QuerySet[Tenant]:
    return reach(request).visible(Tenant.objects.order_by("name"))
