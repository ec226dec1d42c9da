"""The list of applications: what each one is, the name that programs know it by, and when its secret was last used."""

from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apis.models import Application, AppType, ClientSecret
from apis.services.provisioning import MANAGEMENT_APPLICATION_NAME
from tenants.console.lists import ConsoleChangeList

NO_TYPE = "Type not chosen"
SHORT: dict[str, str] = {
    AppType.NON_INTERACTIVE: "Machine to machine",
    AppType.REGULAR_WEB: "Regular web",
    AppType.SPA: "Single page",
    AppType.NATIVE: "Native",
    AppType.RESOURCE_SERVER: "API back end",
}


class ApplicationChangeList(ConsoleChangeList):
    """Rows that know when a secret of theirs was last used: one statement for all that are shown."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown: list[Any] = list(self.result_list)
        used = ClientSecret.objects.filter(application__in=[row.pk for row in shown]).values_list("application")
        last = dict(used.annotate(last=Max("last_used_at")).order_by())
        for row in shown:
            row.secret_used = last.get(row.pk)
        self.result_list = shown

    @property
    def nothing_of_its_own(self) -> bool:
        """Whether the tenant has only the application that every tenant is given, and nobody searched for others."""
        if self.result_count > 1 or self.query or self.get_filters_params():
            return False
        return all(row.name == MANAGEMENT_APPLICATION_NAME for row in self.result_list)


class ApplicationColumns:
    """The columns of the list."""

    @admin.display(description="type", ordering="app_type")
    def kind(self, application: Application) -> str:
        return kind(application)

    @admin.display(description="client ID")
    def client(self, application: Application) -> SafeString:
        return format_html('<code class="latchkey-copy" data-copy>{}</code>', application.client_id)

    @admin.display(description="status", ordering="enabled")
    def status(self, application: Application) -> SafeString:
        if application.enabled:
            return mark_safe('<span class="badge good">Enabled</span>')
        return mark_safe('<span class="badge bad">Disabled</span>')

    @admin.display(description="secret used")
    def used(self, application: Any) -> str:
        if not application.authenticates_by_secret:
            return "Has none"
        moment = application.secret_used
        return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else "Never"


def kind(application: Application) -> str:
    """The type of `application` in words, short enough for a badge."""
    return SHORT.get(application.app_type, NO_TYPE)
