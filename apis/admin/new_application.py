"""The form of a new application: its name and its type. Everything else has a sensible beginning and its place later."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget

from apis.models import Application, AppType


@dataclass(frozen=True, slots=True)
class TypeCard:
    """A type as people choose it: what it is called, one sentence on when it is the right one, and for example."""

    value: str
    name: str
    sentence: str
    example: str
    chosen: bool = False


SENTENCES = {
    AppType.NON_INTERACTIVE: (
        "Machine to machine",
        "A program that calls an API on its own behalf, without a person.",
        "a nightly job, a service, a command-line tool with a secret",
    ),
    AppType.REGULAR_WEB: (
        "Regular web application",
        "A website with a server behind it, which signs people in and keeps a secret.",
        "Django, Rails, Express, ASP.NET, Spring",
    ),
    AppType.SPA: (
        "Single-page application",
        "Script in a browser that signs people in and calls APIs itself; it can keep no secret.",
        "React, Vue, Angular, plain JavaScript",
    ),
    AppType.NATIVE: (
        "Native application",
        "An app on a phone or a computer that signs people in through the browser; it can keep no secret.",
        "iOS, Android, desktop, a command-line tool for people",
    ),
    AppType.RESOURCE_SERVER: (
        "API back end",
        "The server of one of your APIs, which asks whether a token that it was sent is still good.",
        "an API that introspects tokens instead of verifying signatures",
    ),
}


def cards(chosen: str = "") -> list[TypeCard]:
    """Every type, in the order in which they are offered, with the `chosen` one marked."""
    return [TypeCard(value, *words, chosen=value == chosen) for value, words in SENTENCES.items()]


class NewApplicationForm(forms.ModelForm):
    """`cards` are the types as radio buttons; the template shows them."""

    app_type = forms.ChoiceField(
        label="What kind of application is it?",
        choices=[(value, words[0]) for value, words in SENTENCES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of application it is."},
    )

    class Meta:
        model = Application
        fields = ("tenant", "name", "app_type")
        widgets = {"name": AdminTextInputWidget({"autocomplete": "off", "maxlength": 255})}
        help_texts = {"name": "As people read it on the login and consent pages. It can be changed any time."}

    @property
    def cards(self) -> list[Any]:
        """The types to choose from."""
        return cards(str(self["app_type"].value() or ""))
