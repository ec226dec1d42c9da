"""The permissions of an API, as rows on its page."""

from typing import Any

from django.forms import ModelForm

from apis.models import Permission
from tenants.console.base import ConsoleInline


class PermissionForm(ModelForm):
    """A permission keeps its value: client grants and roles point at it. To rename one, remove it and add another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].disabled = bool(self.instance.pk)


class PermissionInline(ConsoleInline):
    model = Permission
    form = PermissionForm
    fields = ("value", "description")
