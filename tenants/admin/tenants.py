"""Tenants: settings, flags and domains."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse

from tenants import services
from tenants.admin.tenant_forms import FLAG_LABELS, DomainForm, DomainFormSet, TenantForm
from tenants.console.access import actor, reach
from tenants.console.base import ConsoleAdmin, ConsoleInline
from tenants.console.pages import page_link
from tenants.console.sections import Link, Section
from tenants.models import Domain, SigningKey, Tenant


class DomainInline(ConsoleInline):
    """Domains are added and removed. One that is there never changes: it is an issuer that tokens name."""

    model = Domain
    form = DomainForm
    formset = DomainFormSet
    fields = ("host", "answers_as")
    readonly_fields = ("answers_as",)

    @admin.display(description="issuer")
    def answers_as(self, domain: Domain) -> str:
        return domain.issuer if domain.host else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Tenant)
class TenantAdmin(ConsoleAdmin):
    menu_group = "Tenant"
    menu_position = 70
    form = TenantForm
    inlines = (DomainInline,)
    list_display = ("name", "friendly_name", "answers_at", "security_profile", "created_at")
    search_fields = ("name", "friendly_name", "domains__host")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("domains")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        defaults = ("default_audience", "default_directory") if obj else ()
        return [
            (None, {"fields": ("name", "friendly_name", "picture_url", "support_email", "support_url")}),
            ("Requests", {"fields": ("security_profile", *defaults)}),
            ("Sessions", {"fields": ("session_lifetime", "idle_session_lifetime", "session_cookie_mode")}),
            ("Logout", {"fields": ("allowed_logout_urls", "oidc_logout_prompt_enabled")}),
            ("Consent", {"fields": ("skip_non_verifiable_callback_uri_confirmation_prompt",)}),
            ("Flags", {"fields": ("flags" if self.has_change_permission(request, obj) else "flags_in_words",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name"] if obj else []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No service deletes a tenant: it would take every user and every key with it."""
        return False

    @admin.display(description="flags")
    def flags_in_words(self, tenant: Tenant) -> str:
        return "\n".join(f"{FLAG_LABELS.get(name, name)}: {'yes' if on else 'no'}" for name, on in tenant.all_flags.items())

    @admin.display(description="domains")
    def answers_at(self, tenant: Tenant) -> str:
        return ", ".join(domain.host for domain in tenant.domains.all())

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Tenant:
        return services.create_tenant(values.pop("name"), by=actor(request), **values)

    def update(self, request: HttpRequest, obj: Tenant, values: dict[str, Any]) -> None:
        services.update_tenant(obj, by=actor(request), **values)

    def save_rows(self, request: HttpRequest, obj: Tenant, formset: BaseInlineFormSet) -> None:
        # Added before removed, so that the last domain can be replaced in one go.
        for domain in formset.new_objects:
            services.add_domain(obj, f"{domain.scheme}://{domain.host}", by=actor(request))
        for domain in formset.deleted_objects:
            services.remove_domain(domain, by=actor(request))

    def sections(self, request: HttpRequest, obj: Tenant) -> list[Section]:
        keys = SigningKey.objects.of(obj).exclude(state=SigningKey.State.REVOKED)
        rotate = Link("Rotate now", reverse("admin:tenants_signingkey_rotate", query={"tenant": obj.pk}))
        return [
            Section(
                title="Signing keys",
                columns=("Key", "State", "Signs since"),
                rows=[(page_link(key, key.kid), key.get_state_display(), key.current_since or "-") for key in keys],
                empty="No signing key: this tenant cannot issue tokens. Rotate to make one.",
                links=[rotate] if reach(request).may_change(obj.pk) else [],
            )
        ]
