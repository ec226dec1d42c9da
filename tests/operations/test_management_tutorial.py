"""README, "The Management API, to paste": pasted as it stands, block by block, while `make run` serves."""

from typing import Any

import jwt
import pytest

from tests.operations.pasting import documents, paste

AUDIENCE = "https://invoices.example.com"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Any:
    """What each block printed, and the issuer."""
    return paste("The Management API, to paste", tmp_path_factory.mktemp("tutorial"))


def scope_of(said: Any, token: str) -> str:
    """The scope of `token`, verified as a resource server would."""
    key = jwt.PyJWKSet.from_dict(said["keys"])[jwt.get_unverified_header(token)["kid"]]
    return str(jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=said["issuer"])["scope"])


def test_asking_for_a_token_prints_nothing(said: Any) -> None:
    assert said["A token for the Management API"] == ""


def test_an_api_is_made(said: Any) -> None:
    [api] = documents(said["An API"])
    assert (api["identifier"], api["token_lifetime"], len(api["scopes"])) == (AUDIENCE, 3_600, 2)


def test_an_application_is_made_and_its_secret_stays_out_of_sight(said: Any) -> None:
    assert said["An application"] == ""


def test_a_grant_is_made_and_the_token_holds_its_scope_and_no_other(said: Any) -> None:
    [grant] = documents(said["The client grant"])
    assert (grant["audience"], grant["scope"]) == (AUDIENCE, ["read:invoices"])
    token, refusal = documents(said["What it is good for"])
    assert scope_of(said, token["access_token"]) == "read:invoices"
    assert refusal["error"] == "access_denied"
    assert "send:invoices" in refusal["error_description"]


def test_a_wider_grant_is_in_the_next_token(said: Any) -> None:
    grant, token = documents(said["More later"])
    assert grant["scope"] == ["read:invoices", "send:invoices"]
    assert scope_of(said, token["access_token"]) == "read:invoices send:invoices"


def test_what_was_made_can_be_looked_at(said: Any) -> None:
    api, grants, log = documents(said["Looking"])
    assert api["identifier"] == AUDIENCE
    assert (grants["total"], grants["client_grants"][0]["audience"]) == (1, AUDIENCE)
    assert len(log) == 3
    assert all(set(event) <= {"type", "description", "client_id"} for event in log)
    assert any(event["description"] == "Update a client grant" for event in log)


def test_an_application_registers_itself_reads_itself_and_goes(said: Any) -> None:
    shown, status = said["An application that registers itself"].splitlines()
    [registered] = documents(shown)
    assert (registered["client_name"], registered["redirect_uris"]) == ("Newcomer", ["https://shop.example/callback"])
    assert status == "204"


def test_what_was_made_can_be_unmade(said: Any) -> None:
    assert documents(said["Away with it"]) == [[]]
