"""A secret that is refused is repeated nowhere: neither in the answer nor in the event that the refusal is (T-141)."""

import json

import pytest

from tests.people import PASSWORD

SESAME = "open-sesame"
# Too short, of another type, nothing that a database stores, too long.
SHAPES = [SESAME, [SESAME], {"value": SESAME}, f"{SESAME}\x00", SESAME * 600]
USER = {"email": "new@example.com", "connection": "Users"}
KEY = {"credential_type": "public_key"}
CALLS = [
    ("post", "clients", lambda secret: {"name": "New", "app_type": "non_interactive", "client_secret": secret}),
    ("post", "clients", lambda secret: {"name": "New", "app_type": "spa", "client_secret": secret}),
    ("post", "clients", lambda secret: {"name": "New", "encryption_key": {"pub": secret}}),
    ("post", "clients", lambda secret: {"name": "New", "addons": {"samlp": secret}}),
    ("patch", "clients/{client}", lambda secret: {"client_secret": secret}),
    ("patch", "clients/{client}", lambda secret: methods(KEY | {"pem": secret})),
    ("patch", "clients/{client}", lambda secret: methods({"id": secret})),
    ("post", "clients/{client}/credentials", lambda secret: KEY | {"pem": secret}),
    ("post", "resource-servers", lambda secret: {"identifier": "urn:n", "signing_alg": "HS256", "signing_secret": secret}),
    ("patch", "resource-servers/{api}", lambda secret: {"signing_secret": secret}),
    ("post", "users", lambda secret: USER | {"password": secret, "email": "no address"}),
    ("post", "users", lambda secret: USER | {"password": PASSWORD, "password_hash": secret}),
    ("post", "users", lambda secret: USER | {"password": PASSWORD, "custom_password_hash": {"algorithm": secret}}),
    ("patch", "users/{user}", lambda secret: {"password": secret, "email": "new@example.com"}),
    ("patch", "connections/{connection}", lambda secret: {"options": {"configuration": {"key": secret}}}),
    ("patch", "connections/{connection}", lambda secret: {"options": {"client_secret": secret}}),
]


def methods(credential):
    return {"client_authentication_methods": {"private_key_jwt": {"credentials": [credential]}}}


@pytest.mark.parametrize("call", CALLS)
def test_T141_a_refused_secret_is_repeated_nowhere(api2, acme, people, call):
    method, path, body = call
    places = {"client": acme.application.client_id, "api": acme.api.pk, "user": people.user.user_id}
    for secret in SHAPES:
        answer = api2.call(method, path.format(**places, connection=people.connection.pk), body(secret))
        assert answer.status_code == 400
        assert SESAME not in answer.content.decode()
    events = acme.events("fapi")
    assert len(events) == len(SHAPES)
    for event in events:
        assert SESAME not in event.description + json.dumps(event.details)
