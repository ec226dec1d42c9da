"""APIs with their permissions, and the applications that may call them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from apis.admin import grant_tables
from apis.admin.permissions import PermissionInline
from apis.models import API, SigningAlg
from apis.services import apis as services
from tenants.console.access import actor
from tenants.console.base import ConsoleAdmin
from tenants.console.pages import FreshSecret, object_url, question, secret_once
from tenants.console.sections import Link, Section

NEW_SIGNING_SECRET = (
    "Tokens are signed with the new secret from now on. The API must know it by then: it will refuse every new token, "
    "and from the change on every old one."
)


@admin.register(API)
class APIAdmin(ConsoleAdmin):
    menu_group = "APIs and applications"
    menu_position = 10
    inlines = (PermissionInline,)
    list_display = ("__str__", "audience", "algorithm", "tenant")
    list_select_related = ("tenant",)
    list_filter = ("signing_alg",)
    search_fields = ("name", "identifier")
    search_help_text = "Part of the name or the identifier."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("tenant__domains")

    def get_fieldsets(self, request: HttpRequest, obj: API | None = None) -> Any:
        identifier = "audience" if obj and obj.is_system else "identifier"
        consent = "skip_consent_for_verifiable_first_party_clients"
        return [
            (None, {"fields": ("tenant", "name", identifier)}),
            ("Tokens", {"fields": ("signing_alg", "token_dialect", "token_lifetime", "token_lifetime_for_web")}),
            ("Access", {"fields": ("user_policy", "client_policy", "enforce_policies", "allow_offline_access", consent)}),
        ]

    @admin.display(description="identifier", ordering="identifier")
    def audience(self, api: API) -> str:
        return ", ".join(grant_tables.audiences(api, [domain.issuer for domain in api.tenant.domains.all()]))

    def get_readonly_fields(self, request: HttpRequest, obj: API | None = None) -> list[str]:
        if obj is None:
            return []
        if not obj.is_system:
            return ["tenant", "identifier"]
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        return [name for name in fields if name not in services.SYSTEM_API_SETTINGS]

    def get_inlines(self, request: HttpRequest, obj: API | None) -> Any:
        return () if obj and obj.is_system else self.inlines

    @admin.display(description="algorithm", ordering="signing_alg")
    def algorithm(self, api: API) -> str:
        return api.signing_alg

    def may_be_deleted(self, obj: API) -> bool:
        return not obj.is_system

    def consequences(self, objs: Any) -> list[str]:
        return [
            "Permissions (also from roles and users), client grants, consents and refresh tokens go too. "
            "Access tokens that are JWTs stay valid at the API until they expire."
        ]

    def own_urls(self) -> list[URLPattern]:
        return [self.own_url("<path:object_id>/signing-secret/", self.signing_secret_view, "signing_secret")]

    def tools(self, request: HttpRequest, obj: API) -> list[Link]:
        if obj.signing_alg != SigningAlg.HS256 or not self.has_change_permission(request, obj):
            return []
        return [Link("New signing secret", object_url(obj, "signing_secret"))]

    def sections(self, request: HttpRequest, obj: API) -> list[Section]:
        grants = grant_tables.applications_of(obj, may_add=self.has_change_permission(request, obj))
        if not obj.is_system:
            return [grants]
        permissions = Section(
            title="Permissions",
            note="Given: they are what the operations of the Management API ask for.",
            columns=("Value", "Description"),
            rows=list(obj.permissions.values_list("value", "description")),
            empty="None.",
        )
        return [grants, permissions]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> API:
        api = services.create_api(values.pop("tenant"), values.pop("identifier"), by=actor(request), **values)
        if api.signing_alg == SigningAlg.HS256:
            self.reveal(request, _secret(api, services.reveal_signing_secret(api)))
        return api

    def update(self, request: HttpRequest, obj: API, values: dict[str, Any]) -> None:
        services.update_api(obj, by=actor(request), **values)
        if values.get("signing_alg") == SigningAlg.HS256:
            self.reveal(request, _secret(obj, services.reveal_signing_secret(obj)))

    def delete(self, request: HttpRequest, obj: API) -> None:
        services.delete_api(obj, by=actor(request))

    def save_rows(self, request: HttpRequest, obj: API, formset: BaseInlineFormSet) -> None:
        # From what is stored, not from what the page showed: somebody may have added a permission since.
        wanted = dict(obj.permissions.values_list("value", "description"))
        for permission in formset.deleted_objects:
            wanted.pop(permission.value, None)
        for permission in [*formset.new_objects, *(row for row, _ in formset.changed_objects)]:
            wanted[permission.value] = permission.description
        services.set_permissions(obj, [services.Scope(*row) for row in wanted.items()], by=actor(request))
        if formset.new_objects:
            grant_tables.tell_of_new_permissions(request, obj, [row.value for row in formset.new_objects])

    def signing_secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        api = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, api):
            raise PermissionDenied
        if api.signing_alg != SigningAlg.HS256:
            raise Http404("Only an API with HS256 has a signing secret")
        if request.method == "POST":
            secret = services.rotate_signing_secret(api, by=actor(request))
            self.log_change(request, api, "New signing secret.")
            return secret_once(self, request, api, _secret(api, secret))
        title, button = "Make a new signing secret", "Make a new secret"
        return question(self, request, title=title, text=NEW_SIGNING_SECRET, button=button, obj=api)


def _secret(api: API, value: str) -> FreshSecret:
    return FreshSecret(
        title=f"Signing secret of {api}",
        label="Signing secret (HS256)",
        value=value,
        notes=("Give it to the API: it verifies tokens with it. Whoever knows it can make tokens that the API accepts.",),
    )
