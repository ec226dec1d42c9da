"""Refresh tokens: which applications stay signed in, for whom and how long. Auth0 calls them devices."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from authserver import families, services
from authserver.admin import family_tables
from authserver.admin.ending import EndingAdmin, Words
from authserver.admin.moments import short
from authserver.models import TokenFamily
from tenants.console.access import actor
from tenants.console.pages import object_url, page_link


@admin.register(TokenFamily)
class RefreshTokenAdmin(EndingAdmin):
    """One row per family, whose id stays while its tokens rotate: what was ticked is what ends."""

    menu_group = "People"
    menu_position = 48
    words = Words(
        verb="revoke",
        title="Revoke this refresh token",
        several="Revoke refresh tokens",
        button="Revoke",
        consequence=(
            "The application gets no new access token without the person. Access tokens that are already out are refused "
            "here at once; an API that looks at signatures only takes them until they expire."
        ),
        done="Refresh tokens revoked",
    )
    actions = ("revoke_selected",)
    list_lead = "Applications that stay signed in for somebody. Revoked, they need the person again."
    empty_list = (
        "No application stays signed in for anybody. One does when it asks for offline_access and gets a refresh token."
    )
    list_display = (*("user", "application", "api", "scope", "signed_in", "last_used", "idle_end", "end_of_all"),)
    list_filter = ()
    linked_filters = ("user", "application", "api", "session")
    search_fields = ("user__email__iexact", "application__client_id__exact", "session__id__exact")
    search_help_text = "A whole e-mail, client_id or session id."
    fields = (
        *("person", "client", "resource", "scope", "signed_in", "last_used"),
        *("idle_end", "end_of_all", "rotating", "browser_session"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).filter(revoked_at=None)
        return families.with_refresh_token(rows).select_related("user", "application", "api", "tenant", "session")

    @admin.display(description="user")
    def person(self, family: TokenFamily) -> SafeString:
        return page_link(family.user)

    @admin.display(description="application")
    def client(self, family: TokenFamily) -> SafeString:
        return page_link(family.application)

    @admin.display(description="API")
    def resource(self, family: TokenFamily) -> SafeString | str:
        return page_link(family.api) if family.api else "-"

    @admin.display(description="session")
    def browser_session(self, family: TokenFamily) -> SafeString | str:
        return page_link(family.session) if family.session else "-"

    @admin.display(description="scopes")
    def scope(self, family: TokenFamily) -> str:
        return " ".join(family.scopes) or "-"

    @admin.display(description="signed in", ordering="auth_time")
    def signed_in(self, family: TokenFamily) -> SafeString | str:
        return short(family.auth_time)

    @admin.display(description="last used")
    def last_used(self, family: TokenFamily) -> SafeString | str:
        return short(family_tables.last_used(family))

    @admin.display(description="ends when idle")
    def idle_end(self, family: TokenFamily) -> SafeString | str:
        token = families.token_of(family)
        return short(token.idle_expires_at if token else None)

    @admin.display(description="ends at the latest")
    def end_of_all(self, family: TokenFamily) -> SafeString | str:
        token = families.token_of(family)
        return short(token.expires_at if token else None)

    @admin.display(description="rotating")
    def rotating(self, family: TokenFamily) -> str:
        return "Yes: each works once" if family.application.rotates_refresh_tokens else "No"

    @admin.action(description="Revoke the selected refresh tokens", permissions=["end"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.end_or_ask(request, queryset)

    def end(self, request: HttpRequest, obj: TokenFamily) -> bool:
        return services.revoke_family(obj, by=actor(request))

    def after_end(self, obj: TokenFamily) -> str:
        return object_url(obj.user, "sign_ins")
