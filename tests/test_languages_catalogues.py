"""The translations: every text of the public pages in every language, finished, with its placeholders, and compiled."""

import gettext
import re
from collections import Counter

import pytest
from django.conf import settings

from tests.catalogues import LOCALE, asked_for, messages

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
in_each = pytest.mark.parametrize("language", LANGUAGES)
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MARKS = re.compile(r"<[^>]+>")
# The same word, or a name, in both languages.
SAME = {
    "de": {"Name", "Problem:", "Issuer:"},
    "fr": set(),
    "es": set(),
    "ja": set(),
    "ar": set(),
}


def compiled(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_there_is_a_catalogue_for_each_language_that_we_offer_and_no_other():
    assert {path.name for path in LOCALE.iterdir()} == set(LANGUAGES)


@in_each
def test_nothing_is_missing_unfinished_or_left_over(language):
    found = messages(language)
    ids = {message.msgid for message in found}
    asked = asked_for()
    assert len(asked) > 140
    assert asked - ids == set(), "not translated: run `make messages`, then translate"
    assert ids - asked == set(), "translated, but nobody asks for it"
    assert [message.msgid for message in found if "fuzzy" in message.flags] == []
    assert [message.msgid for message in found if not all(message.texts) or not message.texts] == []


@in_each
def test_placeholders_and_marks_are_those_of_the_original(language):
    for message in messages(language):
        for text in message.texts:
            for pattern in (PLACEHOLDERS, MARKS):
                expected, said = (Counter(pattern.findall(one)) for one in (message.msgid, text))
                assert said == expected, (message.msgid, text)


@in_each
def test_a_text_that_leads_on_to_the_next_ends_with_a_colon_in_every_language(language):
    for message in messages(language):
        for text in message.texts:
            assert text == text.strip()
            assert not message.msgid.endswith(":") or text.endswith(":"), message.msgid


@in_each
def test_a_text_is_translated_and_not_copied(language):
    copied = {message.msgid for message in messages(language) if message.msgid in message.texts}
    assert {msgid for msgid in copied if MARKS.sub("", PLACEHOLDERS.sub("", msgid)).strip()} == SAME[language]


@in_each
def test_every_plural_form_that_the_language_has_is_there(language):
    forms = int(re.search(r"nplurals=(\d)", compiled(language).info()["plural-forms"])[1])
    plurals = [message for message in messages(language) if message.plural]
    assert plurals
    assert {len(message.texts) for message in plurals} == {forms}


@in_each
def test_what_is_compiled_is_what_is_written(language):
    catalogue = compiled(language)._catalog
    written = {}
    for message in messages(language):
        keys = [(message.msgid, form) for form in range(len(message.texts))] if message.plural else [message.msgid]
        written |= dict(zip(keys, message.texts, strict=True))
    assert {key: text for key, text in catalogue.items() if key != ""} == written, "run `make messages`"
