"""Dynamic client registration: what an application may say of itself, and what becomes of it (RFC 7591)."""

import time

import jwt
import pytest

from apis.services import connections as connection_services
from apis.services.applications import update_application
from authserver.models import ClientRegistration
from tenants.services import create_connection, update_tenant
from tests import factories
from tests.factories import BY
from tests.people import CALLBACK, challenge, hidden
from tests.registrations import FLAG, GOOD, JSON, Newcomer, open_to_strangers, refused, sign_in
from tests.standing import claims

METADATA = "/.well-known/openid-configuration"
BAD_METADATA, BAD_REDIRECT = (400, "invalid_client_metadata"), (400, "invalid_redirect_uri")
EVERYTHING = {
    "client_name": "Newcomer",
    "application_type": "web",
    "redirect_uris": [CALLBACK, "https://shop.example/other"],
    "post_logout_redirect_uris": ["https://shop.example/bye"],
    "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "client_secret_post",
    "id_token_signed_response_alg": "PS256",
    "subject_type": "public",
    "logo_uri": "https://shop.example/logo.png",
    "policy_uri": "https://shop.example/privacy",
    "tos_uri": "https://shop.example/terms",
    "client_uri": "https://shop.example/",
    "initiate_login_uri": "https://shop.example/login",
    "default_max_age": 3600,
    "contacts": ["ops@shop.example"],
    "software_id": "4NRB1-0XZABZI9E6-5SM3R",
    "software_version": "2.1",
    "require_auth_time": True,
}
CREDENTIALS = {"client_secret", "client_secret_expires_at", "registration_access_token", "registration_client_uri"}


@pytest.mark.spec("RFC 7591", "3.2.1", "the answer has all that is registered, and the credentials")
@pytest.mark.spec("RFC 7592", "3", "an address and a token to manage the registration")
def test_the_answer_holds_all_that_was_registered_and_the_credentials(newcomer):
    response = newcomer.asks(**EVERYTHING)
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json"
    assert (response.headers["Cache-Control"], response.headers["Pragma"]) == ("no-store", "no-cache")
    made = response.json()
    issued = {"client_id", "client_id_issued_at"}
    assert {name: made[name] for name in made.keys() - CREDENTIALS - issued} == EVERYTHING
    assert CREDENTIALS | issued <= set(made)
    assert made["client_secret_expires_at"] == 0
    assert abs(made["client_id_issued_at"] - time.time()) < 60
    assert made["registration_client_uri"] == f"https://acme.example.com/oidc/register/{made['client_id']}"
    assert len(made["registration_access_token"]) >= 43, "at least 256 bits"


@pytest.mark.spec("RFC 7591", "2", "defaults")
def test_what_is_left_out_or_null_has_the_rfcs_default(newcomer):
    for left_out in ({}, dict.fromkeys(["client_name", "contacts", "logo_uri", "jwks_uri", "default_max_age"])):
        values = {"redirect_uris": [CALLBACK], **left_out}
        made = newcomer.world.http().post("/oidc/register", values, content_type=JSON).json()
        assert {name: made[name] for name in made.keys() - CREDENTIALS - {"client_id", "client_id_issued_at"}} == {
            "client_name": "shop.example",
            "application_type": "web",
            "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "id_token_signed_response_alg": "RS256",
            "subject_type": "public",
        }


@pytest.mark.spec("RFC 7591", "2", "unknown members are ignored")
def test_what_is_unknown_is_ignored_and_not_answered(newcomer):
    more = {
        "client_name#de": "Neuling",
        "scope": "openid admin",
        "x": {"y": [1, None]},
        "client_id": "chosen",
        "enabled": True,
    }
    made = newcomer.registers(**more, is_first_party=True, client_secret="chosen-by-the-client-itself-0123456789abcdef")
    assert not {"client_name#de", "scope", "x", "enabled", "is_first_party"} & set(made)
    assert made["client_id"] != "chosen"
    assert made["client_secret"] != "chosen-by-the-client-itself-0123456789abcdef"
    assert newcomer.row(made).is_first_party is False


@pytest.mark.usefixtures("_unhurried")
@pytest.mark.parametrize("method", ["post", "get", "put", "delete"])
def test_while_the_flag_is_off_there_is_no_such_address(acme, globex, method):
    newcomer, path = Newcomer(globex), "/oidc/register"
    made = newcomer.registers()
    if method != "post":
        path += f"/{made['client_id']}"
    update_tenant(globex.tenant, flags={FLAG: False}, by=BY)
    for world in (acme, globex):
        client = world.http(authorization=f"Bearer {made['registration_access_token']}")
        sent = {} if method in ("get", "delete") else {"data": GOOD, "content_type": JSON}
        response = getattr(client, method)(path, secure=True, **sent)
        assert refused(response) == (404, "not_found")
        assert world.events("fapi") == [], "what nobody can do is no news"
    assert newcomer.row(made).enabled, "what registered before lives on"


def test_discovery_names_the_endpoint_while_it_is_open(acme, globex):
    Newcomer(acme)
    assert acme.http().get(METADATA).json()["registration_endpoint"] == "https://acme.example.com/oidc/register"
    assert "registration_endpoint" not in globex.http().get(METADATA).json()
    update_tenant(acme.tenant, flags={FLAG: False}, by=BY)
    assert "registration_endpoint" not in acme.http().get(METADATA).json()


def test_who_registered_signs_people_in_and_gets_their_tokens(people, newcomer):
    open_to_strangers(people)
    made = newcomer.registers()
    tokens = sign_in(people, made)
    assert claims(tokens["id_token"])["aud"] == made["client_id"]
    assert claims(tokens["access_token"])["azp"] == made["client_id"]
    again = people.refresh(tokens["refresh_token"], client_id=made["client_id"], client_secret=made["client_secret"])
    assert again.status_code == 200


def test_a_public_client_has_no_secret_and_must_prove_itself_by_pkce(people, newcomer):
    open_to_strangers(people)
    made = newcomer.registers(token_endpoint_auth_method="none")
    assert not {"client_secret", "client_secret_expires_at"} & set(made)
    browser = people.signed_in()
    refusal = people.authorize(browser, client_id=made["client_id"])
    assert "code_challenge" in refusal.headers["Location"]
    proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    code = people.code(browser, client_id=made["client_id"], **proof)
    assert people.redeem_spa(code, client_id=made["client_id"]).status_code == 200


def test_only_people_of_domain_level_directories_can_sign_in(people, newcomer):
    made = newcomer.registers()
    browser = people.signed_in()
    assert people.authorize(browser, client_id=made["client_id"]).headers["Location"].startswith("/u/login")
    open_to_strangers(people)
    connection_services.enable_connection(newcomer.row(made), people.connection, by=BY)
    assert people.authorize(browser, client_id=made["client_id"]).headers["Location"].startswith("/u/consent")
    others = create_connection(people.world.tenant, "Staff", by=BY)
    connection_services.enable_connection(newcomer.row(made), others, by=BY)
    refusal = people.authorize(browser, client_id=made["client_id"], connection="Staff")
    assert "unauthorized_client" in refusal.headers["Location"]


def consent_page(people, client_id):
    browser = people.browser()
    location = people.log_in(browser, people.authorize(browser, client_id=client_id)).headers["Location"]
    assert location.startswith("/u/consent"), location
    return browser.get(location)


@pytest.mark.spec("ASVS", "10.4.7", "people are warned of a client that anybody may have registered")
def test_T044_the_consent_page_warns_of_who_registered_itself_and_of_nobody_else(people, newcomer):
    open_to_strangers(people)
    made = newcomer.registers()
    warning = "It registered itself"
    page = consent_page(people, made["client_id"])
    assert warning in page.content.decode()
    assert "has not verified who it is" in page.content.decode()
    update_application(people.web, by=BY, is_first_party=False)
    assert warning not in consent_page(people, people.web.client_id).content.decode(), "an operator made this one"
    # The operator vouches for it from now on.
    update_application(newcomer.row(made), by=BY, is_first_party=True)
    assert warning not in consent_page(people, made["client_id"]).content.decode()


def test_T044_consent_cannot_be_skipped_by_an_api_that_trusts_the_house(people, newcomer):
    open_to_strangers(people)
    people.world.api.skip_consent_for_verifiable_first_party_clients = True
    people.world.api.save()
    assert hidden(consent_page(people, newcomer.registers()["client_id"]))["shown"]


def test_a_machine_that_registered_gets_tokens_for_what_somebody_granted_it_and_for_nothing_else(newcomer):
    world = newcomer.world
    made = newcomer.registers(grant_types=["client_credentials"], redirect_uris=[])
    assert made["response_types"] == [], "left out, it would mean code"
    asked = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    assert world.ask(**asked).json()["error"] == "access_denied"
    factories.grant(newcomer.row(made), world.api, ("read:orders",))
    assert claims(world.ask(**asked).json()["access_token"])["scope"] == "read:orders"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"grant_types": ["implicit"]}, BAD_METADATA),
        ({"grant_types": ["authorization_code", "implicit"]}, BAD_METADATA),
        ({"grant_types": ["password"]}, BAD_METADATA),
        ({"grant_types": ["http://auth0.com/oauth/grant-type/password-realm"]}, BAD_METADATA),
        ({"grant_types": ["urn:ietf:params:oauth:grant-type:device_code"]}, BAD_METADATA),
        ({"grant_types": ["refresh_token"]}, BAD_METADATA),
        ({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}, BAD_METADATA),
        ({"grant_types": ["client_credentials"], "response_types": ["code"]}, BAD_METADATA),
        ({"response_types": ["token"]}, BAD_METADATA),
        ({"response_types": ["code", "id_token"]}, BAD_METADATA),
        ({"token_endpoint_auth_method": "private_key_jwt"}, BAD_METADATA),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, BAD_METADATA),
        ({"subject_type": "pairwise"}, BAD_METADATA),
        ({"application_type": "desktop"}, BAD_METADATA),
        ({"id_token_signed_response_alg": "none"}, BAD_METADATA),
        ({"id_token_signed_response_alg": "ES256"}, BAD_METADATA),
        ({"id_token_signed_response_alg": "HS256", "token_endpoint_auth_method": "none"}, BAD_METADATA),
        ({"default_max_age": -1}, BAD_METADATA),
        ({"default_max_age": True}, BAD_METADATA),
        ({"default_max_age": "3600"}, BAD_METADATA),
        ({"require_auth_time": "yes"}, BAD_METADATA),
        ({"client_name": "<b>Bank</b>"}, BAD_METADATA),
        ({"client_name": ["Newcomer"]}, BAD_METADATA),
        ({"contacts": "ops@shop.example"}, BAD_METADATA),
        ({"redirect_uris": []}, BAD_REDIRECT),
        ({"redirect_uris": None}, BAD_REDIRECT),
        ({"redirect_uris": CALLBACK}, BAD_REDIRECT),
        ({"redirect_uris": [None]}, BAD_REDIRECT),
        ({"redirect_uris": [""]}, BAD_REDIRECT),
        ({"initiate_login_uri": "http://shop.example/login"}, BAD_METADATA),
    ],
    ids=str,
)
def test_metadata_that_cannot_be_registered_is_refused(newcomer, changes, refusal):
    response = newcomer.asks(**changes)
    assert refused(response) == refusal
    assert response.json()["error_description"]
    assert not ClientRegistration.objects.exists()
    assert newcomer.world.events("fapi")[0].details["error"] == refusal[1]


@pytest.mark.parametrize(
    ("uri", "native"),
    [
        ("com.example.app:/callback", True),
        ("myapp://callback", True),
        ("http://127.0.0.1/callback", True),
        ("http://[::1]:3000/callback", True),
        ("https://app.example/callback", True),
        ("https://shop.example:8443/callback?tenant=1", False),
        ("http://localhost:3000/callback", False),
    ],
)
@pytest.mark.spec("RFC 8252", "7", "private-use schemes, claimed https addresses and loopback for native applications")
def test_addresses_go_with_the_kind_of_application(newcomer, uri, native):
    kind = {True: "native", False: "web"}
    made = newcomer.registers(application_type=kind[native], redirect_uris=[uri])
    assert (made["redirect_uris"], made["application_type"]) == ([uri], kind[native])
    if not uri.startswith("http"):
        assert refused(newcomer.asks(redirect_uris=[uri])) == BAD_REDIRECT


def test_a_native_application_may_use_any_port_of_its_loopback_address(people, newcomer):
    open_to_strangers(people)
    options = {"redirect_uris": ["http://127.0.0.1/callback"], "token_endpoint_auth_method": "none"}
    browser, sent = people.signed_in(), people.of_spa(redirect_uri="http://127.0.0.1:51004/callback")
    for kind, led_on in (("native", True), ("web", False)):
        made = newcomer.registers(application_type=kind, **options)
        response = people.authorize(browser, sent | {"client_id": made["client_id"]})
        assert response.headers.get("Location", "").startswith("/u/consent") is led_on


@pytest.mark.parametrize("alg", ["RS256", "PS256", "HS256", "ES256", "EdDSA"])
def test_id_tokens_are_signed_as_registered(people, newcomer, alg):
    flags = {FLAG: True, "enable_ec_keys": True, "enable_okp_keys": True}
    update_tenant(open_to_strangers(people).world.tenant, flags=flags, by=BY)
    made = newcomer.registers(id_token_signed_response_alg=alg)
    assert jwt.get_unverified_header(sign_in(people, made)["id_token"])["alg"] == alg


@pytest.mark.spec("OIDC Registration", "2", "default_max_age, unless the request says otherwise")
def test_a_registered_max_age_asks_for_a_fresh_login(people, newcomer):
    open_to_strangers(people)
    strict, lax = newcomer.registers(default_max_age=0), newcomer.registers()
    browser = people.signed_in()
    time.sleep(1.1)

    def step(made, **changes):
        return people.authorize(browser, client_id=made["client_id"], **changes).headers["Location"].partition("?")[0]

    assert (step(strict), step(lax)) == ("/u/login", "/u/consent")
    assert step(strict, max_age=3600) == "/u/consent"


@pytest.mark.parametrize(
    ("body", "content_type", "refusal"),
    [
        (b"redirect_uris=x", "application/x-www-form-urlencoded", (400, "invalid_request")),
        (b"{}", "", (400, "invalid_request")),
        (b"", JSON, (400, "invalid_request")),
        (b"{", JSON, (400, "invalid_request")),
        (b"[]", JSON, (400, "invalid_request")),
        (b'"x"', JSON, (400, "invalid_request")),
        (b'{"client_name": NaN}', JSON, (400, "invalid_request")),
        (b'{"client_name": "\xff"}', JSON, (400, "invalid_request")),
        (b'{"client_name": "a", "client_name": "b"}', JSON, (400, "invalid_request")),
        (b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}", JSON, (400, "invalid_request")),
        (b'{"client_name": "\\u0000", "redirect_uris": ["https://x.example/"]}', JSON, BAD_METADATA),
        (b'{"client_name": "\\ud800", "redirect_uris": ["https://x.example/"]}', JSON, BAD_METADATA),
        (b'{"redirect_uris": ["https://x.example/\\ud800"]}', JSON, BAD_REDIRECT),
        (b'{"redirect_uris": ["https://x.example/ https://y.example/"]}', JSON, BAD_REDIRECT),
        (b'{"redirect_uris": ["https://x.example/\\nhttps://y.example/"]}', JSON, BAD_REDIRECT),
        (b'{"redirect_uris": ["https://[/"]}', JSON, BAD_REDIRECT),
    ],
    ids=range(16),
)
def test_a_body_that_is_no_registration_is_refused_and_never_an_error_of_ours(newcomer, body, content_type, refusal):
    response = newcomer.world.http().generic("POST", "/oidc/register", body, content_type=content_type)
    assert refused(response) == refusal


@pytest.mark.parametrize(("path", "allowed"), [("", "POST, OPTIONS"), ("/x", "GET, PUT, DELETE, OPTIONS")])
def test_other_methods_are_refused_with_those_that_there_are(newcomer, path, allowed):
    response = newcomer.world.http().generic("PATCH", f"/oidc/register{path}", b"{}", content_type=JSON)
    assert refused(response) == (405, "method_not_allowed")
    assert response.headers["Allow"] == allowed


def test_a_registration_is_told_with_where_it_came_from_and_without_its_secrets(newcomer):
    made = newcomer.registers(ip="198.51.100.7")
    event = next(event for event in newcomer.world.events("sapi") if event.description == "Create a client")
    assert event.details["actor"] == {"type": "registration", "name": "dynamic registration"}
    assert (event.ip, event.details["target"]) == ("198.51.100.7", made["client_id"])
    stored = str([vars(row) for row in newcomer.world.events("sapi")]) + str(vars(ClientRegistration.objects.get()))
    assert made["registration_access_token"] not in stored
    assert made["client_secret"] not in stored


def test_T140_a_registration_belongs_to_one_tenant(newcomer, globex):
    made = newcomer.registers()
    asked = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    assert globex.ask(**asked).status_code == 401
    assert globex.http().get("/authorize", {"client_id": made["client_id"]}).status_code == 400
