"""Sessions: who is signed in, where and until when. Their cookies' secrets are nowhere, not even hashed, on these pages."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from authserver import services, sessions
from authserver.admin import family_tables
from authserver.admin.ending import EndingAdmin, Words
from authserver.admin.moments import short
from authserver.models import Session
from authserver.user_agents import device
from tenants.console.access import actor
from tenants.console.pages import change_url, page_link
from tenants.console.sections import Section
from tenants.console.values import badge

LIVE, ENDED = "live", "ended"


class StateFilter(admin.SimpleListFilter):
    """Sessions that still count, or those that no longer do."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(LIVE, "Signed in"), (ENDED, "Ended or expired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        live = sessions.live().values("pk")
        if self.value() == LIVE:
            return queryset.filter(pk__in=live)
        return queryset.exclude(pk__in=live) if self.value() == ENDED else queryset


@admin.register(Session)
class SessionAdmin(EndingAdmin):
    menu_group = "People"
    menu_position = 46
    words = Words(
        verb="end",
        title="End this session",
        several="End sessions",
        button="End now",
        consequence=(
            "Whoever uses it is signed out at once: the next application in that browser asks for the password again. "
            "Applications that stay signed in keep their refresh tokens; revoke those, too, when a device is lost."
        ),
        done="Sessions ended",
    )
    actions = ("end_selected",)
    list_lead = "Who is signed in, in which browser. Ended, the next application there asks for the password again."
    empty_list = "Nobody has signed in yet."
    list_display = ("user", "state", "browser", "ip", "signed_in", "last_seen", "expires")
    list_select_related = ("user", "tenant")
    list_filter = (StateFilter,)
    linked_filters = ("user",)
    search_fields = ("user__email__iexact", "id__exact")
    search_help_text = "A whole e-mail, or a session id (the sid of an ID token)."
    fields = (
        *("session_id", "person", "state", "browser", "user_agent", "ip", "methods"),
        *("signed_in", "last_seen", "idle_end", "latest_end", "ended"),
    )
    readonly_fields = tuple(name for name in fields if name not in ("user_agent", "ip"))

    @admin.display(description="session ID (sid)")
    def session_id(self, session: Session) -> str:
        return session.pk

    @admin.display(description="user")
    def person(self, session: Session) -> SafeString:
        return page_link(session.user)

    @admin.display(description="browser")
    def browser(self, session: Session) -> str:
        return device(session.user_agent)

    @admin.display(description="proof of identity (amr)")
    def methods(self, session: Session) -> str:
        return ", ".join(session.amr) or "-"

    @admin.display(description="signed in", ordering="auth_time")
    def signed_in(self, session: Session) -> SafeString | str:
        return short(session.auth_time)

    @admin.display(description="last seen", ordering="last_seen_at")
    def last_seen(self, session: Session) -> SafeString | str:
        return short(session.last_seen_at)

    @admin.display(description="expires", ordering="expires_at")
    def expires(self, session: Session) -> SafeString | str:
        return short(_end(session))

    @admin.display(description="ends when idle")
    def idle_end(self, session: Session) -> SafeString | str:
        return short(session.idle_expires_at)

    @admin.display(description="ends at the latest")
    def latest_end(self, session: Session) -> SafeString | str:
        return short(session.expires_at)

    @admin.display(description="ended")
    def ended(self, session: Session) -> SafeString | str:
        return short(session.ended_at)

    @admin.display(description="state")
    def state(self, session: Session) -> SafeString:
        if session.ended_at:
            return badge("ended", "plain")
        return badge("signed in", "good") if _is_live(session) else badge("expired", "plain")

    def sections(self, request: HttpRequest, obj: Session) -> list[Section]:
        return [family_tables.families_of_session(obj)]

    @admin.action(description="End the selected sessions", permissions=["end"])
    def end_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.end_or_ask(request, queryset)

    def end(self, request: HttpRequest, obj: Session) -> bool:
        return services.end_session(obj, by=actor(request))

    def may_end(self, obj: Session) -> bool:
        return _is_live(obj)

    def after_end(self, obj: Session) -> str:
        return change_url(obj)


def _end(session: Session) -> datetime:
    """When it expires, unless it is used before then."""
    return min(session.expires_at, session.idle_expires_at)


def _is_live(session: Session) -> bool:
    return not session.ended_at and _end(session) > timezone.now()
