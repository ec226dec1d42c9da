"""What is asked for a permission. The rules are the service's; what it refuses is said at the fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apis.models import Permission
from apis.services.apis import Scope


class PermissionForm(forms.Form):
    """A new permission: its value, and the sentence that people read."""

    value = forms.CharField(
        max_length=280,
        help_text="The scope that applications ask for and tokens carry. An action, a colon, and what it is done to.",
        widget=forms.TextInput({"placeholder": "read:orders", "autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        max_length=500,
        required=False,
        help_text="Finish the sentence “This application wants to …” for somebody who never saw the scope.",
        widget=forms.TextInput({"placeholder": "Read your orders", "autocomplete": "off"}),
    )

    def sent(self, add: Callable[[Scope], Permission]) -> Permission | None:
        """What the service made of it; None when it refused, and the reason stands at the field."""
        try:
            return add(Scope(**self.cleaned_data))
        except ValidationError as error:
            for field, said in getattr(error, "error_dict", {"value": error.messages}).items():
                self.add_error(field if field in self.fields else "value", said)
        return None


class DescriptionForm(forms.Form):
    """What may be changed of a permission. Its value stays: client grants and roles point at it."""

    description = PermissionForm.base_fields["description"]

    def sent(self, describe: Callable[..., None], permission: Permission, **by: Any) -> bool:
        """Whether the service took it; else the reason stands at the field."""
        try:
            describe(permission, self.cleaned_data["description"], **by)
        except ValidationError as error:
            self.add_error("description", error.messages)
            return False
        return True
