"""The languages of a tenant's pages as a form offers them: a box for each, and which one is for everybody else."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from tenants.languages import CODES, offered

FIELDS = ("languages", "default_language")
COLUMN = "enabled_locales"


class LanguageFields(forms.ModelForm):
    """Two fields for the one column `enabled_locales`, whose first language is the default. Others in it stay."""

    languages = forms.MultipleChoiceField(
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text="People see the pages in the one that the application or else their browser asks for.",
    )
    default_language = forms.ChoiceField(choices=settings.LANGUAGES, help_text="For those who ask for none of them.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = offered(self.instance.enabled_locales)
        self.initial["languages"] = [code for code in CODES if code in now]
        self.initial["default_language"] = now[0]

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        chosen, default = cleaned.pop("languages", []), cleaned.pop("default_language", "")
        if chosen and default not in chosen:
            raise ValidationError({"default_language": "Choose one of the languages that are ticked above."})
        foreign = [tag for tag in self.instance.enabled_locales if offered([tag]) == CODES]
        cleaned[COLUMN] = [default, *(code for code in chosen if code != default), *foreign]
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        """Names of columns, as services take them."""
        changed = super().changed_data
        ours = any(name in changed for name in FIELDS)
        return [name for name in changed if name not in FIELDS] + ([COLUMN] if ours else [])


def in_words(enabled: list[str]) -> str:
    """The languages of a tenant, for who may only look."""
    names = dict(settings.LANGUAGES)
    return ", ".join(names[code] for code in offered(enabled))
