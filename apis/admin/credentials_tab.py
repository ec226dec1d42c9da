"""The tab Credentials of an application: its client_id, how it proves who it is, its secrets and its keys.

Owns what stands on the tab and the choice of the method. Secrets and keys are added and ended on pages of their own.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apis.models import Application, ClientSecret, TokenEndpointAuthMethod
from apis.services import applications as services
from apis.services.credentials import MAX_CREDENTIALS
from tenants.console.access import actor
from tenants.console.pages import object_url, question
from tenants.console.tabs import TabbedAdmin

# Ended ones stay listed, so that it can be seen when they were last used; so many are enough.
SHOWN = 10
METHODS = {
    TokenEndpointAuthMethod.CLIENT_SECRET_POST: (
        "Secret in the body",
        "It sends client_id and client_secret with each request.",
    ),
    TokenEndpointAuthMethod.CLIENT_SECRET_BASIC: (
        "Secret in the Authorization header",
        "The same secret, sent as HTTP Basic authentication.",
    ),
    TokenEndpointAuthMethod.PRIVATE_KEY_JWT: (
        "Signed assertion (private_key_jwt)",
        "It signs with a private key that never leaves it; here stays the public one. Add the key first.",
    ),
    TokenEndpointAuthMethod.NONE: (
        "None: a public client",
        "For programs on other people's devices, which can keep no secret. PKCE protects their sign-ins.",
    ),
}
LOSES = (
    "With this method the application has no secret any more: {} of it ends now, for good, and programs that use it are "
    "refused from this moment."
)


CHOICES = [(value, words[0]) for value, words in METHODS.items()]


class MethodForm(forms.Form):
    """How the application proves who it is."""

    token_endpoint_auth_method = forms.ChoiceField(choices=CHOICES)


class ConfirmedForm(forms.Form):
    """Carries the choice through the question about secrets."""

    token_endpoint_auth_method = forms.ChoiceField(choices=CHOICES, widget=forms.HiddenInput)
    confirmed = forms.CharField(widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret as the table shows it: never its value, which is not stored."""

    row: ClientSecret
    live: bool
    end: str


def credentials_tab(page: TabbedAdmin, request: HttpRequest, application: Application) -> HttpResponse:
    """GET: what it has. POST: another method, after a question when that costs it its secrets."""
    if request.method == "POST":
        return _change_method(page, request, application)
    return page.tab_page(request, application, "credentials", "admin/apis/application/credentials.html", _shown(application))


def _shown(application: Application) -> dict[str, Any]:
    keys = list(application.credentials.all())
    method = application.token_endpoint_auth_method
    return {
        "secrets": _secrets(application),
        "keys": [(key, object_url(application, "remove_credential", quote(key.pk))) for key in keys],
        "now": timezone.now(),
        "methods": [(value, *words, value == method) for value, words in METHODS.items()],
        "signs": method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT,
        "has_secrets": application.authenticates_by_secret,
        "is_public": application.is_public,
        "add_secret": object_url(application, "add_secret"),
        "add_key": object_url(application, "add_credential") if len(keys) < MAX_CREDENTIALS else "",
    }


def _secrets(application: Application) -> list[SecretRow]:
    now, rows = timezone.now(), application.secrets.order_by("-id")[:SHOWN]
    return [
        SecretRow(row, row.expires_at is None or row.expires_at > now, object_url(application, "end_secret", row.pk))
        for row in rows
    ]


def _change_method(page: TabbedAdmin, request: HttpRequest, application: Application) -> HttpResponse:
    form, here = MethodForm(request.POST), object_url(application, "credentials")
    if not form.is_valid():
        messages.error(request, "Choose one of the methods.")
        return HttpResponseRedirect(here)
    method = form.cleaned_data["token_endpoint_auth_method"]
    live = services.live_secrets(application).count()
    keeps = Application(token_endpoint_auth_method=method).authenticates_by_secret
    if live and not keeps and "confirmed" not in request.POST:
        return _ask(page, request, application, method, live)
    if method != application.token_endpoint_auth_method:
        services.update_application(application, by=actor(request), token_endpoint_auth_method=method)
        page.log_change(request, application, f"Changed the authentication method to {method}.")
        messages.success(request, f"{application} now authenticates so: {METHODS[method][0]}.")
    return HttpResponseRedirect(here)


def _ask(page: TabbedAdmin, request: HttpRequest, application: Application, method: str, live: int) -> HttpResponse:
    return question(
        page,
        request,
        title="Change the authentication method",
        text=LOSES.format("the one secret" if live == 1 else f"each of the {live} secrets"),
        button="End its secrets and change",
        obj=application,
        form=ConfirmedForm(initial={"token_endpoint_auth_method": method, "confirmed": "yes"}),
        back=object_url(application, "credentials"),
    )
