"""/api/v2/keys/signing: list, rotate, revoke (`wire.md` §2.6)."""

import base64
import hashlib
import ssl

import pytest

from tenants.models import SigningKey
from tests.management_api.caller import Caller, error

PATH = "keys/signing"
MISSING = (404, "inexistent_signing_key", "The signing key does not exist")


def by_state(api2):
    """The keys by the first of Auth0's marks that is true."""
    marks = ("current", "next", "previous", "revoked")
    return {next(mark for mark in marks if key.get(mark)): key for key in api2.get(PATH).json()}


def published(world):
    return {key["kid"] for key in world.http().get("/.well-known/jwks.json").json()["keys"]}


def test_the_list_is_bare_and_shows_the_public_side_of_every_key(api2, acme):
    keys = api2.get(PATH).json()
    assert {key["kid"] for key in keys} == published(acme)
    current = by_state(api2)["current"]
    assert set(current) == {"kid", "cert", "pkcs7", "current", "current_since", "revoked", "fingerprint", "thumbprint"}
    assert current["revoked"] is False
    assert by_state(api2)["next"].keys() == current.keys() - {"current", "current_since"} | {"next"}
    assert b"PRIVATE" not in api2.get(PATH).content


def test_the_fingerprint_is_that_of_the_certificate_and_pkcs7_holds_it(api2):
    for key in api2.get(PATH).json():
        der = ssl.PEM_cert_to_DER_cert(key["cert"])
        digest = hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()
        assert key["thumbprint"] == digest
        assert key["fingerprint"].replace(":", "") == digest
        assert key["fingerprint"].count(":") == 19
        lines = key["pkcs7"].strip().splitlines()
        assert (lines[0], lines[-1]) == ("-----BEGIN PKCS7-----", "-----END PKCS7-----")
        assert der in base64.b64decode("".join(lines[1:-1]))


def test_keys_of_every_algorithm_are_listed(api2, acme):
    api2.patch("tenants/settings", {"flags": {"enable_ec_keys": True, "enable_okp_keys": True}})
    api2.post("resource-servers", {"identifier": "urn:rs512", "signing_alg": "RS512"})
    algs = {SigningKey.objects.get(kid=key["kid"]).alg for key in api2.get(PATH).json()}
    assert algs == {"RS256", "RS512"}
    assert all(key["pkcs7"] for key in api2.get(PATH).json())


def test_one_key_is_found_by_its_kid(api2):
    for key in api2.get(PATH).json():
        assert api2.get(f"{PATH}/{key['kid']}").json() == key
    assert error(api2.get(f"{PATH}/nobody")) == MISSING


def test_rotating_has_the_next_key_sign_and_keeps_the_old_one_published(api2, acme):
    before = by_state(api2)
    response = api2.post(f"{PATH}/rotate")
    assert response.status_code == 201
    assert response.json() == {"cert": before["next"]["cert"], "kid": before["next"]["kid"]}
    after = by_state(api2)
    assert after["current"]["kid"] == before["next"]["kid"]
    assert after["previous"]["kid"] == before["current"]["kid"]
    assert after["previous"]["current_until"] >= after["previous"]["current_since"]
    assert published(acme) == {after[state]["kid"] for state in ("current", "next", "previous")}
    assert acme.events("sapi")[0].description == "Rotate the signing key"


def test_a_token_of_the_previous_key_works_until_that_key_is_revoked(api2, acme):
    api2.post(f"{PATH}/rotate")
    previous = by_state(api2)["previous"]
    again = Caller(acme)
    response = again.put(f"{PATH}/{previous['kid']}/revoke")
    assert response.status_code == 200
    assert response.json() == {"cert": previous["cert"], "kid": previous["kid"]}
    assert error(api2.get(PATH))[0] == 401
    revoked = again.get(f"{PATH}/{previous['kid']}").json()
    assert revoked["revoked"] is True
    assert revoked["revoked_at"].endswith("Z")
    assert "previous" not in revoked
    assert previous["kid"] not in published(acme)


@pytest.mark.parametrize("state", ["current", "next"])
def test_only_a_previous_key_is_revoked(api2, acme, state):
    key = by_state(api2)[state]
    status, code, message = error(api2.put(f"{PATH}/{key['kid']}/revoke"))
    assert (status, code) == (400, "operation_not_supported")
    assert message.startswith("Only a previous key can be revoked")
    assert key["kid"] in published(acme)


def test_a_key_is_revoked_once(api2, acme):
    api2.post(f"{PATH}/rotate")
    kid, caller = by_state(api2)["previous"]["kid"], Caller(acme)
    assert caller.put(f"{PATH}/{kid}/revoke").status_code == 200
    assert error(caller.put(f"{PATH}/{kid}/revoke"))[0] == 400
    assert error(caller.put(f"{PATH}/nobody/revoke")) == MISSING


def test_T139_another_tenants_keys_do_not_exist(api2, other2, globex):
    other2.post(f"{PATH}/rotate")
    theirs = by_state(other2)
    assert not {key["kid"] for key in api2.get(PATH).json()} & {key["kid"] for key in theirs.values()}
    for key in theirs.values():
        assert error(api2.get(f"{PATH}/{key['kid']}")) == MISSING
        assert error(api2.put(f"{PATH}/{key['kid']}/revoke")) == MISSING
    before = published(globex)
    api2.post(f"{PATH}/rotate")
    assert published(globex) == before


def test_who_may_only_read_keys_rotates_none(acme):
    reader = Caller(acme, ("read:signing_keys",))
    kids = [key["kid"] for key in reader.get(PATH).json()]
    assert error(reader.post(f"{PATH}/rotate")) == (
        403,
        "insufficient_scope",
        "Insufficient scope, expected any of: create:signing_keys,update:signing_keys",
    )
    assert error(reader.put(f"{PATH}/{kids[0]}/revoke"))[0] == 403
    assert [key["kid"] for key in reader.get(PATH).json()] == kids
