"""Authlib, unmodified, as a Django application uses it: its registry signs people in, its session calls the endpoints."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.django_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from django.test import RequestFactory
from joserfc.errors import InvalidClaimError

from tests.clients.browser import Browser
from tests.clients.provision import CALLBACK, GOODBYE
from tests.clients.server import RealServer

SCOPE = "openid profile email offline_access read:orders"

pytestmark = pytest.mark.usefixtures("_trusted")


class Shop:
    """A web application that uses Authlib, with one person's session in it."""

    def __init__(self, server: RealServer, method: str = "client_secret_basic") -> None:
        self.server = server
        self.known = server.applications[method] | {"token_endpoint_auth_method": method}
        kwargs = {"scope": SCOPE, "code_challenge_method": "S256", "token_endpoint_auth_method": method}
        self.oauth = OAuth().register(
            "latchkey",
            client_id=self.known["client_id"],
            client_secret=self.known["client_secret"],
            server_metadata_url=f"{server.issuer}.well-known/openid-configuration",
            client_kwargs=kwargs,
        )
        self.session: dict[str, Any] = {}

    def request(self, address: str) -> Any:
        """What Django hands to a view when the browser comes to `address`."""
        request = RequestFactory().get(address, secure=True)
        request.session = self.session
        return request

    def login(self, **parameters: str) -> str:
        """The address to which the login view sends the browser."""
        parameters = {"audience": self.server.audience} | parameters
        return str(self.oauth.authorize_redirect(self.request("/login"), CALLBACK, **parameters).headers["Location"])

    def callback(self, address: str) -> Any:
        """The tokens that the callback view gets."""
        return self.oauth.authorize_access_token(self.request(address))

    def sign_in(self, browser: Browser) -> Any:
        return self.callback(browser.visit(self.login())["url"])

    def endpoint(self, name: str) -> str:
        return str(self.oauth.load_server_metadata()[f"{name}_endpoint"])

    def requests(self, token: Any, **settings: Any) -> OAuth2Session:
        """Authlib's requests session that holds `token`."""
        return OAuth2Session(**self.known, token=dict(token), token_endpoint=self.endpoint("token"), **settings)


@pytest.fixture
def shop(server: RealServer) -> Shop:
    return Shop(server)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_a_person_signs_in_and_authlib_accepts_the_id_token(server: RealServer, browser: Browser, method: str) -> None:
    shop = Shop(server, method)
    arrived = browser.visit(shop.login(prompt="consent"))["url"]
    assert browser.shown == ["/u/login", "/u/consent"]
    assert parse_qs(urlsplit(arrived).query)["iss"] == [server.issuer]
    token = shop.callback(arrived)
    assert token["token_type"] == "Bearer"
    assert token["scope"] == SCOPE
    assert token["userinfo"]["iss"] == server.issuer
    assert token["userinfo"]["aud"] == shop.known["client_id"]
    assert token["userinfo"]["email"] == server.person["email"]
    # Authlib compares both only when they are there.
    assert {"nonce", "at_hash"} <= set(token["userinfo"])


def test_an_answer_to_a_request_that_this_session_never_made_is_refused(shop: Shop, browser: Browser) -> None:
    arrived = browser.visit(shop.login())["url"]
    shop.session.clear()
    with pytest.raises(MismatchingStateError):
        shop.callback(arrived)


@pytest.mark.parametrize(
    ("claim", "wrong"), [("nonce", {"nonce": "another"}), ("at_hash", {"access_token": "another"})], ids=["nonce", "at_hash"]
)
def test_authlib_would_notice_an_id_token_of_another_request(
    shop: Shop, browser: Browser, claim: str, wrong: dict[str, str]
) -> None:
    token = shop.sign_in(browser)
    right = {"nonce": token["userinfo"]["nonce"], "access_token": token["access_token"]}
    assert shop.oauth.parse_id_token(token, nonce=right["nonce"])["sub"]
    used = right | wrong
    with pytest.raises(InvalidClaimError) as refusal:
        shop.oauth.parse_id_token(token | {"access_token": used["access_token"]}, nonce=used["nonce"])
    assert refusal.value.claim == claim


def test_a_code_with_another_verifier_is_refused(shop: Shop, browser: Browser) -> None:
    arrived = browser.visit(shop.login())["url"]
    for data in shop.session.values():
        data["data"]["code_verifier"] = "w" * 48
    with pytest.raises(OAuthError, match="invalid_grant"):
        shop.callback(arrived)


def test_userinfo_tells_of_the_person_of_the_id_token(shop: Shop, browser: Browser) -> None:
    token = shop.sign_in(browser)
    told = shop.oauth.userinfo(token=token)
    assert told.sub == token["userinfo"]["sub"]
    assert told.email == shop.server.person["email"]


def test_authlib_refreshes_an_expired_token_by_itself_and_keeps_the_rotated_one(shop: Shop, browser: Browser) -> None:
    token = shop.sign_in(browser)
    updates: list[tuple[Any, str]] = []
    session = shop.requests(
        token | {"expires_at": 1}, update_token=lambda new, refresh_token, **_: updates.append((new, refresh_token))
    )
    assert session.get(shop.endpoint("userinfo")).json()["sub"] == token["userinfo"]["sub"]
    [(new, used)] = updates
    assert used == token["refresh_token"]
    assert new["refresh_token"] != used
    assert new["access_token"] != token["access_token"]


def test_a_refresh_token_that_was_rotated_away_is_refused_and_takes_the_new_one_along(shop: Shop, browser: Browser) -> None:
    token = shop.sign_in(browser)
    session = shop.requests(token)
    new = session.refresh_token(refresh_token=token["refresh_token"])
    for used in (token["refresh_token"], new["refresh_token"]):
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.refresh_token(refresh_token=used)


def test_introspection_and_revocation(shop: Shop, browser: Browser) -> None:
    token = shop.sign_in(browser)
    session, introspect = shop.requests(token), shop.endpoint("introspection")
    told = session.introspect_token(introspect, token=token["access_token"]).json()
    assert (told["active"], told["client_id"]) == (True, shop.known["client_id"])
    assert session.introspect_token(introspect, token=token["refresh_token"]).json()["active"] is True
    revoked = session.revoke_token(
        shop.endpoint("revocation"), token=token["refresh_token"], token_type_hint="refresh_token"
    )
    assert revoked.status_code == 200
    for name in ("refresh_token", "access_token"):
        assert session.introspect_token(introspect, token=token[name]).json() == {"active": False}
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(refresh_token=token["refresh_token"])


def test_another_application_learns_nothing_of_a_token_and_cannot_end_it(
    shop: Shop, server: RealServer, browser: Browser
) -> None:
    token = shop.sign_in(browser)
    other = Shop(server, "client_secret_post").requests(token, revocation_endpoint_auth_method="client_secret_post")
    for name in ("access_token", "refresh_token"):
        assert other.introspect_token(shop.endpoint("introspection"), token=token[name]).json() == {"active": False}
    assert other.revoke_token(shop.endpoint("revocation"), token=token["refresh_token"]).status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        other.refresh_token(refresh_token=token["refresh_token"])
    assert shop.requests(token).refresh_token(refresh_token=token["refresh_token"])["access_token"]


def test_signing_out_ends_the_session_at_the_server(shop: Shop, browser: Browser) -> None:
    token = shop.sign_in(browser)
    silent = browser.visit(shop.login(prompt="none"))["url"]
    assert shop.callback(silent)["userinfo"]["sub"] == token["userinfo"]["sub"]
    leaving = shop.oauth.logout_redirect(shop.request("/logout"), GOODBYE, id_token_hint=token["id_token"])
    pages = len(browser.shown)
    left = browser.visit(leaving.headers["Location"])["url"]
    assert len(browser.shown) == pages, "nothing is asked when the ID token vouches for the request"
    assert left.startswith(GOODBYE)
    assert shop.oauth.validate_logout_response(shop.request(left))["post_logout_redirect_uri"] == GOODBYE
    silent = browser.visit(shop.login(prompt="none"))["url"]
    with pytest.raises(OAuthError, match="login_required"):
        shop.callback(silent)
