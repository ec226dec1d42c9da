"""Secrets of clients in /api/v2: each is answered once, by the call that makes it, and replaces the one before."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apis.models import Application
from tests.management_api.caller import Caller, error

CHOSEN = "canary-chosen-client-secret-0123456789-0123456789-0123456789"
OTHER = CHOSEN.replace("chosen", "changed")


@pytest.fixture
def nightly(api2):
    """A machine-to-machine client, as POST answered it."""
    return api2.post("clients", {"name": "Nightly", "app_type": "non_interactive"}).json()


@pytest.fixture(scope="module")
def client_pem():
    """The public half of a client's own key."""
    public = generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def works(world, client, secret):
    """Whether `client` proves itself with `secret`. Without a client grant the token endpoint then says 403."""
    status = world.ask(client_id=client["client_id"], client_secret=secret).status_code
    assert status in (401, 403)
    return status == 403


def test_the_secret_of_a_new_client_works_and_is_never_shown_again(api2, acme, nightly):
    assert works(acme, nightly, nightly["client_secret"])
    client = f"clients/{nightly['client_id']}"
    assert "client_secret" not in api2.get(client).json()
    assert "client_secret" not in api2.patch(client, {"name": "Daily"}).json()
    assert all("client_secret" not in row for row in api2.get("clients").json())
    assert "client_secret" not in api2.get(client, fields="client_secret").json()


def test_a_rotated_secret_ends_the_old_one_at_once_and_the_answer_is_the_whole_client(api2, acme, nightly):
    response = api2.post(f"clients/{nightly['client_id']}/rotate-secret")
    assert response.status_code == 200
    rotated = response.json()
    assert rotated | {"client_secret": ""} == nightly | {"client_secret": ""}
    assert works(acme, nightly, rotated["client_secret"])
    assert not works(acme, nightly, nightly["client_secret"])


def test_rotating_takes_the_scope_for_it(api2, acme, nightly):
    path = f"clients/{nightly['client_id']}/rotate-secret"
    refusal = error(Caller(acme, ("update:clients", "read:client_keys")).post(path))
    assert refusal == (403, "insufficient_scope", "Insufficient scope, expected any of: update:client_keys")
    assert works(acme, nightly, nightly["client_secret"])
    assert Caller(acme, ("update:client_keys",)).post(path).status_code == 200


def test_T139_another_tenants_secret_cannot_be_rotated(other2, acme, nightly):
    assert other2.post(f"clients/{nightly['client_id']}/rotate-secret").status_code == 404
    assert works(acme, nightly, nightly["client_secret"])


def test_a_secret_may_be_chosen_and_changed(api2, acme):
    made = api2.post("clients", {"name": "Nightly", "app_type": "non_interactive", "client_secret": CHOSEN}).json()
    assert made["client_secret"] == CHOSEN
    shown = api2.patch(f"clients/{made['client_id']}", {"client_secret": OTHER}).json()
    assert "client_secret" not in shown
    assert works(acme, made, OTHER)
    assert not works(acme, made, CHOSEN)


def test_a_chosen_secret_that_could_be_guessed_is_refused(api2, nightly):
    message = "Payload validation error: 'Ensure this field has at least 32 characters' on property client_secret."
    for response in (
        api2.post("clients", {"name": "Shop", "client_secret": "short"}),
        api2.patch(f"clients/{nightly['client_id']}", {"client_secret": "short"}),
    ):
        assert error(response) == (400, "invalid_body", message)
    assert not Application.objects.filter(name="Shop").exists()


def test_a_secret_is_changed_with_the_scope_for_keys_and_the_rest_with_the_one_for_clients(acme, nightly):
    path = f"clients/{nightly['client_id']}"
    for scope, other, sent in (
        ("update:clients", "update:client_keys", {"client_secret": OTHER}),
        ("update:client_keys", "update:clients", {"name": "Mine"}),
        ("update:client_credentials", "update:clients", {"is_first_party": False}),
    ):
        refusal = error(Caller(acme, (scope,)).patch(path, sent))
        assert refusal == (403, "insufficient_scope", f"Insufficient scope, expected any of: {other}")
        assert Caller(acme, (other,)).patch(path, sent).status_code == 200
    assert works(acme, nightly, OTHER)


def test_a_public_client_has_no_secret(api2, acme):
    made = api2.post("clients", {"name": "Tracker", "app_type": "spa"}).json()
    assert "client_secret" not in made
    sentence = "A public client has no secret: it could not keep one (RFC 6749 §2.1)."
    path = f"clients/{made['client_id']}"
    assert error(api2.post(f"{path}/rotate-secret")) == (400, "operation_not_supported", sentence)
    assert error(api2.patch(path, {"client_secret": CHOSEN})) == (400, "invalid_body", sentence)
    assert error(api2.post("clients", {"name": "Shop", "app_type": "spa", "client_secret": CHOSEN}))[2] == sentence
    assert not Application.objects.filter(name="Shop").exists()


def test_a_client_that_becomes_public_loses_its_secret_and_needs_a_new_one_to_come_back(api2, acme, nightly):
    path = f"clients/{nightly['client_id']}"
    public = {"token_endpoint_auth_method": "none", "grant_types": ["authorization_code"]}
    assert api2.patch(path, public).json()["token_endpoint_auth_method"] == "none"
    back = {"token_endpoint_auth_method": "client_secret_post", "grant_types": ["client_credentials"]}
    assert "client_secret" not in api2.patch(path, back).json()
    assert not works(acme, nightly, nightly["client_secret"])
    assert works(acme, nightly, api2.post(f"{path}/rotate-secret").json()["client_secret"])


def test_id_tokens_may_be_signed_with_the_secret_from_the_start(api2, acme):
    made = api2.post("clients", {"name": "Shop", "jwt_configuration": {"alg": "HS256"}}).json()
    assert made["jwt_configuration"]["alg"] == "HS256"
    assert Application.objects.get(client_id=made["client_id"]).secrets.get().encrypted


def test_a_client_changes_to_hs256_with_a_new_secret_as_nobody_knows_the_old_one(api2, nightly):
    path, hs256 = f"clients/{nightly['client_id']}", {"jwt_configuration": {"alg": "HS256"}}
    status, code, message = error(api2.patch(path, hs256))
    assert (status, code) == (400, "invalid_body")
    assert message.startswith("jwt_configuration.alg: HS256 signs with the client secret")
    assert "client_secret" in message
    assert api2.patch(path, hs256 | {"client_secret": CHOSEN}).json()["jwt_configuration"]["alg"] == "HS256"
    live = Application.objects.get(client_id=nightly["client_id"]).secrets.filter(expires_at=None)
    assert [bool(secret.encrypted) for secret in live] == [True]


def test_a_new_client_may_bring_the_key_it_signs_assertions_with(api2, client_pem, acme):
    methods = {"private_key_jwt": {"credentials": [{"credential_type": "public_key", "pem": client_pem}]}}
    sent = {"name": "Signer", "app_type": "non_interactive", "client_authentication_methods": methods}
    refusal = error(Caller(acme, ("create:clients",)).post("clients", sent))
    assert refusal == (403, "insufficient_scope", "Insufficient scope, expected any of: create:client_credentials")
    assert not Application.objects.filter(name="Signer").exists()
    made = api2.post("clients", sent).json()
    credential = Application.objects.get(client_id=made["client_id"]).credentials.get()
    assert made["client_authentication_methods"] == {"private_key_jwt": {"credentials": [{"id": credential.pk}]}}
    assert not {"client_secret", "token_endpoint_auth_method"} & set(made)
    path = f"clients/{made['client_id']}"
    assert api2.get(path).json() == made
    assert api2.post(f"{path}/rotate-secret").status_code == 400


def test_a_client_goes_from_a_secret_to_a_key_and_back(api2, acme, client_pem, nightly):
    path = f"clients/{nightly['client_id']}"
    methods = {"private_key_jwt": {"credentials": [{"credential_type": "public_key", "pem": client_pem}]}}
    sent = {"token_endpoint_auth_method": None, "client_authentication_methods": methods}
    both = sent | {"token_endpoint_auth_method": "client_secret_post"}
    assert error(api2.patch(path, both))[2].endswith("on property client_authentication_methods.")
    shown = api2.patch(path, sent).json()
    assert "token_endpoint_auth_method" not in shown
    assert not works(acme, nightly, nightly["client_secret"])
    back = {"token_endpoint_auth_method": "client_secret_post", "client_authentication_methods": None}
    shown = api2.patch(path, back).json()
    assert shown["token_endpoint_auth_method"] == "client_secret_post"
    assert "client_authentication_methods" not in shown
    assert works(acme, nightly, api2.post(f"{path}/rotate-secret").json()["client_secret"])
