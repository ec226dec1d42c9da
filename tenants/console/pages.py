"""Pages beside list and form: the question before something irreversible, and the one sight of a secret."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class FreshSecret:
    """A secret that was made in this request. `label` says what it is, `notes` what else to know."""

    title: str
    label: str
    value: str = field(repr=False)
    notes: Sequence[str] = ()


def object_url(obj: Model, page: str, *args: object) -> str:
    """The address of a `page` of `obj`. Ids are quoted as Django's admin wants it: it reads "_2B" as a plus sign."""
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=[quote(obj.pk), *args])


def change_url(obj: Model) -> str:
    """The address of the page of `obj`."""
    return object_url(obj, "change")


def page_link(obj: Model, text: str = "") -> SafeString:
    """A link to the page of `obj`."""
    return format_html('<a href="{}">{}</a>', change_url(obj), text or str(obj))


def question(
    page: ModelAdmin,
    request: HttpRequest,
    *,
    title: str,
    text: str,
    button: str,
    obj: Any = None,
    form: Form | None = None,
    search: str = "",
    back: str = "",
) -> HttpResponse:
    """Asks before something is done. Its form posts to the address it came from; `form` adds what else is to be said.

    `search` is the name of a second button, for a form in which something is looked for first. `back` is where Cancel
    leads; by default to the page of `obj`, or to the list.
    """
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": title,
        "text": text,
        "button": button,
        "search": search,
        "object": obj,
        "back": back or (change_url(obj) if obj else _list_url(page)),
        "adminform": form and AdminForm(cast("ModelForm", form), [(None, {"fields": list(form.fields)})], {}),
        "media": page.media + form.media if form else page.media,
    }
    return TemplateResponse(request, "admin/question.html", context)


def secret_once(page: ModelAdmin, request: HttpRequest, obj: Model, secret: FreshSecret, *, back: str = "") -> HttpResponse:
    """Shows `secret` of `obj`, as the answer to the very POST that made it: nothing keeps it, so nothing can repeat it.

    `back` is the address that it leads on to, by default the page of `obj`.
    """
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": secret.title,
        "secret": secret,
        "object": obj,
        "back": back or change_url(obj),
    }
    return TemplateResponse(request, "admin/secret_once.html", context, headers={"Cache-Control": "no-store"})


def _list_url(page: ModelAdmin) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
