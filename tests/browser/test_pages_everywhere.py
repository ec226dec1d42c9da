"""The public pages where browsers differ: in the other languages, without scripts, on paper, on a slow line."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tenants.services import update_connection, update_tenant
from tests.browser.looks import NARROWEST, PHONE
from tests.browser.person import Person
from tests.factories import BY
from tests.people import People

LOG_IN = {"de": "Anmelden", "fr": "Se connecter", "es": "Iniciar sesión", "ja": "ログイン"}
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
# Text that its box cuts off.
CUT = """
  [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && !one.classList.contains("unseen")
    && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible").map((one) => one.outerHTML)
"""


@pytest.fixture
def locale(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "en"))


@pytest.fixture
def open_to_all(ada: People) -> None:
    """Ada's directory takes new people, and her tenant has a colour."""
    update_connection(ada.connection, by=BY, disable_signup=False)
    update_tenant(ada.world.tenant, by=BY, primary_color="#005500")


@pytest.mark.parametrize("locale", LOG_IN, indirect=True)
def test_long_words_and_words_without_spaces_fit_on_the_narrowest_page(
    person: Person, sites: dict[str, Any], open_to_all: None, locale: str
) -> None:
    shop, product = sites["shop"], sites["product"]
    person.page.set_viewport_size(NARROWEST)
    person.open(f"{shop.origin}/login?flow=code")
    assert person.title == LOG_IN[locale]
    assert person.page.get_attribute("html", "lang") == locale
    _fits(person, "login")
    person.click("#signup-link")
    _fits(person, "sign-up")
    person.open(f"{shop.origin}/login?flow=code")
    person.log_in()
    _fits(person, "consent")
    person.allow()
    person.open(f"{product}/account")
    _fits(person, "account")
    person.open(f"{product}/authorize?client_id=nobody&redirect_uri=https://shop.example/")
    _fits(person, "error")


def _fits(person: Person, name: str) -> None:
    assert not person.page.evaluate(SIDEWAYS), f"{name} scrolls sideways"
    assert person.page.evaluate(CUT) == [], name


@pytest.mark.parametrize("scripts", [False])
@pytest.mark.parametrize("locale", ["ar"], indirect=True)
def test_without_scripts_a_person_signs_up_allows_looks_and_logs_out(
    person: Person, sites: dict[str, Any], open_to_all: None, locale: str, scripts: bool
) -> None:
    person.open(f"{sites['shop'].origin}/login?flow=code")
    person.click("#signup-link")
    person.page.fill("#email", "bob@example.com")
    person.page.fill("#password", "a few words in a row")
    person.click("#signup")
    person.allow()
    assert urlsplit(person.page.url).netloc == urlsplit(sites["shop"].origin).netloc
    person.open(f"{sites['product']}/account")
    assert person.page.text_content("#approvals h3").strip()
    person.click("#logout")
    assert person.path == "/logged-out"


def test_a_page_is_one_answer_and_files_that_caches_keep(person: Person, sites: dict[str, Any], open_to_all: None) -> None:
    loaded: list[Any] = []

    def note(response: Any) -> None:
        loaded.append(response)

    person.page.on("response", note)
    person.open(f"{sites['product']}/account")
    own = [one for one in loaded if urlsplit(one.url).path not in ("/account", "/u/login")]
    assert {one.status for one in own} == {200}
    assert {urlsplit(one.url).path.split("/")[1] for one in own} == {"static", "u"}
    assert [one.request.resource_type for one in own].count("stylesheet") == 3
    [brand] = [one for one in own if urlsplit(one.url).path.startswith("/u/")]
    assert "immutable" in brand.headers["cache-control"]


def test_on_paper_there_is_the_text_with_all_details_and_nothing_to_press(person: Person, sites: dict[str, Any]) -> None:
    person.open(f"{sites['shop'].origin}/login?flow=code")
    person.log_in()
    page = person.page
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0
    assert page.locator("details .scopes").first.is_visible()
    assert page.locator("h1").is_visible()
    page.emulate_media(media="screen")


def test_the_keyboard_reaches_everything_in_the_order_of_reading(person: Person, sites: dict[str, Any]) -> None:
    person.page.set_viewport_size(PHONE)
    person.open(f"{sites['shop'].origin}/login?flow=code")
    person.log_in()
    reached = []
    for _ in range(12):
        person.page.keyboard.press("Tab")
        reached.append(person.page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        box = person.page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        assert reached[-1] == "BODY" or (box["top"] >= -1 and box["bottom"] <= PHONE["height"] + 1), "focus out of sight"
    order = [reached.index(name) for name in ("consent-other", "consent-allow", "consent-deny")]
    assert order == sorted(order)
