"""The one page on which a secret of an application is seen, with what to do next."""

import base64

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import slugify

from apis.admin.application_fieldsets import WITHOUT_PEOPLE
from apis.models import Application
from apis.services.applications import NewSecret
from tenants.console.pages import FreshSecret, change_url, object_url
from tenants.console.sections import Link
from tenants.console.tabs import TabbedAdmin


def shown_once(
    page: TabbedAdmin, request: HttpRequest, application: Application, secret: NewSecret, *, is_new: bool = False
) -> HttpResponse:
    """Shows `secret` as the answer to the very POST that made it: nothing keeps it, so nothing can repeat it."""
    fresh = FreshSecret(
        title=f"Secret of {application}",
        label="Client secret",
        value=secret.value,
        notes=(f"It belongs to the client_id {application.client_id}.",),
    )
    back = page.first_page(application) if is_new else object_url(application, "credentials")
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": fresh.title,
        "secret": fresh,
        "object": application,
        "back": back,
        "next_step": _next_step(application) if is_new else None,
        "file": _as_file(application, secret.value),
        "file_name": f"{slugify(application.name) or application.client_id}.env",
    }
    template = "admin/apis/application/secret.html"
    return TemplateResponse(request, template, context, headers={"Cache-Control": "no-store"})


def _next_step(application: Application) -> Link:
    if application.app_type in WITHOUT_PEOPLE:
        return Link("Next: let it call an API", object_url(application, "apis"))
    return Link("Next: its callback URLs", f"{change_url(application)}#id_redirect_uris")


def _as_file(application: Application, value: str) -> str:
    """A .env file with `value` as an address that holds it: a link downloads it without script, and nobody stores it.

    In base64, so that the page has the secret itself in one place only.
    """
    issuer = next((domain.issuer for domain in application.tenant.domains.all()), "")
    # Some readers of such files end a line, and so a comment, at characters that a name may have.
    name = " ".join(application.name.split())
    lines = [f"# {name}", f"ISSUER_BASE_URL={issuer}", f"CLIENT_ID={application.client_id}"]
    text = "\n".join([*lines, f"CLIENT_SECRET={value}", ""])
    return "data:text/plain;base64," + base64.b64encode(text.encode()).decode()
