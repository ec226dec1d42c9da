"""Signing keys: what is published and what signs. The private part is never read here. A tenant's own tab shows its keys."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenants.admin.key_tab import STATES
from tenants.console import values
from tenants.console.access import actor, reach
from tenants.console.base import ReadOnlyAdmin
from tenants.console.current import current_tenant
from tenants.console.menu import Entry
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
    """Whose keys are meant: the tenant's that the question was about, whichever is current when it is answered."""

    tenant = forms.ModelChoiceField(queryset=Tenant.objects.none(), empty_label=None, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tenant"].queryset = reach(request).changeable(Tenant.objects.all())  # type: ignore[attr-defined]


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    menu_group = "Tenant"
    menu_position = 80
    list_lead = "Every key that this tenant ever had, also those that are revoked."
    list_display = (
        "kid",
        "alg",
        "state_in_words",
        *(
            values.moment_column(*column)
            for column in (("created_at", "made"), ("current_since", "signed since"), ("current_until", "signed until"))
        ),
    )
    list_select_related = ("tenant",)
    list_filter = ("state", "alg")
    fields = (
        *("key_id", "alg", "state_in_words", "created_at", "current_since", "current_until", "revoked_at"),
        *("public_key", "certificate_text"),
    )
    readonly_fields = ("key_id", "state_in_words", "public_key", "certificate_text")

    def menu_entries(self, request: HttpRequest) -> list[Entry]:
        """The keys of the tenant that the operator works on: their tab."""
        if (tenant := current_tenant(request)) is None:
            return []
        tab, every = object_url(tenant, "keys"), reverse("admin:tenants_signingkey_changelist")
        return [Entry("Signing keys", tab, request.path == tab or request.path.startswith(every))]

    @admin.display(description="key ID (kid)")
    def key_id(self, key: SigningKey) -> SafeString:
        return format_html('<code class="latchkey-copy" data-copy>{}</code>', key.kid)

    @admin.display(description="state", ordering="state")
    def state_in_words(self, key: SigningKey) -> SafeString:
        mark, meaning = STATES[SigningKey.State(key.state)]
        return format_html("{} <small>{}</small>", mark, meaning)

    @admin.display(description="public key (JWK)")
    def public_key(self, key: SigningKey) -> Any:
        return values.shown(key.jwk)

    @admin.display(description="certificate")
    def certificate_text(self, key: SigningKey) -> SafeString:
        return format_html("<pre>{}</pre>", key.certificate)

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
        tenant = self._meant(request)
        form = TenantChoice(request, request.POST or None, initial={"tenant": tenant})
        if request.method == "POST" and form.is_valid():
            current = rotation.rotate(form.cleaned_data["tenant"], by=actor(request))
            messages.success(request, f"{current.kid} signs from now on.")
            return HttpResponseRedirect(object_url(form.cleaned_data["tenant"], "keys"))
        title = f"Rotate the signing key of {tenant}?" if tenant else "Rotate the signing key"
        back = object_url(tenant, "keys") if tenant else ""
        return question(self, request, title=title, text=ROTATE, button="Rotate now", form=form, back=back)

    def _meant(self, request: HttpRequest) -> Tenant | None:
        """The tenant that the address names, else the current one; None where the operator may not change it."""
        wanted, current = request.GET.get("tenant", ""), current_tenant(request)
        named = wanted.isascii() and wanted.isdecimal() and len(wanted) < 19
        pk = int(wanted) if named else current.pk if current else 0
        found: Tenant | None = reach(request).changeable(Tenant.objects.filter(pk=pk)).first()
        return found

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, unquote(object_id))
        if not reach(request).may_change(key.tenant_id):
            raise PermissionDenied
        if request.method != "POST":
            title = f"Revoke {key.kid}?"
            return question(self, request, title=title, text=REVOKE, button="Revoke", obj=key)
        rotation.revoke(key.tenant, key.kid, by=actor(request))
        messages.success(request, f"{key.kid} is no longer published.")
        return HttpResponseRedirect(change_url(key))
