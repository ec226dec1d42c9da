"""Consents: what people allowed applications. Auth0 calls them user grants."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from apis import registry
from authserver import services
from authserver.admin.ending import EndingAdmin, Words
from authserver.admin.moments import short
from authserver.models import Consent
from authserver.pages import scope_sentences
from tenants import config_cache
from tenants.console.access import actor
from tenants.console.pages import object_url, page_link
from tenants.models import Domain

NAMED = 5


@admin.register(Consent)
class ConsentAdmin(EndingAdmin):
    menu_group = "People"
    menu_position = 50
    words = Words(
        verb="withdraw",
        title="Take back this consent",
        several="Take back consents",
        button="Take back",
        consequence="Its refresh tokens end, too; the person is asked again.",
        done="Consents taken back",
    )
    actions = ("withdraw_selected",)
    list_lead = "What people allowed applications to do for them. Taken back, the application has to ask again."
    empty_list = "Nobody was asked yet. A consent stands here when a person has allowed an application something."
    list_display = ("user", "application", "api", "scope", "since")
    list_select_related = ("user", "application", "api", "tenant")
    list_filter = ()
    linked_filters = ("user", "application", "api")
    search_fields = ("user__email__iexact", "application__client_id__exact", "application__name")
    search_help_text = "A whole e-mail, a whole client_id, or part of the application's name."
    fields = ("person", "client", "resource", "allowed", "since", "last_changed")
    readonly_fields = ("person", "client", "resource", "allowed", "since", "last_changed")

    @admin.display(description="user")
    def person(self, consent: Consent) -> SafeString:
        return page_link(consent.user)

    @admin.display(description="application")
    def client(self, consent: Consent) -> SafeString:
        return page_link(consent.application)

    @admin.display(description="API")
    def resource(self, consent: Consent) -> SafeString | str:
        return page_link(consent.api) if consent.api else "None: only who they are"

    @admin.display(description="scopes")
    def scope(self, consent: Consent) -> str:
        more = len(consent.scopes) - NAMED
        return " ".join(consent.scopes[:NAMED]) + (f" and {more} more" if more > 0 else "") or "-"

    @admin.display(description="allowed")
    def allowed(self, consent: Consent) -> SafeString | str:
        """The sentences that the person reads, each with its scopes."""
        # Sentences are the same at every domain, so none is looked up.
        tenant = config_cache.at_domain(Domain(tenant=consent.tenant))
        api = registry.api_with_id(tenant, consent.api_id)
        listed = scope_sentences.items(tenant, api, tuple(consent.scopes))
        lines = ((item["sentence"], item["scope"]) for item in listed)
        return format_html_join(mark_safe("<br>"), "{} <code>{}</code>", lines) or "Who they are, and nothing else"

    @admin.display(description="since", ordering="created_at")
    def since(self, consent: Consent) -> SafeString | str:
        return short(consent.created_at)

    @admin.display(description="last allowed more")
    def last_changed(self, consent: Consent) -> SafeString | str:
        return short(consent.updated_at)

    @admin.action(description="Take back the selected consents", permissions=["end"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.end_or_ask(request, queryset)

    def end(self, request: HttpRequest, obj: Consent) -> bool:
        return services.withdraw_consent(obj, by=actor(request))

    def after_end(self, obj: Consent) -> str:
        return object_url(obj.user, "sign_ins")
