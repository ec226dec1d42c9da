"""The tab Applications of an API: which applications may call it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apis.admin.apis import APIAdmin
from apis.models import API, Application, ClientGrant, ClientPolicy, DefaultFor, SubjectType, UserPolicy
from authserver.admin import proving
from authserver.admin.switches.page import switches_page
from authserver.admin.switches.sides import ALWAYS, NEVER, Note, Side, kinds_for
from tenants.console.pages import object_url
from tenants.console.tabs import Tab, TabbedAdmin


class ApplicationsOfAPI(Side):
    """Rows are applications, each with its switches for the API `fixed`."""

    fixed: API
    tab = "applications"
    noun, nouns = "application", "applications"
    lead = "Applications that are switched on get tokens for this API, with the permissions that you choose."
    search_hint = "Name or client ID"
    ask_label, ask_hint = "Application", "Client ID or exact name"

    @cached_property
    def _has_domain(self) -> bool:
        return self.tenant.domains.exists()

    def everything(self) -> QuerySet[Any]:
        rows = Application.objects.of(self.tenant).alias(grant_names=Cast("grant_types", TextField()))
        return rows.select_related("tenant")

    def pair(self, row: Application) -> tuple[Application, API]:
        return row, self.fixed

    def searched(self, text: str) -> Q:
        return Q(name__icontains=text) | Q(client_id__istartswith=text)

    def asked(self, text: str) -> Q:
        return Q(client_id=text) | Q(name=text)

    def with_keys(self, keys: Sequence[str]) -> QuerySet[Application]:
        return self.everything().filter(pk__in=[key for key in keys if key.isdecimal() and len(key) < 19])

    def code(self, row: Application) -> str:
        return row.client_id

    def badges(self, row: Application) -> list[dict[str, str]]:
        badges = [{"text": row.get_app_type_display().partition(":")[0], "kind": "plain"}]
        badges += [] if row.is_first_party else [{"text": "Third party", "kind": "caution"}]
        return badges + ([] if row.enabled else [{"text": "Disabled", "kind": "bad"}])

    def notes(self) -> list[Note]:
        text = "There is a default for third parties: one whose own switch is off gets what it says."
        given = [Note(text, object_url(grant, "change"), "Look at it") for grant in self._default]
        return [*_closed(self.fixed), *given]

    def footnote(self) -> Note | None:
        if self.fixed.is_system or self._default:
            return None
        prefilled = {"api": self.fixed.pk, "default_for": DefaultFor.THIRD_PARTY_CLIENTS.value}
        url = reverse("admin:apis_clientgrant_add", query=prefilled)
        return Note("Third-party applications get nothing unless they are switched on.", url, "Give them a default")

    @cached_property
    def _default(self) -> list[ClientGrant]:
        return list(self._grants(application=None, api=self.fixed).order_by("subject_type")[:1])

    def offered(self, subject_type: str) -> Q:
        return ALWAYS if subject_type in kinds_for(self.fixed) else NEVER

    def open_to(self, subject_type: str) -> Q:
        api = self.fixed
        closed = api.client_policy == ClientPolicy.DENY_ALL
        if subject_type == SubjectType.USER:
            closed = api.user_policy == UserPolicy.DENY_ALL
        reachable = self._has_domain and (api.is_system or self.flag)
        return NEVER if closed or not reachable else ALWAYS

    def ready(self, subject_type: str) -> Q:
        if subject_type == SubjectType.USER:
            return Q(enabled=True) & proving.may_use("grant_names", proving.PEOPLES_GRANT_TYPES)
        return Q(enabled=True) & proving.may_use("grant_names", ["client_credentials"]) & proving.proves_itself()

    def granted(self, subject_type: str) -> Q:
        own = self._grants(api=self.fixed, application=OuterRef("pk"), subject_type=subject_type)
        by_default = self._by_default(api=self.fixed, subject_type=subject_type)
        return Q(Exists(own)) | (Q(is_first_party=False) & by_default)


def _closed(api: API) -> list[Note]:
    """What the API's own settings say beside the switches."""
    settings = object_url(api, "change")
    notes = []
    if api.client_policy == ClientPolicy.DENY_ALL:
        text = "The API is closed to machines: no switch below lets an application call it on its own behalf."
        notes.append(Note(text, f"{settings}#id_client_policy", "Open it in its settings", "caution"))
    if api.is_system:
        notes.append(Note("The Management API is never called on behalf of users."))
    elif api.user_policy == UserPolicy.DENY_ALL:
        text = "No application may call it on behalf of users."
        notes.append(Note(text, f"{settings}#id_user_policy", "Change it in its settings"))
    elif api.user_policy == UserPolicy.ALLOW_ALL:
        text = "On behalf of users every application may call it, without a switch."
        notes.append(Note(text, f"{settings}#id_user_policy", "Ask for a switch instead"))
    return notes


def view(page: TabbedAdmin, request: HttpRequest, api: Any) -> HttpResponse:
    """The tab: GET shows a page of applications, POST the difference, and then writes it."""
    return switches_page(page, request, ApplicationsOfAPI(request, api))


APIAdmin.tabs.append(Tab("applications", "Applications", 40, view))
