"""Pages on rows that operators look at and end: one by its button, several by an action, each after a question.

Owns the question and who may answer it. What ending means is `authserver.services`.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from tenants.console.access import reach, tenant_id_of
from tenants.console.base import ReadOnlyAdmin
from tenants.console.pages import change_url, object_url, question
from tenants.console.sections import Link

# As many rows as a list shows at once, so that one answer stays quick.
MOST = 200
NAMED = 10


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages of one kind of rows say. `verb` is also the name of the address; `several` and `done` are plural."""

    verb: str
    title: str
    several: str
    button: str
    consequence: str
    done: str


class ChosenForm(forms.Form):
    """Carries what was chosen in a list through the question to the answer: exactly the rows that were asked about."""

    action = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.CharField(widget=forms.HiddenInput, initial="yes")

    def __init__(self, action: str, rows: list[Any]) -> None:
        super().__init__(initial={"action": action})
        pks = [row.pk for row in rows]
        self.fields[ACTION_CHECKBOX_NAME] = forms.Field(widget=forms.MultipleHiddenInput, initial=pks)


class EndingAdmin(ReadOnlyAdmin):
    """A page on rows that the console only looks at and ends. A subclass has an action that calls `end_or_ask`."""

    words: Words
    actions: Any = ()

    def end(self, request: HttpRequest, obj: Any) -> bool:
        """Has a service end `obj`. False when it had ended before."""
        raise NotImplementedError

    def may_end(self, obj: Any) -> bool:
        """Whether there is anything to end; who may is `has_end_permission`."""
        return True

    def asked_from(self, obj: Any) -> str:
        """The address that Cancel leads to."""
        return change_url(obj)

    def after_end(self, obj: Any) -> str:
        """The address to go to when `obj` has ended."""
        raise NotImplementedError

    def has_end_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return reach(request).may_change(tenant_id_of(obj))

    def own_urls(self) -> list[URLPattern]:
        verb = self.words.verb
        return [self.own_url(f"<path:object_id>/{verb}/", self.end_view, verb)]

    def tools(self, request: HttpRequest, obj: Any) -> list[Link]:
        if not (self.may_end(obj) and self.has_end_permission(request, obj)):
            return []
        return [Link(self.words.title, object_url(obj, self.words.verb))]

    def end_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if not self.has_end_permission(request, obj):
            raise PermissionDenied
        words = self.words
        if request.method != "POST":
            text = f"{obj}. {words.consequence}"
            back = self.asked_from(obj)
            return question(self, request, title=words.title, text=text, button=words.button, obj=obj, back=back)
        self._say_done(request, int(self.end(request, obj)))
        return HttpResponseRedirect(self.after_end(obj))

    def end_or_ask(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """The action: asks about the rows of `queryset`, and ends them once that was answered.

        Raises PermissionDenied when one of them is not the operator's to end, ValidationError for more than `MOST`.
        """
        rows = list(queryset[: MOST + 1])
        if len(rows) > MOST:
            raise ValidationError(f"At most {MOST} at a time: choose fewer, or filter the list.")
        if not all(self.has_end_permission(request, row) for row in rows):
            raise PermissionDenied
        if "confirmed" not in request.POST:
            return self._ask_about(request, rows)
        self._say_done(request, sum(self.end(request, row) for row in rows))
        return None

    def _ask_about(self, request: HttpRequest, rows: list[Any]) -> HttpResponse:
        named = "; ".join(str(row) for row in rows[:NAMED])
        more = f"; and {len(rows) - NAMED} more" if rows[NAMED:] else ""
        return question(
            self,
            request,
            title=f"{self.words.several}: {len(rows)}",
            text=f"{named}{more}. {self.words.consequence}",
            button=self.words.button,
            form=ChosenForm(request.POST["action"], rows),
        )

    def _say_done(self, request: HttpRequest, count: int) -> None:
        if count:
            messages.success(request, f"{self.words.done}: {count}.")
        else:
            messages.warning(request, "There was nothing left to end.")
