"""Whose people may sign in where: switches on the page of a connection, at addresses under the application's page."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apis.admin.opening import changeable
from apis.models import Application
from apis.services import connections as services
from tenants.admin.directories import ConnectionAdmin
from tenants.console.access import actor, reach
from tenants.console.pages import object_url, page_link, question
from tenants.console.section_tabs import sections_tab
from tenants.console.sections import Section
from tenants.console.values import badge
from tenants.models import Connection

SHOWN = 50
TAB = "applications"


class ConnectionSwitchPages:
    """The part of an application's pages that switches one connection on or off."""

    def connection_urls(self: Any) -> list[URLPattern]:
        # Two addresses, as a switch that is pressed twice must not be back where it was.
        route = "<path:object_id>/connections/<str:connection_id>"
        return [
            self.own_url(f"{route}/on/", partial(_view, self, True), "connection_on"),
            self.own_url(f"{route}/off/", partial(_view, self, False), "connection_off"),
        ]


def _view(page: Any, on: bool, request: HttpRequest, object_id: str, connection_id: str) -> HttpResponse:
    application: Application = changeable(page, request, object_id)
    connection = Connection.objects.of(application.tenant).filter(pk=unquote(connection_id)).first()
    if connection is None:
        raise Http404("No connection with this id")
    if request.method != "POST":
        return _ask(page, request, application, connection, on)
    write = services.enable_connection if on else services.disable_connection
    write(application, connection, by=actor(request))
    page.log_change(request, application, f"Switched {connection} {'on' if on else 'off'}.")
    messages.success(request, f"{connection} is switched {'on' if on else 'off'} for {application}.")
    return HttpResponseRedirect(object_url(connection, TAB))


def _ask(page: Any, request: HttpRequest, application: Application, connection: Connection, on: bool) -> HttpResponse:
    title, button = (f"Switch {connection} on", "Switch on") if on else (f"Switch {connection} off", "Switch off")
    text = f"People of {connection} can {'' if on else 'no longer '}sign in to {application}."
    back = object_url(connection, TAB)
    return question(page, request, title=title, text=text, button=button, obj=application, back=back)


def applications_of(request: HttpRequest, connection: Connection) -> Section:
    """The applications that people sign in to, with a link to switch `connection` on or off for each."""
    used = Application.connections.through.objects.filter(connection=connection.pk, application=OuterRef("pk"))
    rows = Application.objects.filter(tenant=connection.tenant_id).annotate(uses=Exists(used))
    shown: list[Any] = list(
        rows.filter(Q(uses=True) | Q(app_type__in=services.SIGN_IN_TYPES)).order_by("-uses", "name")[: SHOWN + 1]
    )
    may_change = reach(request).may_change(connection.tenant_id)
    return Section(
        title="Who may sign in where",
        columns=("Application", "Type", "Its people may sign in", ""),
        rows=[
            (
                page_link(application),
                application.get_app_type_display(),
                _answer(application, connection),
                _switch(application, connection) if may_change else "",
            )
            for application in shown[:SHOWN]
        ],
        empty="There is no application that people sign in to.",
        note=f"The first {SHOWN} of more: the others are switched on their own pages." if shown[SHOWN:] else "",
    )


def _answer(application: Any, connection: Connection) -> SafeString:
    if application.uses and not (application.is_first_party or connection.is_domain_connection):
        text = "It is a third-party application, and this connection is not open to those."
        return format_html("{} <small>{}</small>", badge("No", "caution"), text)
    return badge("Yes", "good") if application.uses else badge("No", "plain")


def _switch(application: Any, connection: Connection) -> SafeString:
    page, text = ("connection_off", "Switch off") if application.uses else ("connection_on", "Switch on")
    return format_html('<a class="button" href="{}">{}</a>', object_url(application, page, quote(connection.pk)), text)


ConnectionAdmin.tabs.append(sections_tab(TAB, "Applications", 20, applications_of))
