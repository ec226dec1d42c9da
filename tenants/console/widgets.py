"""Form fields for foreign keys, without what a second window needs and without trust in what comes back."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.http import HttpRequest


class ForgivingAutocompleteSelect(AutocompleteSelect):
    """Shows a value that is no id at all as nothing chosen, where Django fails. Whether it may be chosen says the field."""

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        try:
            return super().optgroups(name, value, attr)
        except ValueError:
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
