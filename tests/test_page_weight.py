"""How much a public page weighs: its HTML and its style sheets are 30 kB at most, whatever it has to show."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from apis.services.applications import update_application
from tenants.services import update_connection, update_tenant
from tests import factories
from tests.console.sign_ins import make_consent, make_family, make_session
from tests.console.test_public_pages import account_page, everywhere
from tests.factories import BY
from tests.test_branding import linked

MOST = 30_000
SHEETS = ("latchkey/pages.css", "latchkey/dark.css")


def of_style_sheets():
    return sum(Path(finders.find(name)).stat().st_size for name in SHEETS)


def weight(people, page):
    brand = people.world.http().get(linked(page))
    return len(page.content) + len(brand.content) + of_style_sheets()


@pytest.fixture
def branded(people):
    update_tenant(
        people.world.tenant,
        by=BY,
        friendly_name="A Friendly Name of the Usual Length",
        picture_url="https://cdn.acme.example/logo.png",
        primary_color="#005500",
        page_background_color="#003322",
        support_email="help@acme.example",
        support_url="https://acme.example/help",
    )
    update_connection(people.connection, by=BY, is_domain_connection=True)
    update_application(people.web, by=BY, logo_uri="https://shop.example/logo.png", is_first_party=False)
    return people


@everywhere
@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_every_page_weighs_30_kb_at_most(branded, reach, status, language):
    browser = branded.browser(**{"accept-language": language})
    page = reach(branded, browser)
    assert page.status_code == status
    assert weight(branded, page) <= MOST


@pytest.fixture
def much_used(branded):
    """Ada has been here for years."""
    for number in range(20):
        application, _ = factories.make_application(branded.world.tenant, f"An application with a name, number {number:02}")
        session = make_session(branded.user)
        make_family(branded.user, application, branded.world.api, session)
        make_consent(branded.user, application, branded.world.api)
    return branded


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_account_page_shows_a_long_history_in_pages_that_are_light_too(much_used, language):
    browser = much_used.browser(**{"accept-language": language})
    first = account_page(much_used, browser)
    second = browser.get("/account?sessions=2&approvals=2&devices=2")
    for page in (first, second):
        assert page.content.count(b"An application with a name") >= 12
        assert weight(much_used, page) <= MOST, weight(much_used, page)


@pytest.mark.parametrize("name", ["sessions", "approvals", "devices"])
def test_every_row_of_a_long_history_can_be_reached_and_taken_back(much_used, name):
    browser = much_used.browser()
    page, ids = account_page(much_used, browser), set()
    for number in range(1, 5):
        html = page.content.decode()
        section = html[html.index(f'<section id="{name}"') :]
        section = section[: section.index("</section>")]
        ids.update(re.findall(r'name="id" value="([^"]+)"', section))
        older = re.search(r'href="(/account\?[^"]+)">Older', section)
        assert ("Newer" in section) is (number > 1)
        if older is None:
            break
        page = browser.get(older[1].partition("#")[0])
    assert len(ids) == 20


@pytest.mark.parametrize("asked", ["0", "-1", "x", "٣", "99999999999999999999", "9999", "1.5", ""])
def test_a_page_of_the_history_that_there_is_not_is_an_empty_or_the_first_one(people, asked):
    browser = people.browser()
    account_page(people, browser)
    assert browser.get("/account", {"sessions": asked}).status_code == 200
