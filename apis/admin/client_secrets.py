"""Secrets of an application: added and ended. What is shown of a new one is `secret_shown`'s."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone

from apis.admin.opening import changeable
from apis.admin.secret_shown import shown_once
from apis.services import applications as services
from tenants.console.access import actor
from tenants.console.pages import object_url, question

# When the secret that is in use ends: choice → (label, after how long; None: not at all, or on the day that is named).
OVERLAPS: dict[str, tuple[str, timedelta | None]] = {
    "now": ("now: whoever still uses it is refused", timedelta()),
    "hour": ("in 1 hour", timedelta(hours=1)),
    "day": ("in 24 hours", timedelta(days=1)),
    "week": ("in 7 days", timedelta(days=7)),
    "month": ("in 30 days", timedelta(days=30)),
    "date": ("on the day below", None),
    "never": ("not at all: I shall end it myself", None),
}
ADD = (
    "The new secret is shown once, on the next page. Until the old one ends, both work: change your programs without haste."
)
ADD_THIRD = (
    "Two secrets are in use, and there cannot be more: both end now, and one new one is shown on the next page. To keep "
    "one, go back and end the other first."
)
END = "Whoever still uses it is refused from now on."


class NewSecretForm(forms.Form):
    """Asks when what is in use ends. `live` says how many secrets that is; of two, both must make room."""

    old_secret = forms.ChoiceField(label="The old secret ends", initial="day")
    ends_at = forms.DateTimeField(
        label="On this day",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text="Only if you chose so above. Date and time in UTC.",
    )

    def __init__(self, live: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not live:
            del self.fields["old_secret"]
        if not live or live >= services.MAX_LIVE_SECRETS:
            del self.fields["ends_at"]
        if not live:
            return
        names = list(OVERLAPS)
        if live >= services.MAX_LIVE_SECRETS:
            names, self.fields["old_secret"].label = ["now"], "Both secrets in use end"
        self.fields["old_secret"].choices = [(name, OVERLAPS[name][0]) for name in names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A day that was chosen must be named, and lie ahead."""
        super().clean()
        if self.cleaned_data.get("old_secret") == "date" and not self.errors:
            ends = self.cleaned_data["ends_at"]
            if ends is None or ends <= timezone.now():
                self.add_error("ends_at", "Name a day that lies ahead.")
        return self.cleaned_data

    @property
    def ends(self) -> datetime | None:
        """When what is in use ends; None when it does not."""
        chosen = self.cleaned_data.get("old_secret", "never")
        if chosen == "date":
            return self.cleaned_data["ends_at"]  # type: ignore[no-any-return]
        after = OVERLAPS[chosen][1]
        return None if after is None else timezone.now() + after


class ClientSecretPages:
    """The part of an application's pages that adds and ends secrets. They are listed on the tab Credentials."""

    def secret_urls(self: Any) -> list[URLPattern]:
        return [
            self.own_url("<path:object_id>/secrets/add/", self.add_secret_view, "add_secret"),
            self.own_url("<path:object_id>/secrets/<int:secret_id>/end/", self.end_secret_view, "end_secret"),
        ]

    def add_secret_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        application = changeable(self, request, object_id)
        live = services.live_secrets(application).count()
        form = NewSecretForm(live, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                secret = services.add_secret(application, by=actor(request), retire_others_at=form.ends)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, application, "Added a secret.")
                return shown_once(self, request, application, secret)
        back = object_url(application, "credentials")
        title = button = "Add a secret"
        text = ADD_THIRD if live >= services.MAX_LIVE_SECRETS else ADD
        return question(self, request, title=title, text=text, button=button, obj=application, form=form, back=back)

    def end_secret_view(self: Any, request: HttpRequest, object_id: str, secret_id: int) -> HttpResponse:
        application = changeable(self, request, object_id)
        secret = services.live_secrets(application).filter(pk=secret_id).first()
        if secret is None:
            raise Http404("No live secret with this id")
        if request.method != "POST":
            title, back = f"End the secret that ends in {secret.last_four}", object_url(application, "credentials")
            return question(self, request, title=title, text=END, button="End now", obj=application, back=back)
        services.end_secret(secret, by=actor(request))
        self.log_change(request, application, "Ended a secret.")
        messages.success(request, f"The secret that ends in {secret.last_four} no longer works.")
        return HttpResponseRedirect(object_url(application, "credentials"))
