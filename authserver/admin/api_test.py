"""The tab Test of an API: choose who asks for what, see the exact request, send it, and read the answer.

Changes no configuration, so viewers may send too; what they see of a token is `api_test_answer`'s to decide.
"""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from apis.admin.apis import APIAdmin
from apis.models import API
from authserver.admin import api_test_applications, api_test_person
from authserver.admin.api_test_answer import Shown, shown
from authserver.admin.api_test_choice import Chosen, application_for, chosen, domain_for
from authserver.admin.api_test_endpoint import LONGEST, ask
from authserver.admin.claim_sentences import duration
from tenants.console.pages import object_url
from tenants.console.tabs import Tab, TabbedAdmin
from tenants.http import TenantRequest

NAME = "test"
TEMPLATE = "admin/authserver/api_test/page.html"
# The buttons.
SEND, EVALUATE = "_send", "_evaluate"


def view(page: TabbedAdmin, request: HttpRequest, api: API) -> HttpResponse:
    """GET shows the request; POST sends it, or evaluates a person, and shows what came of it in this one answer."""
    sent = request.POST if request.method == "POST" else request.GET
    search = sent.get("q", "").strip()[:200]
    offered = api_test_applications.offered(api, search)
    domains = list(api.tenant.domains.all())
    domain = domain_for(request, domains, sent.get("domain", ""))
    application = application_for(api, sent, () if search else offered.rows)
    choice = chosen(api, domain, application, sent) if domain and application else None
    context: dict[str, Any] = {
        "choice": choice,
        "domains": domains,
        "offered": offered,
        "search": search,
        "lifetime": duration(min(api.token_lifetime, LONGEST)),
        "applications_url": object_url(api, "applications"),
        "may_use_tokens": page.has_change_permission(request, api),
    }
    if choice and request.method == "POST":
        context |= _answered(page, request, api, choice)
    response = page.tab_page(request, api, NAME, TEMPLATE, context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answered(page: TabbedAdmin, request: HttpRequest, api: API, choice: Chosen) -> dict[str, Any]:
    if SEND in request.POST:
        return {"answer": _sent(request, choice, whole=page.has_change_permission(request, api))}
    if EVALUATE in request.POST and not api.is_system:
        return _evaluated(api, choice, request.POST.getlist("user")[-1:])
    return {}


def _sent(request: HttpRequest, choice: Chosen, *, whole: bool) -> Shown:
    asked = ask(request, choice.tenant, choice.values)
    return shown(asked, choice, cast("TenantRequest", request).request_id, whole=whole)


def _evaluated(api: API, choice: Chosen, typed: list[str]) -> dict[str, Any]:
    wanted = "".join(typed).strip()[:255]
    users = api_test_person.find(api, wanted) if wanted else []
    found: dict[str, Any] = {"wanted": wanted, "users": users, "evaluated": True}
    if len(users) == 1:
        found["evaluation"] = api_test_person.evaluate(choice, users[0])
    return found


APIAdmin.tabs.append(Tab(NAME, "Test", 50, view, viewers_may_post=True))
