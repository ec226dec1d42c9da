"""The looks and languages of a tenant in the console: chosen on its page, tried out on the tab "Pages"."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from tenants.models import Tenant
from tenants.services import update_tenant
from tests import factories
from tests.console.browser import Console, errors
from tests.console.conftest import address

GREEN = {"primary": "#005500", "background": "#003322"}


def branding_of(world):
    return address(world.tenant, "branding", world.tenant.pk)


def pages_of(world, **asked):
    return f"{address(world.tenant, 'pages', world.tenant.pk)}?{urlencode(asked)}"


def frames(page):
    return [unescape(source) for source in re.findall(r'<iframe src="([^"]+)"', page.content.decode())]


def stored(world):
    return Tenant.objects.get(pk=world.tenant.pk)


def test_an_admin_chooses_colours_logo_and_favicon(ada, acme):
    answer = ada.submit(
        branding_of(acme),
        primary_color="#005500",
        page_background_color="#EEFFEE",
        picture_url="https://cdn.acme.example/logo.svg",
        favicon_url="https://cdn.acme.example/favicon.ico",
    )
    assert answer.status_code == 302
    tenant = stored(acme)
    assert (tenant.primary_color, tenant.page_background_color) == ("#005500", "#EEFFEE")
    assert tenant.favicon_url == "https://cdn.acme.example/favicon.ico"


@pytest.mark.parametrize(
    ("colour", "said"), [("#eb5424", "contrast of 3.6:1, and people need 4.5:1"), ("green", "six digits"), ("#12345", "six")]
)
def test_a_colour_that_people_cannot_read_is_refused_at_its_field_with_the_measured_contrast(ada, acme, colour, said):
    answer = ada.submit(branding_of(acme), primary_color=colour)
    assert said in unescape(errors(answer))
    assert "primary_color" in answer.context["adminform"].form.errors
    assert stored(acme).primary_color == ""


def test_languages_are_ticked_and_one_of_them_is_for_everybody_else(ada, acme):
    ada.submit(branding_of(acme), languages=["en", "fr", "ar"], default_language="fr")
    assert stored(acme).enabled_locales == ["fr", "en", "ar"]
    assert acme.events("sapi")[0].details["changes"] == {"enabled_locales": ["fr", "en", "ar"]}
    fields = ada.fields(branding_of(acme))
    assert (fields["languages"], fields["default_language"]) == (["en", "fr", "ar"], ["fr"])


def test_the_default_language_is_one_that_is_ticked_and_one_has_to_be(ada, acme):
    assert "Choose one of the languages" in errors(ada.submit(branding_of(acme), languages=["en"], default_language="fr"))
    assert "required" in errors(ada.submit(branding_of(acme), languages=[]))
    assert "not one of the available choices" in errors(ada.submit(branding_of(acme), languages=["en", "tlh"]))
    assert stored(acme).enabled_locales == []


def test_languages_that_a_tool_stored_and_we_do_not_speak_stay(ada, acme):
    update_tenant(acme.tenant, by=factories.BY, enabled_locales=["de", "pt-BR"])
    ada.submit(branding_of(acme), languages=["de", "en"])
    assert stored(acme).enabled_locales == ["de", "en", "pt-BR"]


def test_a_superuser_makes_a_tenant_with_its_looks_and_languages(root):
    made = {"name": "initech", "domains__0__host": "initech.example.com", "primary_color": "#112233"}
    assert root.submit(address(Tenant, "add"), **made, languages=["ja"], default_language="ja").status_code == 302
    tenant = Tenant.objects.get(name="initech")
    assert (tenant.primary_color, tenant.enabled_locales) == ("#112233", ["ja"])


def test_the_tab_shows_the_real_pages_light_and_dark_in_colours_that_are_not_saved(ada, acme):
    tab = ada.get(pages_of(acme, page="consent", language="ar", **GREEN))
    assert tab.status_code == 200
    assert "frame-src 'self'" in tab.headers["Content-Security-Policy"]
    light, dark = frames(tab)
    for address_of, colour, scheme in ((light, "--accent:#005500", "light"), (dark, "--paper:#003322", "dark")):
        page = ada.get(address_of)
        html = page.content.decode()
        assert '<html lang="ar" dir="rtl">' in html
        assert f'content="{scheme}"' in html
        assert "autofocus" not in html
        sheet = ada.get(unescape(re.search(r'href="(/admin/[^"]+part=style[^"]+)"', html)[1]))
        assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert colour in sheet.content.decode()
        assert "@media" not in sheet.content.decode()
    assert stored(acme).primary_color == ""


@pytest.mark.parametrize("name", ["login", "signup", "consent", "error", "logged_out"])
def test_every_page_can_be_tried_out_by_who_may_only_look_and_framed_by_nobody_but_us(vera, acme, name):
    [source, _] = frames(vera.get(pages_of(acme, page=name)))
    page = vera.get(source)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'none'" in policy
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_colour_that_may_not_be_chosen_is_said_and_the_saved_one_shown(ada, acme):
    update_tenant(acme.tenant, by=factories.BY, primary_color="#7a1fa2")
    tab = ada.get(pages_of(acme, primary="#eb5424"))
    assert "contrast of 3.6:1" in tab.content.decode()
    html = ada.get(frames(tab)[0]).content.decode()
    sheet = ada.get(unescape(re.search(r'href="(/admin/[^"]+part=style[^"]+)"', html)[1]))
    assert "--accent:#7a1fa2" in sheet.content.decode()


@pytest.mark.parametrize("colour", ["#eb5424", "red", "#123456}*{x:y", "#12345\x0b", "</style>"])
def test_a_style_sheet_is_made_of_colours_that_may_be_chosen_or_not_at_all(ada, acme, colour):
    assert ada.get(pages_of(acme, part="style", primary=colour)).status_code == 404
    assert all("primary=&" in source for source in frames(ada.get(pages_of(acme, primary=colour))) if "primary" in source)


def test_what_the_address_says_wrongly_is_what_the_tenant_has(ada, acme):
    tab = ada.get(pages_of(acme, page="../../etc/passwd", language="tlh", scheme="pink"))
    assert tab.status_code == 200
    assert all("page=login&language=en" in source for source in frames(tab))


def test_T139_nobody_else_sees_the_tab_or_what_its_frames_load(grace, acme, ada):
    for part in ("", "page", "style"):
        assert grace.get(pages_of(acme, part=part)).status_code == 404
    assert Console().get(pages_of(acme, part="page")).status_code == 302


def test_who_may_only_look_reads_languages_and_colours_in_words(vera, acme):
    update_tenant(acme.tenant, by=factories.BY, primary_color="#7a1fa2", enabled_locales=["ja", "en"])
    html = vera.get(branding_of(acme)).content.decode()
    assert "日本語, English" in html
    assert "#7a1fa2" in html
    assert 'name="languages"' not in html


def test_the_tab_costs_few_statements(ada, acme, django_assert_max_num_queries):
    ada.get(pages_of(acme))
    with django_assert_max_num_queries(12):
        assert ada.get(pages_of(acme)).status_code == 200
