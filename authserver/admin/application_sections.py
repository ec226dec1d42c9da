"""What the page of an application says of the people who allowed it, and of where it came from."""

from django.http import HttpRequest
from django.urls import reverse

from apis.admin.applications import ApplicationAdmin
from apis.models import Application
from authserver.admin.moments import short
from authserver.models import ClientRegistration, Consent
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


def registration_of(request: HttpRequest, application: Application) -> Section | None:
    """That it registered itself, if it did."""
    found = ClientRegistration.objects.filter(tenant=application.tenant_id, application=application).first()
    if found is None:
        return None
    said = [str(found.metadata[name]) for name in ("software_id", "software_version") if name in found.metadata]
    return Section(
        title="Registered by itself",
        columns=("Registered", "From address", "Changed", "Software"),
        rows=[(short(found.created_at), found.ip or "-", short(found.updated_at), " ".join(said) or "-")],
        empty="",
        note="Nobody has verified its name, logo and addresses. Make it first-party to vouch for it: "
        "it can then change nothing here itself any more.",
    )


ApplicationAdmin.section_providers += [registration_of, consents_of]
