"""Addresses of an application are judged line by line, with the reason: while somebody types, and when they are saved."""

import pytest

from apis import redirect_uris
from apis.admin.addresses import ADDRESSES, BAD, ORIGINS, verdicts
from apis.models import Application
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address


@pytest.fixture
def shop(acme):
    return factories.make_application(acme.tenant, "Shop", app_type="regular_web")[0]


def judge(console, application, field="redirect_uris", *, lines="", app_type="regular_web", first="on"):
    """What the console answers to a script that asks about `lines`."""
    sent = {"field": field, field: lines, "app_type": app_type, "is_first_party": first}
    return console.post(address(application, "addresses", application.pk), sent)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("http://shop.example/cb", "loopback only"),
        ("https://shop.example/cb#top", "fragments are not allowed"),
        ("https://*.shop.example/cb", "wildcards are not supported"),
        ("https://me@shop.example/cb", "write the host alone"),
        ("javascript:alert(1)", "the scheme is not allowed"),
        ("com.example.app:/cb", "only native applications"),
    ],
)
def test_a_bad_line_is_named_by_its_number_with_the_reason(line, reason, ada, shop):
    typed = f"https://good.example/cb\r\n{line}"
    url = address(shop, "change", shop.pk)
    refused = errors(ada.submit(url, redirect_uris=typed))
    assert "Line 2, " in refused
    assert reason in refused
    assert "good.example" not in refused
    live = judge(ada, shop, lines=typed).content.decode()
    assert "<strong>Line 2</strong>" in live
    assert reason.casefold() in live.casefold()
    shop.refresh_from_db()
    assert shop.redirect_uris == ""


def test_a_refusal_leaves_what_was_typed_with_the_lines_that_were_judged(ada, shop):
    page = ada.submit(address(shop, "change", shop.pk), redirect_uris="https://a.example/cb\r\n\r\n  http://b.example/cb")
    assert "Line 2, http://b.example/cb" in errors(page)
    assert "https://a.example/cb\nhttp://b.example/cb</textarea>" in page.content.decode()


def test_the_type_that_is_typed_decides_and_not_the_one_that_is_stored(ada, shop):
    line = "com.example.app:/cb"
    assert "only native" in judge(ada, shop, lines=line).content.decode().casefold()
    assert "may claim this scheme" in judge(ada, shop, lines=line, app_type="native").content.decode()
    saved = ada.submit(address(shop, "change", shop.pk), redirect_uris=line, app_type="native")
    assert saved.status_code == 302


@pytest.mark.parametrize(
    ("kind", "line", "advice"),
    [
        (("regular_web", "on"), "http://localhost:3000/cb", "Fine while you develop"),
        (("regular_web", ""), "http://localhost:3000/cb", "Third-party applications belong on https"),
        (("native", "on"), "http://localhost:3000/cb", "Write 127.0.0.1 instead"),
        (("regular_web", "on"), "https://a.example/cb\nhttps://a.example/cb", "stands here twice"),
    ],
)
def test_what_may_be_saved_but_is_worth_a_thought_is_said_and_saved(kind, line, advice, ada, shop):
    app_type, first = kind
    assert advice in judge(ada, shop, lines=line, app_type=app_type, first=first).content.decode()
    url = address(shop, "change", shop.pk)
    assert ada.submit(url, redirect_uris=line, app_type=app_type, is_first_party=first or None).status_code == 302
    assert advice in ada.get(url).content.decode(), "and the page says it without a script"


def test_good_lines_are_said_to_be_good_and_no_lines_are_not_judged(ada, shop):
    assert "Every line can be used." in judge(ada, shop, lines="https://a.example/cb").content.decode()
    assert not judge(ada, shop, lines=" \n").content.decode().strip()


def test_what_is_typed_is_text_in_the_answer(ada, shop):
    answer = judge(ada, shop, lines='https://a.example/"><script>alert(1)</script>').content.decode()
    assert "<script>" not in answer
    assert "Line 1" in answer


@pytest.mark.parametrize("field", ADDRESSES)
def test_the_verdicts_are_the_rules_of_the_model_for_every_field(field):
    lines = "https://a.example\nhttp://a.example\nhttps://a.example/#x\nx\n*\nhttp://localhost:1"
    bad = [
        f"{one.address}: {one.text}"
        for one in verdicts(field, lines, app_type="spa", is_first_party=True)
        if one.kind == BAD
    ]
    judged = redirect_uris.origin_problems(lines) if field in ORIGINS else redirect_uris.problems(lines, native=False)
    assert bad == judged
    assert len(bad) == 4


def test_a_thousand_lines_are_answered_with_fifty_verdicts(ada, shop):
    assert judge(ada, shop, lines="x\n" * 1000).content.decode().count("<li class=") == 50


def test_a_field_that_holds_no_addresses_is_refused(ada, shop):
    assert judge(ada, shop, field="name").status_code == 400


def test_a_viewer_judges_nothing_that_is_typed_and_a_stranger_nothing_at_all(vera, grace, shop):
    assert judge(vera, shop, lines="x").status_code == 403
    assert judge(grace, shop, lines="x").status_code == 404
    assert grace.get(address(shop, "addresses", shop.pk)).status_code == 404
    assert Application.objects.get(pk=shop.pk).redirect_uris == ""
