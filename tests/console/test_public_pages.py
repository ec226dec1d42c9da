"""Home and error pages: what people see who open an address in a browser."""

import pytest
from django.test import override_settings

from tests.conftest import SecureClient

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


@pytest.mark.parametrize("path", ["latchkey/pages.css", "latchkey/icon.svg", "latchkey/console.css", "latchkey/copy.js"])
def test_what_the_pages_load_is_served(path, acme):
    assert _served(acme, path)
