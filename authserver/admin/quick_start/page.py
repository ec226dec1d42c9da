"""The tab Quick start of an application."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from apis.admin.applications import ApplicationAdmin
from apis.admin.new_application import cards
from apis.models import Application, AppType
from apis.registry import loading
from authserver.admin import request_snippets
from authserver.admin.quick_start import examples
from authserver.admin.quick_start.chosen_api import Choice, choose
from authserver.admin.quick_start.examples import Code, Example
from authserver.admin.quick_start.facts import SAMPLE_AUDIENCE, Facts, facts, in_kotlin, in_shell, literals
from authserver.admin.quick_start.steps import steps
from tenants.console.pages import object_url
from tenants.console.tabs import Tab, TabbedAdmin

NAME = "quick_start"
TEMPLATE = "admin/apis/application/quick_start.html"
_TITLES = {
    AppType.NON_INTERACTIVE: ("Get a token", "It asks on its own behalf, and sends the token along when it calls the API."),
    AppType.REGULAR_WEB: ("Sign people in", "It sends people here to sign in, and gets tokens for them on its server."),
    AppType.SPA: (
        "Sign people in",
        "Its page sends people here to sign in. It keeps no secret: PKCE protects what comes back.",
    ),
    AppType.NATIVE: (
        "Sign people in",
        "It opens the browser to sign in. It keeps no secret: PKCE protects what comes back.",
    ),
    AppType.RESOURCE_SERVER: ("Ask about a token", "It asks whether a token that it was sent is still good (RFC 7662)."),
}


def view(page: TabbedAdmin, request: HttpRequest, application: Application) -> HttpResponse:
    """The tab. `?api=` chooses the API that the code asks for."""
    if not application.app_type:
        return page.tab_page(request, application, NAME, TEMPLATE, {"cards": cards(), "settings": _settings(application)})
    domain = application.tenant.domains.order_by("id").first()
    if domain is None:
        tenant = object_url(application.tenant, "change")
        return page.tab_page(request, application, NAME, TEMPLATE, {"no_domain": True, "tenant_url": tenant})
    people = application.app_type not in (AppType.NON_INTERACTIVE, AppType.RESOURCE_SERVER)
    choice = choose(application, request.GET.get("api", ""), for_people=people)
    found = facts(application, domain, choice)
    title, lead = _TITLES[AppType(application.app_type)]
    context: dict[str, Any] = {
        "what": title,
        "lead": lead,
        "facts": found,
        "people": people,
        "choice": choice,
        "steps": steps(application, choice, found),
        "code": literals(found),
        "kotlin": in_kotlin(found),
        "shell": in_shell(found),
        "examples": _examples(application, found, choice),
        "credentials": object_url(application, "credentials"),
    }
    return page.tab_page(request, application, NAME, TEMPLATE, context)


def _examples(application: Application, found: Facts, choice: Choice) -> tuple[Example, ...]:
    if application.app_type != AppType.NON_INTERACTIVE:
        return examples.of(application)
    values = request_snippets.parameters(found.client_id, found.audience or SAMPLE_AUDIENCE, "")
    client = loading.application_value(application, with_keys=False)
    made = request_snippets.snippets(found.issuer, client, values)
    return tuple(Example(one.name, "", (Code("Request", text=one.text),)) for one in made)


def _settings(application: Application) -> str:
    return f"{object_url(application, 'change')}#id_app_type"


ApplicationAdmin.tabs.append(Tab(NAME, "Quick start", 10, view))
