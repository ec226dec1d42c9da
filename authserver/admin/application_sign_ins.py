"""The tab Sign-ins of an application: who allowed it what, and who stays signed in to it. Ended on their own pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apis.admin.application_fieldsets import WITHOUT_PEOPLE
from apis.admin.applications import ApplicationAdmin
from apis.models import Application
from authserver import families
from authserver.admin import family_tables
from authserver.models import Consent
from tenants.console.pages import change_url
from tenants.console.tabs import Tab, TabbedAdmin

NAME = "sign_ins"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who stays signed in, and when the application last used that."""

    family: Any
    url: str
    person_url: str
    last_used: Any


def view(page: TabbedAdmin, request: HttpRequest, application: Application) -> HttpResponse:
    """The tab: the newest of each, with the way to all of them."""
    own = {"tenant": application.tenant_id, "application": application}
    consents = list(Consent.objects.filter(**own).select_related("user", "api", "application")[: SHOWN + 1])
    kept = families.with_refresh_token(families.live().filter(**own)).select_related("user", "api")
    signed_in = [_signed_in(family) for family in kept.order_by("-created_at")[: SHOWN + 1]]
    context: dict[str, Any] = {
        "consents": [(row, change_url(row), change_url(row.user)) for row in consents[:SHOWN]],
        "signed_in": signed_in[:SHOWN],
        "shown": SHOWN,
        "more_consents": bool(consents[SHOWN:]),
        "more_signed_in": bool(signed_in[SHOWN:]),
        "all_consents": _list("consent", application),
        "all_signed_in": _list("tokenfamily", application),
        "nobody_signs_in": application.app_type in WITHOUT_PEOPLE,
    }
    return page.tab_page(request, application, NAME, "admin/apis/application/sign_ins.html", context)


def _signed_in(family: Any) -> SignedIn:
    return SignedIn(family, change_url(family), change_url(family.user), family_tables.last_used(family))


def _list(model: str, application: Application) -> str:
    return reverse(f"admin:authserver_{model}_changelist", query={"application__id__exact": application.pk})


ApplicationAdmin.tabs.append(Tab(NAME, "Sign-ins", 50, view))
