"""What the settings of an application say of where it came from."""

from django.http import HttpRequest

from apis.admin.applications import ApplicationAdmin
from apis.models import Application
from authserver.admin.moments import short
from authserver.models import ClientRegistration
from tenants.console.sections import Section


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


ApplicationAdmin.section_providers.append(registration_of)
