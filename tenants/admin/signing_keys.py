"""Signing keys: what is published and what signs. The private part is never read here."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenants.console.access import actor, reach
from tenants.console.base import ReadOnlyAdmin
from tenants.console.pages import change_url, object_url, question
from tenants.console.sections import Link
from tenants.keys import rotation
from tenants.models import SigningKey, Tenant

ROTATE = (
    "The next key signs from now on. The current one stays published until the last token that it signed has expired, so "
    "nothing that is in use stops working. A new next key is published. A tenant with keys for several algorithms rotates "
    "them all."
)
REVOKE = "The key leaves the key set at once. Every token that it signed stops verifying, expired or not."


class TenantChoice(forms.Form):
    tenant = forms.ModelChoiceField(queryset=Tenant.objects.none(), empty_label=None)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tenant"].queryset = reach(request).changeable(Tenant.objects.all())  # type: ignore[attr-defined]


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    menu_group = "Tenant"
    menu_position = 80
    list_display = ("kid", "alg", "state", "tenant", "created_at", "current_since", "current_until", "revoked_at")
    list_select_related = ("tenant",)
    list_filter = ("state", "alg")
    fields = (
        *("kid", "alg", "state", "tenant", "created_at", "current_since", "current_until", "revoked_at"),
        *("public_key", "certificate"),
    )
    readonly_fields = ("public_key",)

    @admin.display(description="public key (JWK)")
    def public_key(self, key: SigningKey) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(key.jwk, indent=2))

    def own_urls(self) -> list[URLPattern]:
        return [
            self.own_url("rotate/", self.rotate_view, "rotate"),
            self.own_url("<path:object_id>/revoke/", self.revoke_view, "revoke"),
        ]

    def list_tools(self, request: HttpRequest) -> list[Link]:
        return [Link("Rotate now", reverse("admin:tenants_signingkey_rotate"))] if reach(request).may_change(None) else []

    def tools(self, request: HttpRequest, obj: SigningKey) -> list[Link]:
        if obj.state != SigningKey.State.PREVIOUS or not reach(request).may_change(obj.tenant_id):
            return []
        return [Link("Revoke", object_url(obj, "revoke"))]

    def rotate_view(self, request: HttpRequest) -> HttpResponse:
        if not reach(request).may_change(None):
            raise PermissionDenied
        form = TenantChoice(request, request.POST or None, initial={"tenant": request.GET.get("tenant")})
        if request.method == "POST" and form.is_valid():
            current = rotation.rotate(form.cleaned_data["tenant"], by=actor(request))
            messages.success(request, f"{current.kid} signs from now on.")
            return HttpResponseRedirect(reverse("admin:tenants_signingkey_changelist"))
        return question(self, request, title="Rotate the signing key", text=ROTATE, button="Rotate now", form=form)

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, unquote(object_id))
        if not reach(request).may_change(key.tenant_id):
            raise PermissionDenied
        if request.method != "POST":
            return question(self, request, title="Revoke this signing key", text=REVOKE, button="Revoke", obj=key)
        rotation.revoke(key.tenant, key.kid, by=actor(request))
        messages.success(request, f"{key.kid} is no longer published.")
        return HttpResponseRedirect(change_url(key))
