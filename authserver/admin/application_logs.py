"""The tab Logs of an application: what it asked for lately, and what was refused to it."""

from django.http import HttpRequest, HttpResponse

from apis.admin.applications import ApplicationAdmin
from apis.models import Application
from tenants.admin.log_tab import NAME, log_tab, newest
from tenants.console.tabs import Tab, TabbedAdmin

EMPTY = "It has not asked for anything yet. As soon as it does, the answer stands here: issued, or refused and why."


def view(page: TabbedAdmin, request: HttpRequest, application: Application) -> HttpResponse:
    """The tab."""
    events = newest(application.tenant_id, client_id=application.client_id)
    return log_tab(page, request, application, events, filters={"client_id": application.client_id}, empty=EMPTY)


ApplicationAdmin.tabs.append(Tab(NAME, "Logs", 60, view))
