"""auth0-python, unmodified: it is given host and port, insists on https, sends JSON, and verifies by our keys."""

import pytest
from auth0.authentication import GetToken, RevokeToken, Users
from auth0.authentication.exceptions import Auth0Error, TokenValidationError
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier

from tests.clients.server import RealServer

SCOPE = "openid email offline_access read:orders"

pytestmark = pytest.mark.usefixtures("_trusted")


@pytest.fixture
def application(server: RealServer) -> dict[str, str]:
    return server.applications["client_secret_post"]


@pytest.fixture
def get_token(server: RealServer, application: dict[str, str]) -> GetToken:
    return GetToken(server.domain, application["client_id"], client_secret=application["client_secret"])


def login(get_token: GetToken, server: RealServer, **changes: str) -> dict[str, str]:
    """Auth0's password-realm grant with the person's credentials."""
    person = server.person
    asked = {"username": person["email"], "password": person["password"], "realm": person["connection"], "scope": SCOPE}
    return dict(get_token.login(**(asked | {"audience": server.audience} | changes)))


def verifier(server: RealServer, audience: str) -> TokenVerifier:
    keys = AsymmetricSignatureVerifier(f"{server.issuer}.well-known/jwks.json")
    return TokenVerifier(signature_verifier=keys, issuer=server.issuer, audience=audience)


def test_a_person_logs_in_by_password_realm_and_the_library_verifies_the_id_token(
    get_token: GetToken, server: RealServer, application: dict[str, str]
) -> None:
    tokens = login(get_token, server)
    assert tokens["scope"] == SCOPE
    claims = verifier(server, application["client_id"]).verify(tokens["id_token"])
    assert claims["email"] == server.person["email"]
    assert Users(server.domain).userinfo(tokens["access_token"])["sub"] == claims["sub"]
    with pytest.raises(TokenValidationError, match="aud"):
        verifier(server, "somebody-else").verify(tokens["id_token"])


@pytest.mark.parametrize(
    ("wrong", "code", "text"),
    [
        ({"password": "wrong"}, "invalid_grant", "Wrong email or password."),
        ({"username": "nobody@example.com"}, "invalid_grant", "Wrong email or password."),
        ({"realm": "nowhere"}, "invalid_request", "specified strategy does not support requested operation"),
    ],
    ids=["password", "username", "realm"],
)
def test_a_login_that_fails_reads_as_the_library_knows_it(
    get_token: GetToken, server: RealServer, wrong: dict[str, str], code: str, text: str
) -> None:
    with pytest.raises(Auth0Error) as refusal:
        login(get_token, server, **wrong)
    assert (refusal.value.status_code, refusal.value.error_code) == (403, code)
    assert text in refusal.value.message


def test_a_refresh_token_works_until_the_library_revokes_it(
    get_token: GetToken, server: RealServer, application: dict[str, str]
) -> None:
    tokens = login(get_token, server)
    refreshed = get_token.refresh_token(tokens["refresh_token"])
    assert refreshed["access_token"] != tokens["access_token"]
    revocation = RevokeToken(server.domain, application["client_id"], client_secret=application["client_secret"])
    revocation.revoke_refresh_token(refreshed["refresh_token"])
    with pytest.raises(Auth0Error) as refusal:
        get_token.refresh_token(refreshed["refresh_token"])
    assert (refusal.value.status_code, refusal.value.error_code) == (403, "invalid_grant")
    assert refusal.value.message == "Unknown or invalid refresh token."


def test_machines_get_tokens_for_what_they_were_granted_only(server: RealServer) -> None:
    machine = server.machine
    get_token = GetToken(server.domain, machine["client_id"], client_secret=machine["client_secret"])
    token = get_token.client_credentials(server.audience)["access_token"]
    assert verifier(server, server.audience).verify(token)["gty"] == "client-credentials"
    with pytest.raises(Auth0Error) as refusal:
        get_token.client_credentials("https://nowhere.example.com")
    assert (refusal.value.status_code, refusal.value.error_code) == (403, "access_denied")
