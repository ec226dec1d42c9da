"""Pages on which rows are found by search and ticked, to be added to something or taken from it. They need no script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tenants.console.base import ConsoleAdmin
from tenants.console.pages import object_url, question

SHOWN = 100
# The button that only searches.
SEARCH = "_search"
WORDS, LONGEST = 8, 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What a page offers. `rows` are all that may be ticked; `looks_in` are the lookups that a search tries on them.

    One of them is a `noun`; `button` does something with what was ticked, and then it is `done`: "1 user added."
    """

    title: str
    text: str
    noun: str
    button: str
    done: str
    rows: QuerySet[Any]
    looks_in: Sequence[str]
    label: Callable[[Any], str]
    write: Callable[[Sequence[Any]], None]

    def found(self, search: str) -> QuerySet[Any]:
        """The rows in which every word of `search` is found somewhere."""
        rows = self.rows
        for word in search.split()[:WORDS]:
            rows = rows.filter(Q.create([(lookup, word) for lookup in self.looks_in], connector=Q.OR))
        return rows

    def told(self, count: int) -> str:
        return f"{count} {self.noun}{'' if count == 1 else 's'} {self.done}."


class TickedField(forms.ModelMultipleChoiceField):
    """The rows whose boxes were ticked. An id that is too large for the database is no row."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise ValidationError("Select a valid choice.", code="invalid_choice") from error


class ChoiceForm(forms.Form):
    """A search and what it finds, as checkboxes. What was ticked before the search changed still counts."""

    search = forms.CharField(
        required=False, max_length=LONGEST, widget=forms.TextInput({"class": "vTextField", "autocomplete": "off"})
    )
    chosen: Any = TickedField(queryset=None, required=False, label="Found", widget=forms.CheckboxSelectMultiple)

    def __init__(self, choice: Choice, *args: Any) -> None:
        super().__init__(*args)
        found = list(choice.found(str(self.data.get("search", ""))[:LONGEST])[: SHOWN + 1])
        field: Any = self.fields["chosen"]
        field.queryset = choice.rows
        field.choices = [(row.pk, choice.label(row)) for row in found[:SHOWN]]
        if not found:
            field.help_text = "Nothing."
        elif len(found) > SHOWN:
            field.help_text = f"There are more than these {SHOWN}: search for the others."


def choosing_view(
    page: ConsoleAdmin, make: Callable[[HttpRequest, Any], Choice], *, back_to: str = "change"
) -> Callable[..., HttpResponse]:
    """The view of `page` that offers, for a row that the operator may change, the choice that `make` makes of it.

    `back_to` is the page of the row that comes afterwards.
    """

    def answer(request: HttpRequest, object_id: str) -> HttpResponse:
        obj = page.get_object(request, unquote(object_id))
        if not page.has_change_permission(request, obj):
            raise PermissionDenied
        choice = make(request, obj)
        form = ChoiceForm(choice, request.POST) if request.method == "POST" else ChoiceForm(choice)
        if form.is_valid() and SEARCH not in request.POST and (chosen := list(form.cleaned_data["chosen"])):
            try:
                choice.write(chosen)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                page.log_change(request, obj, choice.told(len(chosen)))
                messages.success(request, choice.told(len(chosen)))
                return HttpResponseRedirect(object_url(obj, back_to))
        return question(
            page, request, title=choice.title, text=choice.text, button=choice.button, obj=obj, form=form, search=SEARCH
        )

    return answer
