"""Host → tenant: every answer belongs to the tenant whose configured domain the Host header matches, or to nobody."""

import pytest
from django.db import OperationalError
from django.test import Client

from tenants import config_cache
from tenants.services import add_domain, remove_domain
from tests import factories
from tests.conftest import SecureClient
from tests.factories import BY

PATHS = ["/oauth/token", "/.well-known/jwks.json", "/.well-known/openid-configuration", "/api/v2/clients", "/", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["unknown.example.com", "acme.example.com.evil.example", "acme.example.com:8443", ""])
def test_T049_an_unknown_host_is_404_for_everything(acme, host, path):
    for method in ("get", "post"):
        response = getattr(SecureClient(headers={"host": host}), method)(path)
        assert response.status_code == 404
        assert response.json() == {"statusCode": 404, "error": "Not Found", "message": "Not Found"}


def test_health_and_console_answer_on_every_host(db):
    client = SecureClient(headers={"host": "balancer.internal"})
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/admin/login/").status_code == 200


def test_the_console_answers_only_on_its_own_host_when_it_has_one(acme, settings):
    settings.CONSOLE_HOSTS = ["console.example.com"]
    assert SecureClient(headers={"host": "console.example.com"}).get("/admin/login/").status_code == 200
    assert acme.http().get("/admin/login/").status_code == 404


def test_the_console_forgives_a_missing_slash(acme):
    response = acme.http().get("/admin")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


def test_R20_a_public_page_tells_no_other_site_where_it_was(acme):
    assert acme.http(accept="text/html").get("/").headers["Referrer-Policy"] == "no-referrer"


def test_the_host_is_compared_without_case_and_without_the_usual_port(acme):
    for host in ("ACME.example.com", "acme.example.com:443"):
        response = SecureClient(headers={"host": host}).get("/.well-known/openid-configuration")
        assert response.json()["issuer"] == "https://acme.example.com/"


def test_T049_the_issuer_comes_from_configuration_never_from_a_header(acme):
    headers = {"host": "acme.example.com", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    assert SecureClient(headers=headers).get("/.well-known/openid-configuration").json()["issuer"] == acme.issuer


def test_plain_http_to_an_https_domain_is_not_acted_upon(acme):
    response = Client(headers={"host": "acme.example.com"}).post("/oauth/token", {"client_secret": acme.secret})
    assert response.status_code == 421
    assert "https" in response.json()["error_description"]


def test_a_domain_that_is_added_or_removed_counts_at_once(acme):
    client = SecureClient(headers={"host": "new.acme.example"})
    assert client.get("/.well-known/jwks.json").status_code == 404
    domain = add_domain(acme.tenant, "new.acme.example", by=BY)
    assert client.get("/.well-known/jwks.json").status_code == 200
    remove_domain(domain, by=BY)
    assert client.get("/.well-known/jwks.json").status_code == 404


def test_a_browser_gets_a_page_for_what_is_not_there(acme):
    response = acme.http(accept="text/html").get("/nothing")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert '<a href="/" id="home">' in response.content.decode()


def test_a_page_for_what_is_not_there_leads_nowhere_where_no_tenant_is(acme):
    browser = SecureClient(headers={"host": "unknown.example", "accept": "text/html"})
    for path in ("/nothing", "/"):
        response = browser.get(path)
        assert (response.status_code, b'id="home"' in response.content) == (404, False)


@pytest.mark.parametrize(
    ("peer", "trusted", "expected"),
    [
        ("10.0.0.5", ["10.0.0.0/24"], 200),
        ("10.0.1.5", ["10.0.0.0/24"], 421),
        ("10.0.0.5", [], 421),
        ("not an address", ["10.0.0.0/24"], 421),
    ],
)
def test_R24_forwarded_headers_count_only_from_a_trusted_proxy(acme, settings, peer, trusted, expected):
    settings.TRUSTED_PROXIES = trusted
    client = Client(headers={"host": "internal", "x-forwarded-host": "acme.example.com", "x-forwarded-proto": "https"})
    if expected == 421:
        client = Client(headers={"host": "acme.example.com", "x-forwarded-proto": "https"})
    assert client.get("/.well-known/jwks.json", REMOTE_ADDR=peer).status_code == expected


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("", "10.0.0.5"),
    ],
)
def test_T099_a_client_cannot_choose_its_address_by_a_header(acme, settings, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.0/24"]
    headers = {"x_forwarded_for": forwarded} if forwarded else {}
    acme.http(**headers).post("/oauth/token", {}, content_type="application/json", REMOTE_ADDR="10.0.0.5")
    assert acme.events("feccft")[0].ip == expected
    settings.TRUSTED_PROXIES = []
    acme.http(**headers).post("/oauth/token", {}, content_type="application/json", REMOTE_ADDR="10.0.0.5")
    assert acme.events("feccft")[0].ip == "10.0.0.5"


def test_L06_without_a_database_the_answer_is_503_and_try_again(acme, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(config_cache, "resolve", away)
    response = acme.http().post("/oauth/token", {}, content_type="application/json")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error"] == "temporarily_unavailable"


def test_L06_a_database_that_goes_away_in_the_middle_is_503_too(acme, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("apis.registry.loading.Application.objects.of", away)
    response = acme.ask()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert "connection" not in response.json()["error_description"]


def test_a_mistake_of_ours_is_a_500_with_a_reference_and_nothing_else(acme, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("authserver.policy.for_client", broken)
    client = SecureClient(headers={"host": "acme.example.com"}, raise_request_exception=False)
    body = {"grant_type": "client_credentials", "client_id": acme.application.client_id, "client_secret": acme.secret}
    response = client.post("/oauth/token", body, content_type="application/json")
    assert response.status_code == 500
    assert response.json()["error"] == "server_error"
    assert response.headers["X-Auth0-RequestId"] in response.json()["error_description"]
    assert "secret detail" not in response.content.decode()


def test_two_tenants_never_share_a_host(acme):
    other = factories.make_tenant("umbrella")
    with pytest.raises(Exception, match="another tenant"):
        add_domain(other, "acme.example.com", by=BY)
