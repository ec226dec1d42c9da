"""The panel of the demo tenant's overview that says which of its figures were made up."""

from django.http import HttpRequest
from django.urls import reverse

from apis.services.demo import is_demo
from tenants.console.overview import FULL, Panel, panels
from tenants.models import Tenant


def made_up(request: HttpRequest, tenant: Tenant) -> Panel | None:
    """Says so in the demo tenant on a machine for development, whose week `authserver.demo_history` wrote."""
    if not is_demo(tenant.name):
        return None
    context = {"log": reverse("admin:tenants_logevent_changelist")}
    return Panel("admin/overview/demo_note.html", context, position=45, width=FULL)


panels.append(made_up)
