"""README, "Every flow, to paste": pasted as it stands, block by block, while `make run` serves."""

import json
import re
import socket
import subprocess
from typing import Any

import jwt
import pytest

from tests.operations.newcomer import ROOT, bare_environment, copy_checkout, make_run, running

SECTION = "## Every flow, to paste"
MARK = "@@@ next block @@@"
AUDIENCE = "https://orders.example.com"


def blocks() -> dict[str, str]:
    """The section's blocks by the bold words in front of them, in their order."""
    section = (ROOT / "README.md").read_text().partition(SECTION)[2].partition("\n## ")[0]
    found = re.findall(r"\*\*(.+?)\*\*(?:(?!```).)*```bash\n(.+?)```", section, flags=re.DOTALL)
    assert len(found) == section.count("```bash"), "a block stands without bold words in front of it"
    return {title.rstrip(".:"): block for title, block in found}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Any:
    """What each block printed, and the issuer."""
    directory, port = tmp_path_factory.mktemp("walk-throughs"), free_port()
    checkout, written = copy_checkout(directory / "checkout"), blocks()
    script = f"\necho; echo '{MARK}'\n".join(["set -eu -o pipefail", *written.values()])
    with (
        bare_environment(directory / "home") as environment,
        running(make_run(f"PORT={port}"), checkout, environment),
    ):
        pasted = subprocess.run(
            ["bash", "-c", script], cwd=checkout, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        keys = fetch(f"http://localhost:{port}/.well-known/jwks.json")
    assert pasted.returncode == 0, pasted.stdout + pasted.stderr
    outputs = [output.strip() for output in pasted.stdout.split(MARK)[1:]]
    return dict(zip(written, outputs, strict=True)) | {"issuer": f"http://localhost:{port}/", "keys": keys}


def fetch(url: str) -> Any:
    return json.loads(subprocess.run(["curl", "-sS", url], capture_output=True, text=True, check=True).stdout)


def claims(said: Any, token: str, audience: str = AUDIENCE) -> dict[str, Any]:
    """The claims of `token`, verified as a resource server would."""
    key = jwt.PyJWKSet.from_dict(said["keys"])[jwt.get_unverified_header(token)["kid"]]
    verified: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=said["issuer"])
    return verified


def documents(text: str) -> list[dict[str, Any]]:
    """The JSON objects among the lines of `text`."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


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
