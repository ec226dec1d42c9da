"""A tenant's colours: what may be chosen, what follows from it, and the style sheet that says so."""

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, example, given
from hypothesis import strategies as st

from apis.services.applications import update_application
from tenants import config_cache
from tenants.branding import rules
from tenants.branding.colours import Colour
from tenants.branding.palette import DARK_CARD, ENOUGH, LIGHT_CARD, scheme
from tenants.services import update_tenant
from tests.factories import BY

HTML = {"accept": "text/html"}
colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: str(Colour(*parts)))


def linked(page):
    found = re.search(r'href="(/u/brand\.[^"]+)"', page.content.decode())
    return found[1] if found else ""


def home(world):
    return world.http(**HTML).get("/")


@pytest.mark.parametrize(
    ("one", "two", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_is_the_one_that_wcag_defines(one, two, ratio):
    assert Colour.parsed(one).contrast(Colour.parsed(two)) == pytest.approx(ratio, abs=0.005)


@given(colours)
def test_a_colour_at_its_own_lightness_is_itself(text):
    colour = Colour.parsed(text)
    again = colour.at(colour.lch[0])
    parts = zip((colour.red, colour.green, colour.blue), (again.red, again.green, again.blue), strict=True)
    assert all(abs(one - two) <= 1 for one, two in parts)


@given(colours, colours)
@example("#000000", "#000000")
@example("#767676", "#777777")
@example("#0000ff", "#ff00ff")
def test_whatever_is_chosen_every_text_can_be_read_light_and_dark(primary, background):
    assume(not rules.problems(primary, background))
    found = scheme(primary, background)
    for variables, card in ((found.light, LIGHT_CARD), (found.dark, DARK_CARD)):
        on = [("on-accent", variables["accent"]), ("on-accent", variables["accent-strong"])]
        on += [(name, ground) for name in ("accent", "accent-strong") for ground in (card,)]
        on += [("accent-strong", variables["tint"])]
        on += [(name, variables["paper"]) for name in ("on-paper", "on-paper-quiet")]
        for name, ground in on:
            assert variables[name].contrast(ground) >= ENOUGH, (name, str(variables[name]), str(ground))


@given(colours)
def test_a_refused_colour_is_named_with_its_contrast_and_the_nearest_that_will_do(primary):
    said = rules.problems(primary, "")
    if Colour.parsed(primary).contrast(LIGHT_CARD) >= ENOUGH:
        assert said == {}
        return
    sentence = said["primary_color"]
    measured = float(re.search(r"contrast of ([\d.]+):1", sentence)[1])
    assert measured < ENOUGH
    nearest = re.findall(r"#[0-9a-f]{6}", sentence)[-1]
    assert rules.problems(nearest, "") == {}


@pytest.mark.parametrize(
    "text", ["red", "#fff", "#12345g", "#123456;", "#123456}*{x:y", "url(x)", "#12345\n", "#123456\n", "٠١٢٣٤٥٦"]
)
@pytest.mark.parametrize("field", ["primary_color", "page_background_color"])
def test_what_is_no_colour_is_refused_by_the_service_and_never_reaches_a_style_sheet(acme, field, text):
    with pytest.raises(ValidationError) as refused:
        update_tenant(acme.tenant, by=BY, **{field: text})
    assert field in refused.value.message_dict
    assert linked(home(acme)) == ""


def test_a_tenant_that_chose_nothing_loads_nothing(acme):
    assert linked(home(acme)) == ""


def test_the_pages_link_a_style_sheet_of_the_tenants_colours_that_caches_keep_for_ever(acme):
    update_tenant(acme.tenant, by=BY, primary_color="#7A1FA2", page_background_color="#fbe9ff")
    address = linked(home(acme))
    sheet = acme.http().get(address)
    assert sheet.status_code == 200
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in sheet.headers
    text = sheet.content.decode()
    assert "--accent:#7a1fa2" in text
    assert "--paper:#fbe9ff" in text
    assert re.fullmatch(r"[\w\s:;{}()@#-]+", text)
    assert len(text) < 600


def test_another_colour_is_another_address_and_under_the_old_one_no_cache_keeps_the_new(acme):
    update_tenant(acme.tenant, by=BY, primary_color="#7a1fa2")
    old = linked(home(acme))
    update_tenant(acme.tenant, by=BY, primary_color="#005500")
    assert linked(home(acme)) not in ("", old)
    late = acme.http().get(old)
    assert (late.status_code, late.headers["Cache-Control"]) == (200, "no-store")
    assert "--accent:#005500" in late.content.decode()


def test_T139_each_tenant_has_its_own(acme, globex):
    update_tenant(acme.tenant, by=BY, primary_color="#7a1fa2")
    address = linked(home(acme))
    assert linked(home(globex)) == ""
    theirs = globex.http().get(address)
    assert (theirs.content, theirs.headers["Cache-Control"]) == (b"", "no-store")


def test_it_is_only_read_and_costs_no_sql_while_the_configuration_is_warm(acme, monkeypatch):
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    update_tenant(acme.tenant, by=BY, primary_color="#7a1fa2")
    address, client = linked(home(acme)), acme.http()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) == 0
    assert client.post(address).status_code == 405
    assert client.head(address, secure=True).status_code == 200


def test_logos_and_favicon_come_from_their_origins_and_no_other_each_named_once(people):
    update_tenant(
        people.world.tenant,
        by=BY,
        picture_url="https://cdn.acme.example/logo.png",
        favicon_url="https://cdn.acme.example/favicon.ico",
    )
    update_application(people.web, by=BY, logo_uri="https://shop.example:8443/logo.png?a=b;c")
    browser = people.browser()
    page = browser.get(people.authorize(browser).headers["Location"])
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://cdn.acme.example https://shop.example:8443;" in policy + ";"
    html = page.content.decode()
    assert '<link rel="icon" href="https://cdn.acme.example/favicon.ico" referrerpolicy="no-referrer">' in html
    assert html.count('referrerpolicy="no-referrer"') == 3


@pytest.mark.parametrize("logo", ["http://cdn.acme.example/logo.png", "https://user:word@cdn.acme.example/logo.png"])
def test_an_image_that_the_policy_would_not_load_is_not_on_the_page(acme, logo):
    update_tenant(acme.tenant, by=BY, picture_url=logo, favicon_url=logo)
    page = home(acme)
    assert "cdn.acme.example" not in page.content.decode() + page.headers["Content-Security-Policy"]
    assert 'class="mark"' in page.content.decode()


def test_the_page_of_a_wrong_address_is_the_tenants_too_and_what_broke_is_nobodys(acme, monkeypatch):
    update_tenant(acme.tenant, by=BY, primary_color="#7a1fa2", friendly_name="Acme Ltd")
    missing = acme.http(**HTML).get("/nowhere")
    assert (missing.status_code, bool(linked(missing))) == (404, True)
    assert "Acme Ltd" in missing.content.decode()

    def break_down(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("authserver.endpoints.home.marks", break_down)
    client = acme.http(**HTML)
    client.raise_request_exception = False
    broken = client.get("/")
    assert (broken.status_code, linked(broken)) == (500, "")
