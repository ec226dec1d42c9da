"""What stands in an access token, claim by claim, in each dialect that an API may choose."""

import json
import time

import jwt
import pytest

from apis.models import TokenDialect
from apis.services import apis
from tests.factories import BY
from tests.verification import verified


def _token(world, dialect):
    apis.update_api(world.api, token_dialect=dialect, by=BY)
    return world.ask().json()["access_token"]


def test_auth0s_claims_stand_in_auth0s_order(acme):
    claims = verified(acme, _token(acme, TokenDialect.ACCESS_TOKEN))
    assert list(claims) == ["iss", "sub", "aud", "iat", "exp", "scope", "gty", "azp", "jti"]
    assert claims["iss"] == "https://acme.example.com/"
    assert claims["aud"] == acme.api.identifier
    assert claims["gty"] == "client-credentials"
    assert claims["azp"] == acme.application.client_id
    assert claims["exp"] - claims["iat"] == 86_400
    assert abs(claims["iat"] - time.time()) < 5


def test_the_header_names_the_current_key(acme):
    header = jwt.get_unverified_header(_token(acme, TokenDialect.ACCESS_TOKEN))
    current = acme.tenant.signing_keys.get(state="current")
    assert header == {"alg": "RS256", "typ": "JWT", "kid": current.kid}


def test_the_authz_dialect_adds_the_granted_permissions(acme):
    claims = verified(acme, _token(acme, TokenDialect.ACCESS_TOKEN_AUTHZ))
    assert claims["permissions"] == ["read:orders", "create:orders"]
    assert "permissions" not in verified(acme, _token(acme, TokenDialect.ACCESS_TOKEN))


@pytest.mark.spec("RFC 9068", "2.2", "claims of a JWT access token")
def test_the_rfc_9068_dialect_has_its_type_and_claims(acme):
    token = _token(acme, TokenDialect.RFC9068)
    claims = verified(acme, token)
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert claims["client_id"] == acme.application.client_id
    assert {"azp", "gty", "permissions"}.isdisjoint(claims)
    assert verified(acme, _token(acme, TokenDialect.RFC9068_AUTHZ))["permissions"] == ["read:orders", "create:orders"]


def test_no_two_tokens_share_a_jti(acme):
    tokens = [acme.ask().json()["access_token"] for _ in range(20)]
    assert len({verified(acme, token)["jti"] for token in tokens}) == 20


def test_the_lifetime_is_the_apis(acme):
    apis.update_api(acme.api, token_lifetime=300, token_lifetime_for_web=60, by=BY)
    body = acme.ask().json()
    claims = verified(acme, body["access_token"])
    assert body["expires_in"] == claims["exp"] - claims["iat"] == 300


def test_a_token_is_plain_compact_jws(acme):
    token = _token(acme, TokenDialect.ACCESS_TOKEN)
    assert token.count(".") == 2
    assert "=" not in token
    assert json.loads(jwt.utils.base64url_decode(token.split(".")[1]))["iss"] == acme.issuer
