"""The form of a client grant: who may call the API, for whom, and its permissions as checkboxes."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from apis.models import API, ClientGrant

PARTIES = ("application", "default_for", "api", "subject_type")
NO_PARTY = "An application is required, or below a kind of them that it is for by default."


class ClientGrantForm(forms.ModelForm):
    """`of_api` is the API whose permissions are offered; without it, only the parties are asked for."""

    of_api: API | None = None

    all_scopes = forms.BooleanField(
        label="Tick all permissions that the API has now",
        required=False,
        help_text="One that is added later is not included.",
    )
    scopes = forms.MultipleChoiceField(label="Permissions", required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ClientGrant
        fields = (*PARTIES, "allow_all_scopes")
        labels = {"default_for": "By default", "allow_all_scopes": "All permissions, now and later"}
        help_texts = {
            "application": "The application that may call the API.",
            "default_for": "Instead of an application: for all of a kind that have no client grant of their own.",
            "allow_all_scopes": "Also every permission that the API gets later. Those chosen below do not matter then.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.of_api is None:
            for name in ("scopes", "all_scopes", "allow_all_scopes"):
                self.fields.pop(name, None)
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
        if "application" in self.fields and not self.errors and not (cleaned["application"] or cleaned["default_for"]):
            self.add_error("application", NO_PARTY)
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
