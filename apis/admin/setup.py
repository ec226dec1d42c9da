"""What is left to set up in a tenant: the first steps of a new one, and later what somebody began and left.

Each is said with the page that finishes it. Whether an application gets a token is `authserver.policy`'s to say; here stands
only what cannot work whoever asks.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from apis.admin import unfinished
from apis.admin.setup_state import state_of, tab_url
from apis.models import API
from tenants.console.access import reach
from tenants.console.overview import FULL, Panel, panels
from tenants.console.sections import Link
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Step:
    """A first step. Without `link` it must wait for another one, or for somebody who may change the tenant."""

    title: str
    text: str
    done: bool
    link: Link | None = None


def setup(request: HttpRequest, tenant: Tenant) -> Panel:
    """The first steps until they are done, then what is unfinished. Four statements at most."""
    state = state_of(tenant)
    steps = _steps(state, may_change=reach(request).may_change(tenant.pk))
    complete = all(step.done for step in steps)
    # The first steps are about the APIs, too, so that would be said twice.
    gaps = [*(unfinished.of_apis(tenant, state) if complete else ()), *unfinished.of_people(tenant, state)]
    context = {
        "steps": steps,
        "done": sum(step.done for step in steps),
        "complete": complete,
        "next": next((step for step in steps if not step.done), None),
        "gaps": gaps,
    }
    return Panel("admin/overview/setup.html", context, position=10 if gaps or not complete else 90, width=FULL)


def _steps(state: Any, *, may_change: bool) -> list[Step]:
    registered = state.has_application or state.has_grant
    called = state.has_grant or (state.is_for_people and state.has_open_api)
    create = Link("Create an API", reverse("admin:apis_api_add"))
    register = Link("Register an application", reverse("admin:apis_application_add"))
    switch = _of_first_api(state, "Choose applications", "applications") if registered else None
    try_it = _of_first_api(state, "Try it", "test") if called else None
    steps = [
        Step("Create an API", "It is what tokens are for. Its identifier is their audience.", bool(state.first_api), create),
        Step(
            "Give it permissions",
            "Say what can be done there, such as read:orders, in words that people understand.",
            state.has_permissions,
            _of_first_api(state, "Add permissions", "permissions"),
        ),
        Step("Register an application", "It is what asks for tokens.", registered, register),
        Step("Let the application call the API", "One switch, and the permissions that it gets.", called, switch),
        Step("Look at the first token", "Ask for one in the console, and read it decoded.", bool(state.has_token), try_it),
    ]
    return steps if may_change else [Step(step.title, step.text, step.done) for step in steps]


def _of_first_api(state: Any, text: str, tab: str) -> Link | None:
    return Link(text, tab_url(API(pk=state.first_api), tab)) if state.first_api else None


panels.append(setup)
