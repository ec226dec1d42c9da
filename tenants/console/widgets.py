"""Form fields for foreign keys, without what a second window needs and without trust in what comes back."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.forms import Media
from django.http import HttpRequest


class ForgivingAutocompleteSelect(AutocompleteSelect):
    """Shows a value that is no id at all as nothing chosen, where Django fails. Whether it may be chosen says the field."""

    @property
    def media(self) -> Media:
        """Django's scripts, and ours that names the field for those who hear the page."""
        return super().media + Media(js=["latchkey/console/choices.js"])

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """What is read out, and shown, while nothing is chosen."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": "Choose one"}

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        try:
            return super().optgroups(name, value, attr)
        except (ValueError, OverflowError):
            return super().optgroups(name, [""], attr)


class PlainWidgets(BaseModelAdmin):
    """Foreign keys without the buttons that open related pages in a second window."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ForgivingAutocompleteSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
