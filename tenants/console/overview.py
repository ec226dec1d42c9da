"""The first page of the console: what goes on in a tenant, and what is left to do.

Owns the page and the order of its panels. What a panel says is its floor's: each floor appends to `panels` while it is
loaded, and reads its own tables only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from tenants.console.access import reach
from tenants.console.current import current_tenant
from tenants.models import Tenant

FULL, HALF = "full", "half"


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the overview. `template` shows `context`; `position` is its place from above, `width` FULL or HALF."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    position: int = 100
    width: str = HALF


Provider = Callable[[HttpRequest, Tenant], Panel | None]

panels: list[Provider] = []


def page(request: HttpRequest) -> dict[str, Any]:
    """The overview of the tenant that the operator of `request` works on, as template context."""
    tenant = current_tenant(request)
    if tenant is None:
        return {"title": "Overview", "panels": [], "may_add_tenant": reach(request).changes is None}
    shown = [panel for provide in panels if (panel := provide(request, tenant)) is not None]
    return {
        "title": "Overview",
        "panels": sorted(shown, key=lambda panel: panel.position),
        "may_change": reach(request).may_change(tenant.pk),
    }
