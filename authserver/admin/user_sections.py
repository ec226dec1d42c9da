"""What a user's page, which belongs to the ground floor, shows and ends of this one: sessions, refresh tokens, consents."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authserver import families, services, sessions
from authserver.admin import family_tables
from authserver.models import Consent
from authserver.user_agents import device
from tenants.admin.users import UserAdmin
from tenants.console.access import actor, reach
from tenants.console.danger import Deed
from tenants.console.pages import object_url, page_link, question
from tenants.console.section_tabs import sections_tab
from tenants.console.sections import Link, Section
from tenants.models import User

TAB = "sign_ins"
SHOWN = 50
END_ALL = (
    "This person is signed out in every browser at once. Applications that stay signed in keep their refresh tokens; revoke "
    "those, too, when a device is lost."
)


def sessions_of(request: HttpRequest, user: User) -> Section:
    """Where `user` is signed in."""
    rows = list(sessions.live().filter(tenant=user.tenant_id, user=user).order_by("-last_seen_at")[: SHOWN + 1])
    links = _links("session", user, rows)
    if rows and reach(request).may_change(user.tenant_id):
        links.insert(0, Link("End all sessions", object_url(user, "sessions_end")))
    return Section(
        title="Sessions",
        columns=("Browser", "IP address", "Signed in", "Last seen", ""),
        rows=[
            (
                page_link(row, device(row.user_agent)),
                row.ip,
                row.auth_time,
                row.last_seen_at,
                deed(request, row, "end", "End"),
            )
            for row in rows[:SHOWN]
        ],
        empty="Signed in nowhere.",
        note=f"The {SHOWN} last seen of more." if rows[SHOWN:] else "",
        links=links,
    )


def signed_in_applications_of(request: HttpRequest, user: User) -> Section:
    """The applications with a refresh token of `user`."""
    return family_tables.section(
        "Applications that stay signed in",
        families.live().filter(tenant=user.tenant_id, user=user),
        empty="None keeps a refresh token of this person.",
        links=lambda rows: _links("tokenfamily", user, rows),
        last=lambda row: deed(request, row, "revoke", "Revoke"),
    )


def consents_of(request: HttpRequest, user: User) -> Section:
    """What `user` allowed."""
    rows = Consent.objects.filter(tenant=user.tenant_id, user=user).select_related("application", "api")
    shown = list(rows[: SHOWN + 1])
    return Section(
        title="Approved applications",
        columns=("Application", "API", "Scopes", "Since", ""),
        rows=[
            (
                page_link(row.application),
                row.api or "Only who they are",
                " ".join(row.scopes),
                row.created_at,
                format_html("{} {}", page_link(row, "Look"), deed(request, row, "withdraw", "Take back")),
            )
            for row in shown[:SHOWN]
        ],
        empty="This person was not asked yet, or took everything back.",
        note=f"The newest {SHOWN} of more." if shown[SHOWN:] else "",
        links=_links("consent", user, shown),
    )


def deed(request: HttpRequest, row: Any, verb: str, text: str) -> SafeString | str:
    """A button that leads to the question whether to end `row`; nothing for who may only look."""
    if not reach(request).may_change(row.tenant_id):
        return ""
    return format_html('<a class="button" href="{}">{}</a>', object_url(row, verb), text)


def dangerous(request: HttpRequest, user: User) -> list[Deed]:
    """What the danger zone of a user offers of this floor."""
    return [Deed(30, "End all sessions", END_ALL, "End all sessions", object_url(user, "sessions_end"))]


def pages(page: UserAdmin) -> list[URLPattern]:
    """The address under a user's page at which all of their sessions end."""

    def end_all(request: HttpRequest, object_id: str) -> HttpResponse:
        user = page.get_object(request, unquote(object_id))
        if not page.has_change_permission(request, user):
            raise PermissionDenied
        back = object_url(user, TAB)
        if request.method != "POST":
            title = f"End all sessions of {user}?"
            return question(page, request, title=title, text=END_ALL, button="End all", obj=user, back=back)
        ended = services.end_sessions_of(user, by=actor(request))
        messages.success(request, f"Sessions ended: {ended}.")
        return HttpResponseRedirect(back)

    return [page.own_url("<path:object_id>/sessions/end/", end_all, "sessions_end")]


def _links(model: str, user: User, rows: Sequence[Any]) -> list[Link]:
    """Where there is a row, the list with all of them."""
    every = reverse(f"admin:authserver_{model}_changelist", query={"user__id__exact": user.pk})
    return [Link("All in a list", every, quiet=True)] if rows else []


UserAdmin.tabs.append(sections_tab(TAB, "Sign-ins", 30, sessions_of, signed_in_applications_of, consents_of))
UserAdmin.page_providers.append(pages)
UserAdmin.danger_providers.append(dangerous)
