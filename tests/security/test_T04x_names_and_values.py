"""T-045, T-048, T-049: names, values and addresses of others on our pages. T-047: tests/console/test_public_pages.py."""

import re
from urllib.parse import urlencode

import pytest

from apis.services.apis import Scope, set_permissions
from apis.services.applications import update_application
from tenants.services import update_tenant, update_user
from tests.conftest import SecureClient
from tests.factories import BY
from tests.people import hidden

PAGES = ("/u/login", "/u/signup", "/u/consent", "/u/account", "/authorize/resume")
MARKUP = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'"


def at_login(people, browser, **changes):
    return browser.get(people.authorize(browser, **changes).headers["Location"])


def at_consent(people, browser):
    return browser.get(people.log_in(browser, people.authorize(browser)).headers["Location"])


def named(people, name):
    """The consent page when the application and the API are called `name`, by whatever road that came to be."""
    type(people.web).objects.filter(pk=people.web.pk).update(name=name)
    type(people.world.api).objects.filter(pk=people.world.api.pk).update(name=name)
    set_permissions(people.world.api, [Scope("read:orders", name[:200])], by=BY)
    return at_consent(people, people.browser())


def test_T045_markup_in_a_name_is_text(people):
    page = named(people, MARKUP).content.decode()
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_T045_a_name_cannot_turn_or_hide_letters(people):
    page = named(people, "Bank\u202e\u2066moc.live\u200b\u00ad\ufeff").content.decode()
    heading = re.search("<h1>.*?</h1>", page, re.DOTALL)[0]
    assert "Bankmoc.live" in heading
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u00ad\ufeff]", page.partition("<fieldset")[0])
    assert "<bdi>" in heading, "and what it turns by its own script stays within it"


def test_T045_joiners_that_some_scripts_need_stay(people):
    assert (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
        in named(people, "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645").content.decode()
    )


def test_T045_a_name_of_ten_kilobytes_is_cut(people):
    page = named(people, "x" * 200).content.decode()
    assert "x" * 101 not in page.partition("<fieldset")[0]
    assert "x" * 100 + "…" in page
    with pytest.raises(Exception, match="at most 255"):
        update_application(people.web, by=BY, name="x" * 10_000)


def unharmed(response):
    page = response.content.decode()
    assert "<img src=x" not in page
    assert "<script" not in page
    assert "alert(1)" not in page or "onerror=alert(1)&gt;" in page
    return page


def test_T048_what_was_typed_comes_back_as_text(people):
    browser = people.browser()
    fields = hidden(at_login(people, browser)) | {"username": MARKUP, "password": MARKUP, "action": "login"}
    unharmed(people.post(browser, "/u/login", fields))
    page = browser.get(people.authorize(browser, screen_hint="signup").headers["Location"])
    typed = {"email": MARKUP, "name": MARKUP, "password": "x", "connection": "Users"}
    assert "&lt;script&gt;" in unharmed(people.post(browser, "/u/signup", hidden(page) | typed))


def test_T048_what_stands_in_an_address_comes_back_as_text(people):
    browser = people.browser()
    unharmed(at_login(people, browser, login_hint=MARKUP))
    for path in PAGES:
        unharmed(browser.get(f"{path}?" + urlencode({"state": MARKUP})))
    for path, name in (("/authorize", "client_id"), ("/v2/logout", "returnTo"), ("/v2/logout", "client_id")):
        unharmed(browser.get(f"{path}?" + urlencode({name: MARKUP})))
    unharmed(browser.get("/authorize?" + urlencode(people.asked(redirect_uri="https://x/" + MARKUP))))


def test_T048_what_a_tenant_and_a_person_are_called_comes_back_as_text(people):
    update_tenant(people.world.tenant, by=BY, friendly_name=MARKUP)
    update_user(people.user, by=BY, name=MARKUP)
    browser = people.browser()
    unharmed(at_consent(people, browser))
    unharmed(browser.get("/account"))
    unharmed(browser.get("/oidc/logout"))
    unharmed(browser.get("/logged-out"))


@pytest.mark.parametrize(
    "logo",
    ["https://a;sandbox;:x@evil.example/x.png", "https://a,b@evil.example/x.png", "https://b\u00fccher.example/x.png"],
)
def test_T048_the_address_of_a_logo_adds_nothing_to_the_policy(people, logo):
    type(people.web).objects.filter(pk=people.web.pk).update(logo_uri=logo)
    policy = at_login(people, people.browser()).headers["Content-Security-Policy"]
    assert "img-src 'self' data:" in [directive.strip() for directive in policy.split(";")]
    assert "evil" not in policy
    assert "sandbox" not in policy
    assert "," not in policy


def test_a_logo_on_the_web_may_be_shown(people):
    update_application(people.web, by=BY, logo_uri="https://cdn.shop.example:8443/logo.png")
    page = at_login(people, people.browser())
    assert "img-src 'self' data: https://cdn.shop.example:8443" in page.headers["Content-Security-Policy"]
    assert 'src="https://cdn.shop.example:8443/logo.png"' in page.content.decode()


@pytest.mark.parametrize("path", [*PAGES, "/account", "/oidc/logout", "/v2/logout", "/logged-out", "/u/logout"])
def test_T049_a_host_that_no_tenant_has_shows_none_of_the_pages(people, path):
    browser = people.signed_in()
    stranger = SecureClient(headers={"host": "evil.example", "accept": "text/html"})
    stranger.cookies = browser.cookies
    assert stranger.get(path).status_code == 404
    assert people.post(stranger, path, {"action": "logout"}).status_code == 404


def test_T049_no_header_decides_where_a_redirect_or_a_form_leads(people):
    browser = people.browser(**{"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})
    responses = [people.authorize(browser), browser.get("/account")]
    responses.append(browser.get(responses[0].headers["Location"]))
    for response in responses:
        assert "evil" not in response.content.decode() + str(response.headers)
        assert response.headers.get("Location", "/u/").startswith("/u/")
