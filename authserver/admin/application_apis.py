"""The tab APIs of an application: which APIs it may call. The mirror of an API's tab Applications."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from apis.admin.applications import ApplicationAdmin
from apis.models import API, Application, ClientPolicy, SubjectType, UserPolicy
from apis.models.api import SYSTEM_IDENTIFIER
from apis.registry import ApplicationValue, loading
from authserver.admin import proving
from authserver.admin.switches.page import switches_page
from authserver.admin.switches.sides import ALWAYS, NEVER, Note, Side
from tenants.console.access import reach
from tenants.console.pages import object_url
from tenants.console.tabs import Tab, TabbedAdmin
from tenants.models import Domain


class APIsOfApplication(Side):
    """Rows are APIs, each with the switches of the application `fixed` for it."""

    fixed: Application
    tab = "apis"
    noun, nouns = "API", "APIs"
    lead = "This application gets tokens for the APIs that are switched on, with the permissions that you choose."
    search_hint = "Name or identifier"
    ask_label, ask_hint = "API", "Identifier or exact name"

    @cached_property
    def _value(self) -> ApplicationValue:
        return loading.application_value(self.fixed, with_keys=False)

    @cached_property
    def _issuers(self) -> list[str]:
        return [domain.issuer for domain in Domain.objects.of(self.tenant).order_by("id")]

    def everything(self) -> QuerySet[API]:
        return API.objects.of(self.tenant).select_related("tenant")

    def pair(self, row: API) -> tuple[Application, API]:
        return self.fixed, row

    def searched(self, text: str) -> Q:
        return Q(name__icontains=text) | Q(identifier__icontains=text)

    def asked(self, text: str) -> Q:
        system = Q(is_system=True) if text in [issuer + SYSTEM_IDENTIFIER.lstrip("/") for issuer in self._issuers] else NEVER
        return Q(identifier=text) | Q(name=text) | system

    def with_keys(self, keys: Sequence[str]) -> QuerySet[API]:
        return self.everything().filter(pk__in=list(keys))

    def code(self, row: API) -> str:
        return row.audience_at(self._issuers[0]) if self._issuers else row.identifier

    def badges(self, row: API) -> list[dict[str, str]]:
        closed = row.client_policy == ClientPolicy.DENY_ALL
        return [{"text": "Closed to machines", "kind": "caution"}] if closed else []

    def notes(self) -> list[Note]:
        if not self.fixed.enabled:
            text = "The application is disabled: whatever is switched on here, it is refused."
            if not reach(self.request).may_change(self.fixed.tenant_id):
                return [Note(text, kind="bad")]
            return [Note(text, object_url(self.fixed, "danger"), "Enable it in its danger zone", "bad")]
        if not self.fixed.is_first_party:
            text = "A third-party application: where its switch is off, the API's default for third parties counts."
            return [Note(text)]
        return []

    def offered(self, subject_type: str) -> Q:
        if subject_type == SubjectType.USER:
            return Q(user_policy=UserPolicy.REQUIRE_CLIENT_GRANT, is_system=False)
        return ALWAYS

    def open_to(self, subject_type: str) -> Q:
        if not self._issuers:
            return NEVER
        is_open = ~Q(client_policy=ClientPolicy.DENY_ALL)
        if subject_type == SubjectType.USER:
            is_open = ~Q(user_policy=UserPolicy.DENY_ALL)
        return is_open if self.flag else is_open & Q(is_system=True)

    def ready(self, subject_type: str) -> Q:
        value = self._value
        able = proving.can_prove_itself(value) and "client_credentials" in value.grant_types
        if subject_type == SubjectType.USER:
            able = proving.serves_people(value)
        return ALWAYS if value.enabled and able else NEVER

    def granted(self, subject_type: str) -> Q:
        own = self._grants(application=self.fixed, api=OuterRef("pk"), subject_type=subject_type)
        by_default = self._by_default(api=OuterRef("pk"), subject_type=subject_type)
        return Q(Exists(own)) if self.fixed.is_first_party else Q(Exists(own)) | by_default


def view(page: TabbedAdmin, request: HttpRequest, application: Any) -> HttpResponse:
    """The tab: GET shows a page of APIs, POST the difference, and then writes it."""
    return switches_page(page, request, APIsOfApplication(request, application))


ApplicationAdmin.tabs.append(Tab("apis", "APIs", 40, view))
