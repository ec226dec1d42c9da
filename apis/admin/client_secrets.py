"""Secrets of an application: listed, added and ended. A value is seen in one answer only, the one that made it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html

from apis.models import Application
from apis.services import applications as services
from tenants.console.access import actor
from tenants.console.pages import FreshSecret, change_url, object_url, question, secret_once
from tenants.console.sections import Link, Section

# When the secret that is in use ends: choice → (label, after how long; None: not at all).
OVERLAPS: dict[str, tuple[str, timedelta | None]] = {
    "now": ("now: whoever still uses it is refused", timedelta()),
    "hour": ("in 1 hour", timedelta(hours=1)),
    "day": ("in 24 hours", timedelta(days=1)),
    "week": ("in 7 days", timedelta(days=7)),
    "never": ("not at all: I shall end it myself", None),
}
ADD = "The new secret is shown once, on the next page."
END = "Whoever still uses it is refused from now on."


class NewSecretForm(forms.Form):
    """Asks when what is in use ends. `live` says how many secrets that is; of two, both must make room."""

    old_secret = forms.ChoiceField(label="The old secret ends", initial="day")

    def __init__(self, live: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not live:
            del self.fields["old_secret"]
            return
        names = list(OVERLAPS)
        if live >= services.MAX_LIVE_SECRETS:
            names, self.fields["old_secret"].label = ["now"], "Both secrets in use end"
        self.fields["old_secret"].choices = [(name, OVERLAPS[name][0]) for name in names]  # type: ignore[attr-defined]

    @property
    def overlap(self) -> timedelta | None:
        return OVERLAPS[self.cleaned_data.get("old_secret", "never")][1]


class ClientSecretPages:
    """The part of an application's page that is about its secrets."""

    def secret_urls(self: Any) -> list[URLPattern]:
        return [
            self.own_url("<path:object_id>/secrets/add/", self.add_secret_view, "add_secret"),
            self.own_url("<path:object_id>/secrets/<int:secret_id>/end/", self.end_secret_view, "end_secret"),
        ]

    def secrets_section(self, application: Application, *, may_change: bool) -> Section:
        """The secrets of `application`: never a value, which is not stored."""
        live = set(services.live_secrets(application).values_list("pk", flat=True))
        rows = []
        for secret in application.secrets.order_by("-id"):
            end = object_url(application, "end_secret", secret.pk)
            link = format_html('<a href="{}">End now</a>', end) if may_change and secret.pk in live else ""
            expires = secret.expires_at or "never"
            rows.append((f"…{secret.last_four}", secret.created_at, secret.last_used_at or "never", expires, link))
        add = Link("Add a secret", object_url(application, "add_secret"))
        return Section(
            title="Secrets",
            columns=("Ends in", "Created", "Last used", "Expires", ""),
            rows=rows,
            empty=_none(application),
            links=[add] if may_change and application.authenticates_by_secret else [],
        )

    def add_secret_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        application = self._changeable(request, object_id)
        form = NewSecretForm(services.live_secrets(application).count(), request.POST if request.method == "POST" else None)
        if form.is_valid():
            ends = None if form.overlap is None else timezone.now() + form.overlap
            try:
                secret = services.add_secret(application, by=actor(request), retire_others_at=ends)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, application, "Added a secret.")
                return secret_once(self, request, application, shown(secret))
        return question(self, request, title="Add a secret", text=ADD, button="Add a secret", obj=application, form=form)

    def end_secret_view(self: Any, request: HttpRequest, object_id: str, secret_id: int) -> HttpResponse:
        application = self._changeable(request, object_id)
        secret = services.live_secrets(application).filter(pk=secret_id).first()
        if secret is None:
            raise Http404("No live secret with this id")
        if request.method != "POST":
            title = f"End the secret that ends in {secret.last_four}"
            return question(self, request, title=title, text=END, button="End now", obj=application)
        services.end_secret(secret, by=actor(request))
        self.log_change(request, application, "Ended a secret.")
        messages.success(request, f"The secret that ends in {secret.last_four} no longer works.")
        return HttpResponseRedirect(change_url(application))

    def _changeable(self: Any, request: HttpRequest, object_id: str) -> Application:
        application: Application = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, application):
            raise PermissionDenied
        return application


def _none(application: Application) -> str:
    if application.is_public:
        return "A public client has none: it could not keep one."
    return "None: it cannot authenticate." if application.authenticates_by_secret else "None: it authenticates with a key."


def shown(secret: services.NewSecret) -> FreshSecret:
    """`secret` as the page shows it, with the client_id it belongs to."""
    application = secret.row.application
    return FreshSecret(
        title=f"Secret of {application}",
        label="Client secret",
        value=secret.value,
        notes=(f"It belongs to the client_id {application.client_id}.",),
    )
