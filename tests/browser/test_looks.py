"""Every page that people see, looked at: `looks` says how. The pictures are left in pytest's temporary directory.

In English as we made it, and in Arabic, from right to left, in the colours of a tenant that chose some.
"""

from pathlib import Path
from typing import Any

import pytest

from apis.services.applications import update_application
from tenants.services import update_connection, update_tenant
from tests.browser.looks import Album
from tests.browser.person import Person
from tests.factories import BY
from tests.people import People


@pytest.fixture(params=["en", "ar"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def branded(request: pytest.FixtureRequest, locale: str) -> None:
    """The tenant of those who read Arabic has its own colours, dark behind the card also where pages are light."""
    if locale == "ar" and "sites" in request.fixturenames:
        tenant = request.getfixturevalue("ada").world.tenant
        colours = {"primary_color": "#005500", "page_background_color": "#003322"}
        update_tenant(tenant, by=BY, friendly_name="متجر الكتب", support_url="https://acme.example/help", **colours)


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path)


@pytest.fixture
def open_directory(ada: People) -> None:
    """Ada's directory takes new people."""
    update_connection(ada.connection, by=BY, disable_signup=False)


@pytest.fixture
def third_party(ada: People, sites: dict[str, Any]) -> None:
    """The shop is not the tenant's own, and says what it does with data."""
    update_connection(ada.connection, by=BY, is_domain_connection=True)
    update_application(
        ada.web,
        by=BY,
        is_first_party=False,
        policy_uri="https://shop.example.com/privacy",
        tos_uri="https://shop.example.com/terms",
    )


def test_the_pages_of_logging_in(person: Person, sites: dict[str, Any], album: Album, open_directory: None) -> None:
    person.open(f"{sites['shop'].origin}/login?flow=code")
    album.look(person, "login")
    person.log_in("a wrong password")
    album.look(person, "login-wrong")
    person.click("#signup-link")
    album.look(person, "sign-up")
    person.page.fill("#email", "grace@example.com")
    person.page.fill("#password", "short")
    person.click("[type=submit]")
    album.look(person, "sign-up-wrong")
    person.open(f"{sites['shop'].origin}/login?flow=code")
    person.log_in()
    album.look(person, "consent")


def test_the_consent_page_of_a_third_party(person: Person, sites: dict[str, Any], album: Album, third_party: None) -> None:
    person.open(f"{sites['shop'].origin}/login?flow=code")
    person.log_in()
    album.look(person, "consent-third-party")


def test_the_pages_of_who_is_logged_in(person: Person, sites: dict[str, Any], album: Album) -> None:
    shop, product = sites["shop"], sites["product"]
    person.open(f"{shop.origin}/login?flow=code")
    person.log_in()
    person.allow()
    address = f"{product}/authorize?client_id={shop.client_id}&redirect_uri={shop.origin}/callback&response_type=code"
    person.open(f"{address}&scope=openid&prompt=select_account")
    album.look(person, "account-choice")
    person.open(f"{product}/account")
    album.look(person, "account")
    person.open(f"{product}/oidc/logout?client_id={shop.client_id}&post_logout_redirect_uri={shop.origin}/bye")
    album.look(person, "logout")
    person.click("#logout-no")
    assert person.path == "/account"
    person.open(f"{product}/oidc/logout")
    album.look(person, "logout-alone")
    person.click("#logout-yes")
    assert person.path == "/logged-out"
    album.look(person, "logged-out")


def test_the_pages_of_what_went_wrong(person: Person, sites: dict[str, Any], album: Album) -> None:
    product, shop = sites["product"], sites["shop"]
    asked = f"{product}/authorize?response_type=code&client_id={shop.client_id}"
    assert person.open(f"{asked}&redirect_uri=https://elsewhere.example.com/").status == 400
    album.look(person, "error")
    assert person.open(f"{product}/oidc/logout?state=%00").status == 400
    album.look(person, "malformed")
    assert person.open(f"{product}/u/login?state=long-gone").status == 400
    album.look(person, "expired")
    assert person.open(f"{product}/u/no-such-page").status == 404
    album.look(person, "not-found")
    assert person.open(f"{product}/").status == 200
    album.look(person, "home")


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color: #ccc'>Faint.</p>", "color contrast"),
        ("<p style='width: 500px'>Wide.</p>", "scrolls sideways"),
        ("<button style='height: 20px; padding: 0'>Small</button>", "smaller than 24 px"),
    ],
)
def test_a_page_with_a_fault_is_found_out(person: Person, album: Album, fault: str, found: str) -> None:
    sound = "<!DOCTYPE html><html lang='en'><title>A page</title><main><h1>A page</h1>{}</main></html>"
    person.page.set_content(sound.format(""))
    album.look(person, "sound")
    person.page.set_content(sound.format(fault))
    with pytest.raises(AssertionError, match=found):
        album.look(person, "faulty")


def test_what_the_browser_complains_of_is_noted(person: Person, sites: dict[str, Any]) -> None:
    person.open(f"{sites['product']}/")
    person.page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    person.page.evaluate("console.error('A mistake.')")
    assert [text for text in person.complaints if "Content Security Policy" in text]
    assert [text for text in person.complaints if "A mistake." in text]
    person.complaints.clear()
