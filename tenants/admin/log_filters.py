"""What the log page can be asked, and how that becomes a search. Owns the names in its address, with which others link."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenants.admin.log_search import Search
from tenants.admin.log_statements import BEYOND, Leg, Range
from tenants.admin.log_texts import CHANGES, GROUPS, REFUSED

OUTCOMES = {"refused": "Refused", "changes": "Changes"}
LAST = {
    "hour": ("Last hour", timedelta(hours=1)),
    "day": ("24 hours", timedelta(days=1)),
    "week": ("7 days", timedelta(days=7)),
}
_TYPES_OF = {"refused": REFUSED, "changes": CHANGES}
# Names of one thing that an event can be searched by, each the whole value of an indexed column.
_SEARCHED = ("request_id", "user_name", "user_id", "client_id", "audience", "ip")
# Far from what a database cannot hold, and from what nobody has a log of.
_YEARS = range(1970, 9000)


class Moment(forms.DateTimeField):
    """A point in time in UTC, from a browser's field or typed."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": "Write it as 2026-11-22 20:31."}

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment and moment.year not in _YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class LogFilters(forms.Form):
    """The filters above the log. Every one may be left out, and all of them can be combined."""

    q = forms.CharField(label="Search", required=False, max_length=600)
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[("", "All"), *OUTCOMES.items()])
    type = forms.CharField(
        label="What happened",
        required=False,
        max_length=32,
        widget=forms.Select(choices=[("", "Anything"), *((name, list(types.items())) for name, types in GROUPS.items())]),
    )
    reason = forms.CharField(label="Reason", required=False, max_length=64)
    client_id = forms.CharField(label="Application", required=False, max_length=255)
    user = forms.CharField(label="User", required=False, max_length=255)
    audience = forms.CharField(label="API", required=False, max_length=600)
    last = forms.ChoiceField(
        label="Time", required=False, choices=[("", "Any time"), *((name, words) for name, (words, _) in LAST.items())]
    )
    since = Moment(label="From (UTC)", required=False)
    until = Moment(label="Until (UTC)", required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=BEYOND)
    after = forms.IntegerField(required=False, min_value=0, max_value=BEYOND)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        placeholders = {
            "q": "Reference, client_id, e-mail, user ID, API or IP address",
            "client_id": "Name or client_id",
            "user": "E-mail or user ID",
            "audience": "Name or identifier",
        }
        for name, text in placeholders.items():
            self.fields[name].widget.attrs |= {"placeholder": text, "autocomplete": "off", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        """The values. Raises ValidationError for a time that ends before it begins."""
        values = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": "This is not after the beginning."})
        return values

    def said(self) -> dict[str, str]:
        """The filters that are set, as an address has them, without the page that was turned to."""
        turned = ("before", "after")
        given = {name: self.data.get(name, "").strip() for name in self.fields if name not in turned}
        return {name: value for name, value in given.items() if value}


def search_of(values: dict[str, Any], tenant_id: int, now: datetime) -> Search:
    """What the cleaned `values` of the filters ask of the log of a tenant."""
    since = now - LAST[values["last"]][1] if values["last"] else None
    return Search(
        tenant_id,
        conditions=_conditions(values),
        since=max(filter(None, (since, values["since"])), default=None),
        until=values["until"],
        reason=values["reason"],
        within=Range(above=values["after"] or 0, below=values["before"] or BEYOND),
    )


def _conditions(values: dict[str, Any]) -> tuple[tuple[Leg, ...], ...]:
    named: list[tuple[Leg, ...]] = [
        tuple((column, values["q"]) for column in _SEARCHED if values["q"]),
        _person(values["user"]),
        *(((column, values[column]),) if values[column] else () for column in ("client_id", "audience", "type")),
    ]
    # A reason is one of refusals only.
    outcome = values["outcome"] or ("refused" if values["reason"] else "")
    if not values["type"] and outcome:
        named.append(tuple(("type", code) for code in _TYPES_OF[outcome]))
    elif outcome and values["type"] not in _TYPES_OF[outcome]:
        named.append((("type", ""),))
    return tuple(legs for legs in named if legs)


def _person(text: str) -> tuple[Leg, ...]:
    """An e-mail stands in the log as it was typed, or in small letters as we keep it."""
    names = {text, text.lower()} if "@" in text else {text}
    return (("user_id", text), *(("user_name", name) for name in sorted(names))) if text else ()
