"""Tenants: their settings, in parts, and what else belongs to one, each on a tab of its own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tenants import services
from tenants.admin import language_fields, tenant_parts
from tenants.admin.domains import DomainPages, domains_tab
from tenants.admin.key_tab import keys_tab
from tenants.admin.members import MemberPages, members_tab
from tenants.admin.tenant_forms import FLAG_LABELS, DomainForm, DomainFormSet, NewTenantForm
from tenants.console import values
from tenants.console.access import actor
from tenants.console.base import ConsoleInline
from tenants.console.current import current_tenant, offered
from tenants.console.menu import Entry
from tenants.console.pages import change_url, object_url
from tenants.console.tabs import SETTINGS, Tab, TabbedAdmin
from tenants.models import Domain, Tenant
from tenants.models.tenant import SecurityProfile

KEYS = "keys"


class DomainInline(ConsoleInline):
    """The domains that a new tenant starts with. Later they are added and removed on their own tab."""

    model = Domain
    form = DomainForm
    formset = DomainFormSet
    fields = ("host",)


@admin.register(Tenant)
class TenantAdmin(DomainPages, MemberPages, TabbedAdmin):
    menu_group = "Tenant"
    menu_position = 70
    of_one_tenant = False
    section_providers = []
    page_providers = []
    tabs = [
        Tab(SETTINGS, "Settings", 10),
        tenant_parts.form_tab("branding", "Branding", 18),
        Tab("domains", "Domains", 30, domains_tab),
        Tab(KEYS, "Signing keys", 40, keys_tab),
        Tab("members", "Members", 50, members_tab),
        tenant_parts.form_tab("advanced", "Advanced", 80),
    ]
    inlines = (DomainInline,)
    actions = None
    list_lead = "Each tenant is an authorization server of its own: domains, keys, APIs, applications and people."
    empty_list = "No tenant yet. Add one, or run manage.py create_tenant."
    list_display = ("called", "name", "answers_at", "profile", values.moment_column("created_at", "since"))
    search_fields = ("name", "friendly_name", "domains__host")
    search_help_text = "Part of a name or of a domain."

    def menu_entries(self, request: HttpRequest) -> list[Entry]:
        """The settings of the tenant that the operator works on; the list only where there is more to see."""
        everyone = reverse("admin:tenants_tenant_changelist")
        found = []
        if tenant := current_tenant(request):
            keys = request.path == object_url(tenant, KEYS)
            found.append(
                Entry("Settings", change_url(tenant), request.path.startswith(f"{everyone}{tenant.pk}/") and not keys)
            )
        if len(offered(request)) > 1 or self.has_add_permission(request):
            found.append(Entry("All tenants", everyone, request.path == everyone))
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("domains")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return () if obj else self.inlines

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            part = tenant_parts.part_of(request)
            return tenant_parts.fieldsets(part, may_change=self.has_change_permission(request, obj))
        later = {"classes": ("collapse",), "description": "Can be chosen later, with a preview."}
        return [
            (None, {"fields": ("name", "friendly_name")}),
            ("Branding", {"fields": tenant_parts.BRANDING} | later),
            ("Languages", {"fields": language_fields.FIELDS} | later),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = tenant_parts.FORMS[tenant_parts.part_of(request)] if obj else NewTenantForm
        return super().get_form(request, obj, change, **({"form": form} | kwargs))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name"] if obj else []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No service deletes a tenant: it would take every user and every key with it."""
        return False

    @admin.display(description="languages")
    def languages_in_words(self, tenant: Tenant) -> str:
        return language_fields.in_words(tenant.enabled_locales)

    @admin.display(description="flags")
    def flags_in_words(self, tenant: Tenant) -> SafeString:
        flags = ((FLAG_LABELS.get(name, name), "yes" if on else "no") for name, on in tenant.all_flags.items())
        return format_html_join("", "<div>{}: {}</div>", flags)

    @admin.display(description="tenant", ordering="friendly_name")
    def called(self, tenant: Tenant) -> str:
        return str(tenant)

    @admin.display(description="domains")
    def answers_at(self, tenant: Tenant) -> str:
        return ", ".join(domain.host for domain in tenant.domains.all())

    @admin.display(description="rules", ordering="security_profile")
    def profile(self, tenant: Tenant) -> str:
        return "Auth0's" if tenant.security_profile == SecurityProfile.AUTH0 else "The RFCs'"

    def heading(self, request: HttpRequest, obj: Tenant) -> dict[str, Any]:
        return {"subtitle_code": obj.name}

    def own_urls(self) -> list[URLPattern]:
        return [*self.domain_urls(), *self.member_urls(), *super().own_urls()]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Tenant:
        return services.create_tenant(values.pop("name"), by=actor(request), **values)

    def update(self, request: HttpRequest, obj: Tenant, values: dict[str, Any]) -> None:
        services.update_tenant(obj, by=actor(request), **values)

    def save_rows(self, request: HttpRequest, obj: Tenant, formset: BaseInlineFormSet) -> None:
        for domain in formset.new_objects:
            services.add_domain(obj, f"{domain.scheme}://{domain.host}", by=actor(request))
