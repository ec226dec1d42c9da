"""Which language a person is shown, for how long, and who is never spoken to in any but English."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tenants import languages
from tenants.services import update_connection, update_tenant
from tests.conftest import SecureClient
from tests.console.browser import Console
from tests.factories import BY, make_operator
from tests.people import FORM, hidden
from tests.test_branding import HTML

LOG_IN = {
    "en": "Log in",
    "de": "Anmelden",
    "fr": "Se connecter",
    "es": "Iniciar sesión",
    "ja": "ログイン",
    "ar": "تسجيل الدخول",
}
ALL = languages.CODES


def heading(page):
    return re.search(r"<h1>\s*(.*?)\s*</h1>", page.content.decode(), re.DOTALL)[1]


def language_of(page):
    found = re.search(r'<html lang="([a-z]+)" dir="([a-z]+)">', page.content.decode())
    assert page.headers["Content-Language"] == found[1]
    assert "Accept-Language" in page.headers["Vary"]
    assert (found[2] == "rtl") is (found[1] == "ar")
    return found[1]


def login_page(people, browser, **asked):
    return browser.get(people.authorize(browser, **asked).headers["Location"])


@pytest.mark.parametrize(
    ("ui_locales", "accept", "offered", "shown"),
    [
        ("", "", ALL, "en"),
        ("de", "fr", ALL, "de"),
        ("fr-CA en", "de", ALL, "fr"),
        ("pt-BR sv es-419", "de", ALL, "es"),
        ("pt", "ja-JP,en;q=0.5", ALL, "ja"),
        ("", "de-AT;q=0.4, es-MX;q=0.9", ALL, "es"),
        ("", "de;q=0, fr;q=0.1", ALL, "fr"),
        ("", "sv, *;q=0.1", ("fr", "en"), "fr"),
        ("AR-eg", "", ALL, "ar"),
        ("de", "fr", ("en", "fr"), "fr"),
        ("de", "de", ("es",), "es"),
        ("x" * 8_000, "y" * 8_000, ALL, "en"),
        ("../../etc/passwd", "de\r\nX: y", ALL, "en"),
        ("* de", "", ("fr", "de"), "fr"),
    ],
)
def test_the_application_is_heard_first_then_the_browser_then_the_tenant(ui_locales, accept, offered, shown):
    assert languages.language(ui_locales, accept, offered) == shown


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_asked_for_the_answer_is_one_that_is_offered(ui_locales, accept):
    assert languages.language(ui_locales, accept, ("ja", "de")) in ("ja", "de")


@pytest.mark.parametrize(
    ("enabled", "offered"),
    [
        ([], ALL),
        (["de", "en"], ("de", "en")),
        (["de-AT", "de", "pt-BR"], ("de",)),
        (["pt-BR"], ALL),
        (["zh-CN", "ja"], ("ja",)),
    ],
)
def test_a_tenant_offers_what_it_enabled_of_ours_and_all_where_that_is_nothing(enabled, offered):
    assert languages.offered(enabled) == offered


@pytest.mark.parametrize("code", ALL)
def test_the_login_page_speaks_each_language_and_stays_in_it_when_something_is_wrong(people, code):
    browser = people.browser(**{"accept-language": "sv"})
    page = login_page(people, browser, ui_locales=code)
    assert (language_of(page), heading(page)) == (code, LOG_IN[code])
    wrong = people.post(browser, "/u/login", hidden(page) | {"username": "ada@example.com", "password": "wrong"})
    assert (wrong.status_code, language_of(wrong)) == (400, code)


def test_what_the_application_asked_for_lasts_until_its_request_is_answered(people):
    browser = people.browser(**{"accept-language": "fr"})
    response = people.log_in(browser, people.authorize(browser, ui_locales="de"))
    page = browser.get(response.headers["Location"])
    assert (language_of(page), "möchte:" in page.content.decode()) == ("de", True)
    people.decide(browser, response)
    expired = browser.get(response.headers["Location"])
    assert (expired.status_code, language_of(expired), heading(expired)) == (400, "de", "Das ist schon erledigt")
    assert language_of(browser.get("/account")) == "fr"


def test_a_request_by_post_is_answered_in_its_language_too(people):
    asked = people.asked(ui_locales="es", redirect_uri="https://evil.example/")
    page = people.post(people.browser(), "/authorize", asked)
    assert (page.status_code, language_of(page)) == (400, "es")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nowhere", 404),
        ("/logged-out", 200),
        ("/u/login?state=x", 400),
        ("/v2/logout?returnTo=https://e.example/", 400),
    ],
)
def test_pages_without_a_request_speak_the_browsers_language(acme, path, status):
    page = acme.http(**HTML, **{"accept-language": "ja,en;q=0.1"}).get(path)
    assert (page.status_code, language_of(page)) == (status, "ja")


def test_an_address_that_nobody_has_speaks_the_browsers_language(db):
    page = SecureClient(headers={"host": "nobody.example", "accept-language": "ar"} | HTML).get("/")
    assert (page.status_code, language_of(page)) == (404, "ar")


def test_the_tenant_says_which_languages_there_are_and_which_is_for_the_rest(people):
    update_tenant(people.world.tenant, by=BY, enabled_locales=["fr", "de"])
    assert language_of(login_page(people, people.browser(**{"accept-language": "en"}))) == "fr"
    assert language_of(login_page(people, people.browser(), ui_locales="ja de")) == "de"
    known = people.world.http().get("/.well-known/openid-configuration").json()
    assert known["ui_locales_supported"] == ["fr", "de"]


def test_every_language_that_metadata_names_can_be_asked_for(people):
    for code in people.world.http().get("/.well-known/openid-configuration").json()["ui_locales_supported"]:
        assert language_of(login_page(people, people.browser(), ui_locales=code)) == code


def test_a_page_in_one_language_leaves_the_next_answer_in_english(people):
    browser = people.browser(**{"accept-language": "ar"})
    assert language_of(login_page(people, browser)) == "ar"
    assert translation.get_language() == "en"
    token = people.world.http(**{"accept-language": "ar"}).post("/oauth/token", "grant_type=x", content_type=FORM)
    assert "Content-Language" not in token.headers
    assert token.json()["error_description"].isascii()


def test_the_console_and_the_management_api_speak_english_to_everybody(acme):
    console = Console(make_operator(acme.tenant, username="ada"))
    page = console.get("/admin/", headers={"accept-language": "de"})
    assert '<html lang="en"' in page.content.decode()
    answer = acme.http(**{"accept-language": "de"}).get("/api/v2/clients")
    assert answer.json()["message"].isascii()


def test_what_is_wrong_with_a_password_is_said_in_the_persons_language_and_logged_in_english(people):
    update_connection(people.connection, by=BY, disable_signup=False, password_policy="fair")
    browser = people.browser()
    page = login_page(people, browser, screen_hint="signup", ui_locales="de")
    for password, said, logged in (
        ("short", "Ein Passwort hat mindestens 8 Zeichen.", "A password has at least 8 characters."),
        ("only small letters", "einen Großbuchstaben", "a capital letter"),
    ):
        typed = {"email": "bob@example.com", "password": password}
        refused = people.post(browser, "/u/signup", hidden(page) | typed)
        assert (refused.status_code, language_of(refused)) == (400, "de")
        assert said in refused.content.decode()
        event = people.world.events("fs")[0]
        assert logged in str(event.details)
        assert said not in str(event.details)


def test_names_keep_their_own_direction_in_every_sentence(people):
    browser = people.browser()
    response = people.log_in(browser, people.authorize(browser, ui_locales="ar"))
    html = browser.get(response.headers["Location"]).content.decode()
    main = html[html.index("<main>") :]
    assert main.count("Shop") == main.count("<bdi>Shop</bdi>")
    assert main.count("ada@example.com") == main.count('<bdi dir="ltr">ada@example.com</bdi>')


def test_what_the_protocol_says_is_english_and_marked_as_such(people):
    page = people.authorize(people.browser(), redirect_uri="https://evil.example/", ui_locales="ar")
    assert re.search(r'<p lang="en" dir="ltr">[^<]+</p>', page.content.decode())
