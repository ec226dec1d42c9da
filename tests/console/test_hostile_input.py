"""Whatever is sent to whatever address of the console: a page, a refusal, and never a failure of the server.

Generated: each address of each registered page, with the hostile values in each field that its form has.
"""

from itertools import chain
from typing import Any

import pytest
from django.contrib.admin import site
from django.urls import reverse

from tenants.admin.log_filters import LogFilters
from tenants.models import LogEvent, Operator, SigningKey
from tests.conftest import World
from tests.console.browser import Console, FormReader
from tests.console.conftest import address, fill

PAGES = [model for model in site._registry if model is not Operator]
# Each POST to "Rotate now" rotates, and the tests have but a few keys.
FORMS = [model for model in PAGES if model is not SigningKey]
LONG = "x" * 200_000
VALUES = (
    "\ud800".encode("utf-8", "surrogatepass"),
    "9" * 40,
    "-1",
    "9223372036854775808",
    "0001-01-01T00:00",
    "9999-12-31T23:59:59.999999",
    "%",
    "\\",
    "'\";--",
    "\u202e\u2028\U0001f600",
    '{"a": "\\ud800"}',
    '{"a": "\\u0000"}',
    '{"a": 1e999}',
    "[" * 2_000,
    "https://[",
    "http://\u2100.example",
    "١٢٣",
    "1_0",
    "a-b-c-d",
    LONG,
)
# Each of these made some field fail.
WORST = (VALUES[1], '{"a": "\\ud800"}', "[" * 2_000, LONG)
_NAMES = """
q page p o all e after before since until last type outcome reason client_id user audience application api domain only ask
scope for show search tenant part primary background language scheme field term app_label model_name field_name default_for
name value description _changelist_filters _popup _to_field
"""
QUERIES = _NAMES.split()


def _addresses(model: Any, world: World) -> list[str]:
    return [fill(url, world, model) for url in site._registry[model].get_urls()]


def _failing(answers: Any) -> list[Any]:
    return [said for said, answer in answers if answer.status_code >= 500]


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_no_query_makes_the_server_fail(model: Any, furnished_acme: World, ada: Console) -> None:
    ada.raise_request_exception = False
    for url in _addresses(model, furnished_acme):
        together = ((value[:40], ada.get(url, dict.fromkeys(QUERIES, value[:4_000]))) for value in VALUES)
        assert _failing(together) == [], url


@pytest.mark.parametrize("page", ["changelist", "new"])
def test_no_filter_of_the_log_makes_the_server_fail(page: str, furnished_acme: World, ada: Console) -> None:
    ada.raise_request_exception = False
    url = address(LogEvent, page)
    alone = (
        ((name, value[:40]), ada.get(url, {name: value[:4_000]})) for name in LogFilters.base_fields for value in VALUES[:8]
    )
    assert _failing(alone) == []


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_no_form_makes_the_server_fail(model: Any, furnished_acme: World, ada: Console) -> None:
    ada.raise_request_exception = False
    for url in _addresses(model, furnished_acme):
        shown = ada.get(url)
        for form in FormReader(shown.content.decode()).forms if shown.status_code == 200 else []:
            together = ((value[:40], ada.post(url, dict.fromkeys(form, value))) for value in VALUES)
            alone = (((name, value[:40]), ada.post(url, form | {name: value})) for name in form for value in WORST)
            assert _failing(chain(together, alone)) == [], url


def test_no_autocomplete_query_makes_the_server_fail(furnished_acme: World, ada: Console) -> None:
    ada.raise_request_exception = False
    sound = {"app_label": "apis", "model_name": "clientgrant", "field_name": "api", "term": "x", "page": "1"}
    for name in sound:
        for value in VALUES:
            assert ada.get(reverse("admin:autocomplete"), sound | {name: value[:4_000]}).status_code < 500, (
                name,
                value[:40],
            )
