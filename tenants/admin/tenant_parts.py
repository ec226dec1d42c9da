"""The settings of a tenant in parts, each a tab with a form of its own: which fields, in which order, under which form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse

from tenants.admin import language_fields
from tenants.admin.tenant_forms import AdvancedForm, BrandingForm, SettingsForm
from tenants.console.tabs import SETTINGS, Tab, TabbedAdmin

BRANDING = ("primary_color", "page_background_color", "picture_url", "favicon_url")

FORMS: dict[str, type[forms.ModelForm]] = {SETTINGS: SettingsForm, "branding": BrandingForm, "advanced": AdvancedForm}


def fieldsets(part: str, *, may_change: bool) -> list[Any]:
    """The fieldsets of the tab `part`. Who may only look reads in words what others tick."""
    if part == "branding":
        languages = language_fields.FIELDS if may_change else ("languages_in_words",)
        return [("Logo and colours", {"fields": BRANDING}), ("Languages", {"fields": languages})]
    if part == "advanced":
        flags = "flags" if may_change else "flags_in_words"
        trust = ("skip_non_verifiable_callback_uri_confirmation_prompt",)
        return [
            ("Security profile", {"fields": ("security_profile",)}),
            ("Consent on this machine and in native applications", {"fields": trust}),
            ("Flags", {"fields": (flags,), "description": "Switches under Auth0's names, for tools that know them."}),
        ]
    return [
        (None, {"fields": ("name", "friendly_name", "support_email", "support_url")}),
        ("When a request does not say", {"fields": ("default_audience", "default_directory")}),
        ("Sessions", {"fields": ("session_lifetime", "idle_session_lifetime", "session_cookie_mode")}),
        ("Logout", {"fields": ("allowed_logout_urls", "oidc_logout_prompt_enabled")}),
    ]


def part_of(request: HttpRequest) -> str:
    """The part that the operator has before them."""
    return str(getattr(request, "console_tab", SETTINGS))


def form_tab(name: str, text: str, position: int) -> Tab:
    """A tab that is a further form of the row: that with the fields of the part `name`."""

    def view(page: TabbedAdmin, request: HttpRequest, obj: Any) -> HttpResponse:
        request.console_tab = name  # type: ignore[attr-defined]
        shown: Callable[..., HttpResponse] = page.change_view
        return shown(request, quote(str(obj.pk)))

    return Tab(name, text, position, view)
