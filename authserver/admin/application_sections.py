"""What the page of an application says of the people who allowed it."""

from django.http import HttpRequest
from django.urls import reverse

from apis.admin.applications import ApplicationAdmin
from apis.models import Application
from authserver.models import Consent
from tenants.console.sections import Link, Section


def consents_of(request: HttpRequest, application: Application) -> Section:
    """How many people allowed it, with the way to the list."""
    rows = Consent.objects.filter(tenant=application.tenant_id, application=application)
    people = rows.values("user").distinct().count()
    url = reverse("admin:authserver_consent_changelist", query={"application__id__exact": application.pk})
    return Section(
        title="Consents",
        columns=("People who allowed it",),
        rows=[(people,)] if people else [],
        empty="Nobody was asked yet.",
        links=[Link("Show them", url)] if people else [],
    )


ApplicationAdmin.section_providers.append(consents_of)
