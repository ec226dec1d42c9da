"""The form of a client grant: the permissions of its API as checkboxes."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from apis.models import API, ClientGrant


class ClientGrantForm(forms.ModelForm):
    """`of_api` is the API whose permissions are offered; without it, only the two parties are asked for."""

    of_api: API | None = None

    all_scopes = forms.BooleanField(
        label="All permissions that the API has now", required=False, help_text="One that is added later is not included."
    )
    scopes = forms.MultipleChoiceField(label="Permissions", required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ClientGrant
        fields = ("application", "api")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "application" in self.fields:
            self.fields["application"].required = True
        if self.of_api is None:
            del self.fields["scopes"], self.fields["all_scopes"]
            return
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (value, f"{value} - {description}" if description else value)
            for value, description in self.of_api.permissions.values_list("value", "description")
        ]
        if not self.instance._state.adding:
            self.initial["scopes"] = [permission.value for permission in self.instance.permissions.all()]
        else:
            # The checkboxes are this API's, so no other can be chosen beside them.
            self.fields["api"].disabled = True
            self.initial["api"] = self.of_api

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.of_api and cleaned.get("all_scopes"):
            cleaned["scopes"] = list(self.of_api.permissions.values_list("value", flat=True))
        if api := cleaned.get("api"):
            self.instance.tenant_id = api.tenant_id
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        """The box for all permissions is a way to change the permissions, not a value of its own."""
        return list(dict.fromkeys("scopes" if name == "all_scopes" else name for name in super().changed_data))

    def _post_clean(self) -> None:
        # The model compares the tenants of both parties, so both must be there.
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]
