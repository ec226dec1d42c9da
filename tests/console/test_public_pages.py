"""The public pages: what people see who open an address in a browser, and what every one of them has in common."""

import re

import pytest
from django.test import override_settings

from apis.services.applications import update_application
from tenants.services import update_tenant
from tests.conftest import SecureClient
from tests.factories import BY
from tests.people import PASSWORD, hidden

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def strict(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "<script" not in answer.content.decode()
    return answer.content.decode()


def _served(world, path):
    answer = world.http().get(f"/static/{path}")
    # Read to its end, or the file stays open.
    return answer.status_code == 200 and bool(b"".join(answer.streaming_content))


def test_a_browser_finds_the_tenants_name_and_what_is_public(acme):
    answer = acme.http(accept=BROWSER).get("/")
    page = strict(answer)
    assert answer.status_code == 200
    for part in ("<h1>acme</h1>", "/.well-known/openid-configuration", "/.well-known/jwks.json", 'href="/admin/"'):
        assert part in page
    assert "https://acme.example.com/" in page


def test_the_console_is_linked_only_where_it_is(acme):
    with override_settings(CONSOLE_HOSTS=["console.example.com"]):
        assert "/admin/" not in strict(acme.http(accept=BROWSER).get("/"))
        assert acme.http().get("/admin/").status_code == 404
        assert _served(acme, "latchkey/pages.css")
    with override_settings(CONSOLE_HOSTS=["acme.example.com"]):
        assert 'href="/admin/"' in strict(acme.http(accept=BROWSER).get("/"))


def test_programs_get_the_404_that_they_know(acme):
    assert acme.http(accept="application/json").get("/").json()["statusCode"] == 404
    assert acme.http().get("/").json()["statusCode"] == 404
    assert acme.http(accept=BROWSER).post("/").status_code == 404


def test_an_address_that_nobody_has_is_a_friendly_page(acme):
    for client in (acme.http(accept=BROWSER), SecureClient(headers={"host": "nobody.example.com", "accept": BROWSER})):
        answer = client.get("/nowhere")
        assert answer.status_code == 404
        assert "There is nothing here" in strict(answer)


def test_what_breaks_is_a_friendly_page_with_the_reference_of_the_log_line(acme, monkeypatch):
    def break_down(*_, **__):
        raise RuntimeError("a detail that nobody should read")

    monkeypatch.setattr("authserver.endpoints.home.page", break_down)
    client = acme.http(accept=BROWSER)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    page = strict(answer)
    assert answer.headers["X-Auth0-RequestId"] in page
    assert "a detail" not in page


@pytest.mark.parametrize(
    "path", ["latchkey/pages.css", "latchkey/icon.svg", "latchkey/console/frame.css", "latchkey/copy.js"]
)
def test_what_the_pages_load_is_served(path, acme):
    assert _served(acme, path)


# --- The pages of people -----------------------------------------------------------------------------------------------
def page_after(browser, response):
    return browser.get(response.headers["Location"])


def login_page(people, browser):
    return page_after(browser, people.authorize(browser))


def refused_login(people, browser):
    typed = {"username": "ada@example.com", "password": "wrong"}
    return people.post(browser, "/u/login", hidden(login_page(people, browser)) | typed)


def locked_login(people, browser):
    return [refused_login(people, browser) for _ in range(11)][-1]


def signup_page(people, browser):
    return page_after(browser, people.authorize(browser, screen_hint="signup"))


def refused_signup(people, browser):
    typed = {"email": "bob@example.com", "password": "short"}
    return people.post(browser, "/u/signup", hidden(signup_page(people, browser)) | typed)


def consent_page(people, browser):
    return page_after(browser, people.log_in(browser, people.authorize(browser)))


def account_page(people, browser):
    people.log_in(browser, browser.get("/account"))
    return browser.get("/account")


def account_choice(people, browser):
    account_page(people, browser)
    return page_after(browser, people.authorize(browser, prompt="select_account"))


def logout_question(people, browser):
    account_page(people, browser)
    return browser.get("/oidc/logout")


def foreign_form(people, browser):
    return people.post(browser, "/u/login", hidden(login_page(people, browser)) | {"csrf_token": "x"})


# How to get there → the status it has.
PAGES = {
    login_page: 200,
    refused_login: 400,
    locked_login: 429,
    signup_page: 200,
    refused_signup: 400,
    consent_page: 200,
    account_page: 200,
    account_choice: 200,
    logout_question: 200,
    foreign_form: 403,
    lambda people, browser: browser.get("/logged-out"): 200,
    lambda people, browser: browser.get("/u/login?state=nobodys"): 400,
    lambda people, browser: people.authorize(browser, client_id="nobody"): 400,
    lambda people, browser: people.authorize(browser, redirect_uri="https://evil.example/"): 400,
    lambda people, browser: browser.get("/v2/logout?returnTo=https://evil.example/"): 400,
}
everywhere = pytest.mark.parametrize(
    ("reach", "status"), PAGES.items(), ids=[getattr(reach, "__name__", "").strip("<>") for reach in PAGES]
)


@everywhere
def test_T047_every_page_is_strict_uncached_unframed_and_tells_no_other_site(people, reach, status):
    page = reach(people, people.browser())
    assert page.status_code == status
    strict(page)
    directives = dict(
        part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";") if part.strip()
    )
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert directives["connect-src"] == "'none'"
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_forms_that_lead_to_no_application_may_lead_nowhere_else(people):
    assert "form-action 'self'" in account_page(people, people.browser()).headers["Content-Security-Policy"]
    assert "form-action" not in login_page(people, people.browser()).headers["Content-Security-Policy"]


@everywhere
def test_every_page_works_without_script_and_can_be_read_by_everybody(people, reach, status):
    html = reach(people, people.browser()).content.decode()
    assert not re.search(r"""\son[a-z]+=|javascript:|\sstyle=""", html)
    assert html.count("<h1") == 1
    assert '<html lang="en" dir="ltr">' in html
    assert "<main>" in html
    labels = set(re.findall(r'<label for="([^"]+)"', html))
    named = re.findall(r"<(?:input|select)(?![^>]*hidden)[^>]*?id=\"([^\"]+)\"", html)
    assert set(named) <= labels, "a field without a label"
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id that stands twice"


@everywhere
def test_no_page_repeats_the_password_or_gives_a_cookie_to_the_page(people, reach, status):
    browser = people.browser()
    page = reach(people, browser)
    html = page.content.decode()
    assert PASSWORD not in html
    assert 'value="wrong"' not in html
    for cookie in browser.cookies.values():
        assert cookie.value not in html
        assert cookie["httponly"]


def test_the_tenants_marks_and_help_are_on_every_page_of_its_own(people):
    update_tenant(
        people.world.tenant,
        by=BY,
        friendly_name="Acme Ltd",
        picture_url="https://cdn.acme.example/logo.png",
        support_email="help@acme.example",
    )
    update_application(people.web, by=BY, logo_uri="https://shop.example/logo.png")
    page = login_page(people, people.browser())
    html = strict(page)
    for part in (
        "Acme Ltd",
        "https://cdn.acme.example/logo.png",
        "https://shop.example/logo.png",
        "mailto:help@acme.example",
    ):
        assert part in html
    assert "img-src 'self' data: https://cdn.acme.example https://shop.example" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/u/login", "/u/signup", "/u/consent", "/u/account", "/account", "/u/logout", "/v2/logout"]
)
def test_other_methods_are_refused(people, path):
    browser = people.browser()
    assert browser.put(path, secure=True).status_code == 405
    assert browser.delete(path, secure=True).status_code == 405
