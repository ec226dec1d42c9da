"""The tab Domains of a tenant: where it answers, and what its tokens name. Added and removed, never changed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from tenants import services
from tenants.console.access import actor
from tenants.console.pages import object_url, question
from tenants.console.tabs import TabbedAdmin
from tenants.models import Domain, Tenant
from tenants.models.domain import parse_domain

NAME = "domains"
REMOVE = (
    "Every request to this address is answered 404 from now on, and nobody signs in there. Tokens that name it as "
    "their issuer are refused by every API that checks its settings against it. Point applications and APIs to another "
    "domain first."
)


class NewDomainForm(forms.Form):
    host = forms.CharField(
        label="Domain",
        max_length=300,
        help_text="A host such as auth.example.com. Its DNS has to lead to this server before anybody can use it.",
        widget=forms.TextInput(
            {"class": "vTextField", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def clean_host(self) -> str:
        scheme, host = parse_domain(self.cleaned_data["host"])
        return f"{scheme}://{host}"


def domains_tab(page: TabbedAdmin, request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The tab; POST adds a domain."""
    form = NewDomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            domain = services.add_domain(tenant, form.cleaned_data["host"], by=actor(request))
        except ValidationError as refused:
            form.add_error("host", refused.messages)
        else:
            page.log_change(request, tenant, f"Added the domain {domain.host}.")
            messages.success(request, f"{tenant} answers at {domain.host} from now on.")
            return HttpResponseRedirect(object_url(tenant, NAME))
    domains = Domain.objects.of(tenant).order_by("pk")
    rows = [(domain, object_url(tenant, "remove_domain", domain.pk)) for domain in domains]
    return page.tab_page(request, tenant, NAME, "admin/tenants/tenant/domains.html", {"rows": rows, "form": form})


class DomainPages:
    """The part of a tenant's pages that removes a domain."""

    def domain_urls(self: Any) -> list[URLPattern]:
        route = "<path:object_id>/domains/<int:domain_id>/remove/"
        return [self.own_url(route, self.remove_domain_view, "remove_domain")]

    def remove_domain_view(self: Any, request: HttpRequest, object_id: str, domain_id: int) -> HttpResponse:
        tenant: Tenant = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, tenant):
            raise PermissionDenied
        domain = Domain.objects.of(tenant).filter(pk=domain_id).first()
        if domain is None:
            raise Http404("No domain of this tenant with this id")
        back = object_url(tenant, NAME)
        if request.method != "POST":
            title = f"Remove {domain.host}?"
            return question(self, request, title=title, text=REMOVE, button="Remove it", obj=tenant, back=back)
        try:
            services.remove_domain(domain, by=actor(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            self.log_change(request, tenant, f"Removed the domain {domain.host}.")
            messages.success(request, f"{domain.host} is no longer a domain of {tenant}.")
        return HttpResponseRedirect(back)
