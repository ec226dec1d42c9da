"""Every write of the console goes through a service, and what a service refuses is said on the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tenants.console.meanwhile import guarded

CAME_SECOND = ValidationError("Somebody else changed the same thing at this moment. Please look at it again and repeat.")


class ServiceWrites(ModelAdmin):
    """Turns the admin's writes into the hooks `create`, `update`, `delete` and `save_rows`, which call services."""

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Model:
        """The row that a service made of `values`, the form's cleaned data. May raise ValidationError."""
        raise NotImplementedError

    def update(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> None:
        """Has a service change `obj`, as it stands in the database, to `values`: those that the form changed."""
        raise NotImplementedError

    def delete(self, request: HttpRequest, obj: Any) -> None:
        """Has a service remove `obj`."""
        raise NotImplementedError

    def save_rows(self, request: HttpRequest, obj: Any, formset: BaseInlineFormSet) -> None:
        """Has a service write what an inline of `obj` changed; new_objects, changed_objects, deleted_objects are set."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        written: Any
        if not change:
            written = self.create(request, dict(form.cleaned_data))
        else:
            # The form has already put its values on `obj`; the service must see what is stored, to judge the change.
            written = self.get_object(request, str(obj.pk))
            if values := {name: form.cleaned_data[name] for name in form.changed_data}:
                self.update(request, written, values)
        obj.__dict__.update(written.__dict__)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        formset.save(commit=False)
        if formset.new_objects or formset.changed_objects or formset.deleted_objects:
            self.save_rows(request, form.instance, formset)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for obj in queryset:
            self.delete(request, obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The add or change page. What a service refused is undone, and the page comes again with the reason."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            refusal = error
        except (IntegrityError, ObjectDoesNotExist):
            refusal = CAME_SECOND
        request.console_refusal = refusal  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        form: type[ModelForm] = super().get_form(request, obj, change=change, **kwargs)
        form = guarded(form) if change else form
        refusal = getattr(request, "console_refusal", None)
        return form if refusal is None else _refused(form, refusal)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The delete page. What a service refused is undone, and said on the row's page."""
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            self._say(request, error)
            opts = self.opts
            return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[object_id]))
        return response

    def response_action(self, request: HttpRequest, queryset: QuerySet, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """An action on several rows: on all of them or, when a service refuses one, on none."""
        try:
            with transaction.atomic():
                response: HttpResponse | None = super().response_action(request, queryset, *args, **kwargs)
        except ValidationError as error:
            self._say(request, error)
            return HttpResponseRedirect(request.get_full_path())
        return response

    def saying_refusals(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """`view`, coming again with the reason when a service refuses what was posted to it."""

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except ValidationError as error:
                self._say(request, error)
                return HttpResponseRedirect(request.get_full_path())

        return answer

    def _say(self, request: HttpRequest, error: ValidationError) -> None:
        messages.error(request, " ".join(error.messages))


def _refused(form_class: type[ModelForm], refusal: ValidationError) -> type[ModelForm]:
    """`form_class`, each of whose forms says `refusal` at the fields it belongs to."""

    class Refused(form_class):  # type: ignore[misc,valid-type]
        def clean(self) -> Any:
            cleaned = super().clean()
            for field, errors in _by_field(refusal).items():
                self.add_error(field if field in self.fields else None, errors)
            return cleaned

    return Refused


def _by_field(refusal: ValidationError) -> dict[str, list[str]]:
    return refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
