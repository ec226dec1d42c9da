"""README, "Every flow, to paste": pasted as it stands, block by block, while `make run` serves."""

import re
from typing import Any

import jwt
import pytest

from tests.operations.newcomer import ROOT
from tests.operations.pasting import documents, paste

AUDIENCE = "https://orders.example.com"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Any:
    """What each block printed, and the issuer."""
    return paste("Every flow, to paste", tmp_path_factory.mktemp("walk-throughs"))


def claims(said: Any, token: str, audience: str = AUDIENCE) -> dict[str, Any]:
    """The claims of `token`, verified as a resource server would."""
    key = jwt.PyJWKSet.from_dict(said["keys"])[jwt.get_unverified_header(token)["kid"]]
    verified: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=said["issuer"])
    return verified


def test_setting_up_prints_nothing(said: Any) -> None:
    assert said["Once: who plays"] == ""


def test_a_code_becomes_tokens_for_the_api(said: Any) -> None:
    [tokens] = documents(said["Authorization code"])
    assert claims(said, tokens["access_token"])["scope"] == "openid profile email read:orders"
    assert "refresh_token" not in tokens


def test_pkce_brings_tokens_and_a_refresh_token_without_a_secret(said: Any) -> None:
    [tokens] = documents(said["Authorization code with PKCE"])
    assert claims(said, tokens["access_token"])["scope"] == "openid offline_access read:orders"
    [fresh] = documents(said["Refresh"])
    assert fresh["refresh_token"] != tokens["refresh_token"]
    assert claims(said, fresh["access_token"])["sub"] == claims(said, tokens["access_token"])["sub"]
    [person] = documents(said["Who signed in"])
    assert person["sub"] == claims(said, fresh["access_token"])["sub"]


def test_silent_authentication_answers_at_once_and_after_logout_says_login_required(said: Any) -> None:
    assert re.fullmatch(r"http://localhost:3000/callback\?code=[\w-]{43}&state=3&iss=.+", said["Silent authentication"])
    left, silent = said["Logout"].splitlines()
    assert left == f"{said['issuer']}logged-out"
    assert "error=login_required" in silent


def test_a_revoked_token_is_no_longer_active(said: Any) -> None:
    before, after = documents(said["Introspection and revocation"])
    assert (before["active"], before["username"]) == (True, "ada@example.com")
    assert after == {"active": False}


def test_implicit_and_hybrid_answers_verify(said: Any) -> None:
    fragment = dict(pair.split("=", 1) for pair in said["Implicit"].partition("#")[2].split("&"))
    assert claims(said, fragment["access_token"])["scope"] == "openid read:orders"
    id_token, tokens = said["Hybrid"].splitlines()[0], documents(said["Hybrid"])[0]
    audience = jwt.decode(id_token, options={"verify_signature": False})["aud"]
    assert claims(said, id_token, audience)["nonce"] == "n6"
    assert claims(said, id_token, audience)["c_hash"]
    assert claims(said, tokens["access_token"])


def test_the_password_grants_bring_tokens_for_the_scopes_that_were_asked(said: Any) -> None:
    every, narrow = documents(said["Password"])
    assert claims(said, every["access_token"])["scope"] == "read:orders create:orders delete:orders"
    assert claims(said, narrow["access_token"])["scope"] == "read:orders"
    assert claims(said, narrow["access_token"])["gty"] == "http://auth0.com/oauth/grant-type/password-realm"


def test_every_flow_that_the_metadata_names_has_a_block() -> None:
    text = (ROOT / "README.md").read_text()
    from authserver.grants import GRANTS

    for grant in GRANTS:
        assert f"grant_type={grant}" in text, grant
