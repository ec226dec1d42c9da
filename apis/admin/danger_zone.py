"""What cannot be undone, or is felt at once: switching an application off, ending its secrets, deleting it.

It is deleted when it is disabled and somebody typed its name, whichever way they came. The Management API, which programs
call, deletes at once, as Auth0's does.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from apis.admin.opening import changeable, opened
from apis.admin.secret_shown import shown_once
from apis.models import Application
from apis.services import applications as services
from tenants.console.access import actor, reach
from tenants.console.pages import object_url, question
from tenants.console.tabs import TabbedAdmin

TEMPLATE = "admin/apis/application/danger.html"
DISABLE = (
    "From now on every request of it is refused: no new tokens, no sign-ins, no refreshing. Access tokens that APIs verify "
    "by their signature stay good until they expire. You can enable it again at any time; nothing is lost."
)
ENABLE = "It gets tokens again, with the secrets, client grants and consents that it had before."
ROTATE = (
    "Every secret in use ends now, and one new secret is shown on the next page. Programs that use an old one are refused "
    "until they have the new one. To change without a pause, add a second secret on the tab Credentials instead."
)
GONE = (
    "Its secrets, keys, client grants, consents and refresh tokens go too, and nothing brings it back. Access "
    "tokens that APIs verify by their signature stay good until they expire."
)


class DeleteForm(forms.Form):
    """Asks for the name of the application, so that nobody deletes another one than they think."""

    name = forms.CharField(
        max_length=255,
        strip=True,
        widget=forms.TextInput({"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type the name of the application."},
    )

    def __init__(self, application: Application, *args: Any) -> None:
        super().__init__(*args)
        self.application = application

    def clean(self) -> dict[str, Any]:
        """Refuses another name, and an application that is still enabled."""
        super().clean()
        if self.application.enabled:
            raise forms.ValidationError("Disable it first: then you see whether somebody still needs it.")
        if "name" in self.cleaned_data and self.cleaned_data["name"] != self.application.name.strip():
            self.add_error("name", "This is not its name. Type it as it stands at the top of the page.")
        return self.cleaned_data


def may_endanger(request: HttpRequest, application: Application) -> bool:
    """Whether the operator sees the tab at all."""
    return reach(request).may_change(application.tenant_id)


def danger_tab(page: TabbedAdmin, request: HttpRequest, application: Application) -> HttpResponse:
    """Everything that is dangerous, with what follows from it in words."""
    return _tab(page, request, application, DeleteForm(application))


class DangerZonePages:
    """The part of an application's pages that disables, enables, ends all secrets and deletes."""

    def danger_urls(self: Any) -> list[URLPattern]:
        return [
            self.own_url("<path:object_id>/disable/", self.disable_view, "disable"),
            self.own_url("<path:object_id>/enable/", self.enable_view, "enable"),
            self.own_url("<path:object_id>/secrets/rotate/", self.rotate_view, "rotate_secrets"),
        ]

    def disable_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        return _switch(self, request, changeable(self, request, object_id), on=False)

    def enable_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        return _switch(self, request, changeable(self, request, object_id), on=True)

    def rotate_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        application = changeable(self, request, object_id)
        if request.method != "POST":
            back, button = object_url(application, "danger"), "End them and make a new one"
            return question(self, request, title="End every secret", text=ROTATE, button=button, obj=application, back=back)
        secret = services.rotate_secret(application, by=actor(request))
        self.log_change(request, application, "Ended every secret and made a new one.")
        return shown_once(self, request, application, secret)

    def delete_view(self: Any, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The only page that deletes; Django's own would ask for a yes and no more."""
        application = opened(self, request, object_id)
        if not self.has_delete_permission(request, application):
            raise PermissionDenied
        if request.method != "POST":
            return danger_tab(self, request, application)
        form = DeleteForm(application, request.POST)
        if not form.is_valid():
            return _tab(self, request, application, form)
        with transaction.atomic():
            self.log_deletions(request, Application.objects.filter(pk=application.pk))
            self.delete(request, application)
        messages.success(request, f"The application {application} was deleted.")
        return HttpResponseRedirect(reverse("admin:apis_application_changelist"))


def _tab(page: TabbedAdmin, request: HttpRequest, application: Application, form: DeleteForm) -> HttpResponse:
    context = {
        "form": form,
        "live": services.live_secrets(application).count(),
        "disable": DISABLE,
        "enable": ENABLE,
        "rotate": ROTATE,
        "gone": GONE,
        "urls": {name: object_url(application, name) for name in ("disable", "enable", "rotate_secrets", "delete")},
    }
    return page.tab_page(request, application, "danger", TEMPLATE, context)


def _switch(page: TabbedAdmin, request: HttpRequest, application: Application, *, on: bool) -> HttpResponse:
    done, here = "enabled" if on else "disabled", object_url(application, "danger")
    if request.method != "POST":
        verb, text = ("Enable", ENABLE) if on else ("Disable", DISABLE)
        title = f"{verb} {application}"
        return question(page, request, title=title, text=text, button=f"{verb} it", obj=application, back=here)
    if application.enabled != on:
        services.update_application(application, by=actor(request), enabled=on)
        page.log_change(request, application, f"{done.capitalize()} it.")
    messages.success(request, f"{application} is {done}.")
    return HttpResponseRedirect(here)
