"""T-080 to T-089: what strangers register. Nothing they point to is fetched, little is believed, and not too many come."""

import base64
import gzip
import json
import socket
from datetime import timedelta

import jwt
import pytest
from django.core.management import call_command
from django.utils import timezone

from apis.models import Application
from apis.services.applications import update_application
from authserver.models import ClientRegistration, TokenFamily
from authserver.registration import limits
from tests import factories
from tests.factories import BY
from tests.people import CALLBACK
from tests.registrations import GOOD, JSON, Newcomer, open_to_strangers, refused, sign_in
from tests.test_cleanup import clean

BAD_METADATA, BAD_REDIRECT = (400, "invalid_client_metadata"), (400, "invalid_redirect_uri")
INWARD = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "[::1]",
    "[::]",
    "[fd00::1]",
    "[fe80::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "localhost.",
    "intern.localhost",
    "router",
    "printer.local",
    "metadata.google.internal",
    "wiki.corp",
    "203.0.113.7",
]
SHOWN = ("logo_uri", "policy_uri", "tos_uri", "client_uri", "initiate_login_uri")


@pytest.fixture
def no_network(monkeypatch):
    """Fails whoever asks for a name or opens a connection; the list is what was asked for, in case it was caught."""
    asked = []

    def refuse(*arguments, **_):
        asked.append(arguments)
        raise AssertionError(f"the network was asked: {arguments}")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    return asked


def test_the_trap_for_connections_catches(no_network):
    with pytest.raises(AssertionError), socket.socket() as opened:
        opened.connect(("127.0.0.1", 9))
    with pytest.raises(AssertionError):
        socket.create_connection(("127.0.0.1", 9))
    assert len(no_network) == 2


@pytest.mark.parametrize("host", INWARD)
def test_T080_no_browser_is_sent_into_a_private_network(newcomer, no_network, host):
    for member in SHOWN:
        response = newcomer.asks(**{member: f"https://{host}/latest/meta-data"})
        assert refused(response) == BAD_METADATA, member
        assert member in response.json()["error_description"]
    assert not ClientRegistration.objects.exists()
    assert no_network == []


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://shop.example/logo.png",
        "//shop.example/logo.png",
        "/logo.png",
        "https://user@shop.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/a b",
        "https://shop.example/" + "x" * 2_048,
        "https:///logo.png",
        "https://shop.example:99999/",
    ],
    ids=lambda uri: uri[:40],
)
def test_T008_T080_addresses_of_pages_are_plain_https(newcomer, uri):
    for member in SHOWN:
        assert refused(newcomer.asks(**{member: uri})) == BAD_METADATA, member
        assert newcomer.asks(**{member: "https://shop.example/it"}).status_code == 201


@pytest.mark.parametrize(
    "member", ["jwks_uri", "sector_identifier_uri", "request_uris", "backchannel_logout_uri", "frontchannel_logout_uri"]
)
@pytest.mark.parametrize("address", ["https://keys.shop.example/", "https://169.254.169.254/", "http://localhost/"])
def test_T080_what_would_have_to_be_fetched_is_refused_wherever_it_points(newcomer, no_network, member, address):
    assert refused(newcomer.asks(**{member: [address] if member == "request_uris" else address})) == BAD_METADATA
    assert no_network == []


@pytest.mark.parametrize("logo", ["https://169.254.169.254/latest/", "https://rebind.example.com/logo.png"])
def test_T080_T081_T082_showing_an_application_asks_no_other_server(people, newcomer, no_network, logo):
    open_to_strangers(people)
    made = newcomer.registers(**dict.fromkeys(SHOWN, "https://rebind.example.com/x"), contacts=["a@rebind.example.com"])
    # Even where it came there by another road than registration.
    Application.objects.filter(client_id=made["client_id"]).update(logo_uri=logo)
    browser = people.browser()
    first = people.authorize(browser, client_id=made["client_id"])
    assert logo in browser.get(first.headers["Location"]).content.decode()
    consent = people.log_in(browser, first)
    page = browser.get(consent.headers["Location"])
    assert (logo in page.content.decode(), 'referrerpolicy="no-referrer"' in page.content.decode()) == (True, True)
    assert sign_in(people, made)["access_token"]
    assert newcomer.reads(made).status_code == 200
    assert (
        newcomer.writes(made, GOOD | {"client_id": made["client_id"], "logo_uri": "https://x.example/"}).status_code == 200
    )
    assert no_network == []


def test_T083_a_body_is_small_plain_json(newcomer):
    bomb = gzip.compress(json.dumps(GOOD | {"client_name": "x" * 10_000_000}).encode())
    client = newcomer.world.http(content_encoding="gzip")
    assert refused(client.generic("POST", "/oidc/register", bomb, content_type=JSON)) == (400, "invalid_request")
    large = json.dumps(GOOD | {"x": "x" * 70_000}).encode()
    for headers in ({}, {"CONTENT_LENGTH": "99999999999"}):
        response = newcomer.world.http().generic("POST", "/oidc/register", large, content_type=JSON, **headers)
        assert refused(response) == (413, "invalid_request")
    for content_type in ("text/plain", "application/jwt", "multipart/form-data; boundary=x", ""):
        sent = newcomer.world.http().generic("POST", "/oidc/register", b"{}", content_type=content_type)
        assert refused(sent) == (400, "invalid_request")


@pytest.mark.parametrize("uri", ["https://rebind.example.com/secret-7", "http://127.0.0.1:8000/secret-7", "urn:secret-7"])
def test_T084_a_request_uri_is_refused_unseen(people, newcomer, no_network, uri):
    open_to_strangers(people)
    made = newcomer.registers()
    for client_id in (made["client_id"], people.web.client_id):
        response = people.authorize(people.signed_in(), client_id=client_id, request_uri=uri)
        assert "error=request_uri_not_supported" in response.headers["Location"]
        assert "secret-7" not in response.headers["Location"]
    assert no_network == []


@pytest.mark.parametrize(
    "uri", ["https://{tenant}.shop.example/bye", "https://shop.example/${client.session.host}", "https://*.shop.example/"]
)
def test_T085_addresses_have_no_placeholders_and_only_registered_ones_count(people, newcomer, uri):
    open_to_strangers(people)
    assert refused(newcomer.asks(redirect_uris=[uri])) == BAD_REDIRECT
    assert refused(newcomer.asks(post_logout_redirect_uris=[uri])) == BAD_METADATA
    made = newcomer.registers(post_logout_redirect_uris=["https://shop.example/bye"])
    browser = people.browser()
    code = people.code(browser, client_id=made["client_id"])
    hint = people.redeem(code, client_id=made["client_id"], client_secret=made["client_secret"]).json()["id_token"]
    asked = {"id_token_hint": hint, "client_session_host": "evil.example"}
    for target in ("https://shop.example/bye?host=evil.example", "https://evil.example/bye"):
        response = browser.get("/oidc/logout", asked | {"post_logout_redirect_uri": target})
        assert "evil.example" not in response.headers.get("Location", "")
    left = browser.get("/oidc/logout", asked | {"post_logout_redirect_uri": "https://shop.example/bye"})
    assert left.headers["Location"] == "https://shop.example/bye"


BAD = [
    ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["data:text/html,x"], "application_type": "native"}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://shop.example/cb#fragment"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["http://shop.example/cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["http://127.0.0.1.evil.example/cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://shop.example@evil.example/cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://shop.example/../cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://*.example/cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["com.example.app:/cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": [CALLBACK, "ftp://shop.example/cb"]}, "invalid_redirect_uri"),
    ({"redirect_uris": [f"https://shop.example/{n}" for n in range(51)]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://shop.example/" + "x" * 2_048]}, "invalid_redirect_uri"),
    ({"post_logout_redirect_uris": ["javascript:alert(1)"]}, "invalid_client_metadata"),
    ({"post_logout_redirect_uris": [f"https://shop.example/{n}" for n in range(51)]}, "invalid_client_metadata"),
    ({"contacts": ["ops@shop.example"] * 9 + ["a@x.example", "b@x.example"]}, "invalid_client_metadata"),
    ({"contacts": ["x" * 255]}, "invalid_client_metadata"),
    ({"grant_types": ["authorization_code"] * 11}, "invalid_client_metadata"),
    ({"client_name": "x" * 256}, "invalid_client_metadata"),
    ({"software_id": "x" * 256}, "invalid_client_metadata"),
    ({"grant_types": ["authorization_code", "urn:unknown"]}, "invalid_client_metadata"),
    ({f"unknown{n}": n for n in range(101)}, "invalid_client_metadata"),
    ({"jwks": {"keys": []}}, "invalid_client_metadata"),
    ({"id_token_encrypted_response_alg": "RSA-OAEP-256"}, "invalid_client_metadata"),
    ({"userinfo_signed_response_alg": "RS256"}, "invalid_client_metadata"),
    ({"userinfo_encrypted_response_alg": "RSA-OAEP-256"}, "invalid_client_metadata"),
    ({"request_object_signing_alg": "none"}, "invalid_client_metadata"),
    ({"require_signed_request_object": True}, "invalid_client_metadata"),
    ({"require_pushed_authorization_requests": True}, "invalid_client_metadata"),
    ({"dpop_bound_access_tokens": True}, "invalid_client_metadata"),
    ({"tls_client_certificate_bound_access_tokens": True}, "invalid_client_metadata"),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=lambda value: str(value)[:60])
def test_T086_metadata_that_is_dangerous_too_long_or_a_promise_we_do_not_keep_is_refused(newcomer, changes, code):
    assert refused(newcomer.asks(**changes)) == (400, code)
    assert not ClientRegistration.objects.exists()


def test_T086_promises_of_nothing_are_harmless(newcomer):
    nothing = {"dpop_bound_access_tokens": False, "jwks_uri": "", "request_uris": [], "jwks": None}
    assert not nothing.keys() & newcomer.registers(**nothing).keys()


def forged(header):
    parts = [json.dumps(part).encode() for part in (header, {"iss": "x"})]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (jwt.encode({"iss": "x"}, "k" * 32, algorithm="HS256"), "unapproved_software_statement"),
        (forged({"alg": "none"}) + ".", "invalid_software_statement"),
        (forged({"alg": "none"}) + ".c2ln", "invalid_software_statement"),
        (forged({"alg": "NONE"}) + ".c2ln", "invalid_software_statement"),
        (forged({}) + ".c2ln", "invalid_software_statement"),
        (forged([]) + ".c2ln", "invalid_software_statement"),
        ("not.a.jwt", "invalid_software_statement"),
        ("\u00e4.b.c", "invalid_software_statement"),
        ("", "invalid_software_statement"),
        ({"client_name": "x"}, "invalid_software_statement"),
    ],
    ids=range(10),
)
def test_T086_no_software_statement_is_believed(newcomer, statement, code):
    assert refused(newcomer.asks(software_statement=statement)) == (400, code)
    assert not ClientRegistration.objects.exists()


def test_T086_a_host_that_only_begins_like_a_registered_one_is_another(people, newcomer):
    open_to_strangers(people)
    made = newcomer.registers(redirect_uris=["https://trusted.example/cb"])
    for sent in ("https://trusted.example.evil/cb", "https://trustedXexample/cb", "https://trusted.example/cb/"):
        response = people.authorize(people.browser(), client_id=made["client_id"], redirect_uri=sent)
        assert (response.status_code, "Location" in response.headers) == (400, False)


def test_T088_one_address_is_limited_and_another_goes_on(acme):
    newcomer = Newcomer(acme)
    tries = [newcomer.asks(ip="198.51.100.7", redirect_uris=[]) for _ in range(limits.PER_NETWORK.tries)]
    # Bad ones count as well; those beyond what the tenant takes in a second are refused already.
    assert {response.status_code for response in tries} <= {400, 429}
    response = newcomer.asks(ip="198.51.100.7")
    assert refused(response) == (429, "too_many_requests")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    told = acme.events("fapi")[0].details
    assert (told["reason"], "from one address" in told["remedy"]) == ("TooManyRegistrations", True)


def test_T088_an_ipv6_network_counts_as_one_address(acme, monkeypatch):
    monkeypatch.setattr(limits, "PER_TENANT", limits.PER_TENANT.__class__("of a test", 10_000, 1))
    monkeypatch.setattr(limits, "PER_NETWORK", limits.PER_NETWORK.__class__("of a test", 2, 60))
    newcomer = Newcomer(acme)
    answers = [newcomer.asks(ip=f"2001:db8:0:{net}::{n}").status_code for net, n in [(1, 1), (1, 2), (1, 3), (2, 1)]]
    assert answers == [201, 201, 429, 201]


def test_T088_all_addresses_together_are_limited_for_each_tenant(acme, globex, monkeypatch):
    # As shipped, but for a window that no slow machine outlives.
    monkeypatch.setattr(limits, "PER_TENANT", limits.PER_TENANT.__class__("of a test", limits.PER_TENANT.tries, 60))
    busy, quiet = Newcomer(acme), Newcomer(globex)
    answers = [busy.asks(ip=f"198.51.100.{n}").status_code for n in range(limits.PER_TENANT.tries + 1)]
    assert answers == [201] * limits.PER_TENANT.tries + [429]
    assert quiet.asks(ip="198.51.100.1").status_code == 201
    assert (limits.PER_TENANT.tries, limits.PER_NETWORK.tries) == (5, 20)


def test_T088_registrations_that_nobody_uses_have_a_quota_for_each_tenant(newcomer, globex, settings):
    settings.DYNAMIC_REGISTRATION_QUOTA = 2
    first, _ = newcomer.registers(), newcomer.registers()
    assert refused(newcomer.asks()) == (403, "access_denied")
    assert "DYNAMIC_REGISTRATION_QUOTA" in newcomer.world.events("fapi")[0].details["remedy"]
    assert Application.objects.of(newcomer.world.tenant).filter(is_first_party=False).count() == 2
    assert Newcomer(globex).asks().status_code == 201
    newcomer.leaves(first)
    assert newcomer.asks().status_code == 201, "one left, so there is room again"


def test_T088_a_registration_that_is_used_takes_no_room(people, newcomer, settings):
    settings.DYNAMIC_REGISTRATION_QUOTA = 1
    sign_in(open_to_strangers(people), newcomer.registers())
    granted = newcomer.registers()
    assert newcomer.asks().status_code == 403
    factories.grant(newcomer.row(granted), people.world.api)
    newcomer.registers()
    assert newcomer.asks().status_code == 403


def aged(days):
    ClientRegistration.objects.update(created_at=timezone.now() - timedelta(days=days))


def test_T088_what_is_not_used_for_thirty_days_is_removed_and_told(newcomer):
    made = newcomer.registers()
    aged(29)
    assert clean()["unused registrations"] == "0"
    aged(31)
    assert clean(dry_run=True)["unused registrations"] == "1"
    assert newcomer.reads(made).status_code == 200
    assert clean()["unused registrations"] == "1"
    assert refused(newcomer.reads(made)) == (401, "invalid_token")
    told = [event for event in newcomer.world.events("sapi") if event.description == "Delete a client"]
    assert told[0].details["target"] == made["client_id"]
    assert clean()["unused registrations"] == "0"


def test_T088_what_was_used_stays_when_the_traces_of_it_are_gone(people, newcomer):
    made = newcomer.registers()
    sign_in(open_to_strangers(people), made)
    aged(365)
    TokenFamily.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert (clean()["token families"], TokenFamily.objects.count()) == ("1", 0)
    newcomer.row(made).consents.all().delete()
    call_command("cleanup", verbosity=0)
    assert newcomer.reads(made).status_code == 200


def test_T088_what_an_operator_made_first_party_stays(newcomer):
    made = newcomer.registers()
    update_application(newcomer.row(made), by=BY, is_first_party=True)
    aged(31)
    assert clean()["unused registrations"] == "0"
    assert newcomer.row(made).enabled


@pytest.mark.parametrize(("path", "method", "methods"), [("", "POST", "POST"), ("/x", "GET", "GET, PUT, DELETE")])
def test_T089_registration_is_for_scripts_of_registered_origins_only(newcomer, path, method, methods):
    world = newcomer.world
    factories.make_application(world.tenant, "Tracker", app_type="spa", allowed_origins="https://tracker.example")
    # Whoever registers an address for the code has not registered an origin with it.
    newcomer.registers(redirect_uris=["https://evil.example/cb"], token_endpoint_auth_method="none")
    for origin, allowed in [("https://tracker.example", True), ("https://evil.example", False), ("null", False)]:
        preflight = world.http(origin=origin, access_control_request_method="PUT").options(f"/oidc/register{path}")
        answer = world.http(origin=origin).generic(method, f"/oidc/register{path}", b"{}", content_type=JSON)
        for response in (preflight, answer):
            assert response.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
            assert response.headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in response.headers
        assert preflight.headers.get("Access-Control-Allow-Methods") == (methods if allowed else None)


def test_T089_the_authorization_endpoint_answers_no_script(people):
    for method in ("get", "options"):
        client = people.world.http(origin="https://shop.example", access_control_request_method="GET")
        response = getattr(client, method)("/authorize", people.asked() if method == "get" else "")
        assert not [name for name in response.headers if name.startswith("Access-Control-")]
