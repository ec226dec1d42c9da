"""/api/v2/clients/{client_id}/credentials, and `client_authentication_methods` of a client (`wire.md` §2.6)."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat, PublicFormat
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import Application, ClientCredential
from apis.services.credentials import client_authentication_methods, set_authentication_methods
from tests import factories
from tests.client_keys import add_key, assertion, certificate, ec_key, pem, private_key, private_pem, proof, signing
from tests.factories import BY
from tests.management_api.caller import Caller, error

FUTURE = "2090-01-02T03:04:05.000Z"


def path(world, *more):
    return "/".join(["clients", world.application.client_id, "credentials", *more])


def good(**changes):
    return {"credential_type": "public_key", "pem": pem()} | changes


def token(world, number=0, **changes):
    """The status of a token request that is proven by an assertion of the application of `world`."""
    signed = assertion(world.application, world, number, **changes)
    return world.ask(client_id=None, client_secret=None, **proof(signed)).status_code


def test_a_key_is_enough_and_the_answer_shows_what_was_made_of_it(api2, acme):
    response = api2.post(path(acme), good())
    assert response.status_code == 201
    body = response.json()
    row = ClientCredential.objects.get()
    assert body == {
        "id": row.pk,
        "credential_type": "public_key",
        "kid": row.jwk["kid"],
        "alg": "RS256",
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert body["id"].startswith("cred_")
    assert body["created_at"].endswith("Z")
    assert row.jwk.keys() == {"kty", "n", "e", "use", "alg", "kid"}


def test_every_member_is_kept_and_shown(api2, acme):
    sent = {"name": "Deploy key", "kid": "deploy-key-2026", "alg": "PS256", "expires_at": FUTURE}
    made = api2.post(path(acme), good(**sent)).json()
    assert made.items() >= sent.items()
    assert api2.get(path(acme, made["id"])).json() == made
    assert api2.get(path(acme)).json() == [made]


def test_the_list_is_a_bare_array_oldest_first(api2, acme):
    assert api2.get(path(acme)).json() == []
    first = api2.post(path(acme), good()).json()
    second = api2.post(path(acme), good(pem=pem(private_key(1)))).json()
    assert api2.get(path(acme)).json() == [first, second]


@pytest.mark.parametrize("count", [0, 2])
def test_a_list_costs_three_statements_however_long_it_is(api2, acme, count):
    for number in range(count):
        add_key(acme.application, number)
    api2.get(path(acme))
    http = acme.http(authorization=f"Bearer {api2.token}")
    url = f"/api/v2/{path(acme)}"
    with CaptureQueriesContext(connection) as queries:
        assert len(http.get(url).json()) == count
    assert len(queries.captured_queries) == 3


def test_pkcs1_and_certificates_are_public_keys_too(api2, acme):
    same = api2.post(path(acme), good(pem=pem(private_key(), PublicFormat.PKCS1))).json()
    text, _ = certificate(private_key(1))
    other = api2.post(path(acme), good(pem=text)).json()
    assert same["kid"] != other["kid"]
    signing_with(acme)
    assert [token(acme), token(acme, 1)] == [200, 200]


def signing_with(world):
    """The application of `world` signs from now on with the keys that it has."""
    ids = [{"id": row.pk} for row in world.application.credentials.all()]
    set_authentication_methods(world.application, {"private_key_jwt": {"credentials": ids}}, by=BY)


def test_a_key_may_end_with_its_certificate(api2, acme):
    text, ends = certificate()
    made = api2.post(path(acme), good(pem=text, parse_expiry_from_cert=True)).json()
    assert datetime.fromisoformat(made["expires_at"]) == ends
    assert "expires_at" not in api2.post(path(acme), good(pem=certificate(private_key(1))[0])).json()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pem": None}, "Payload validation error: 'This field may not be null' on property pem."),
        ({"credential_type": None}, "Payload validation error: 'This field may not be null' on property credential_type."),
        ({"pem": "x"}, "pem: Expected one public key or certificate in PEM, of at most 8192 characters."),
        ({"pem": pem() + pem()}, "pem: Expected one public key or certificate in PEM, of at most 8192 characters."),
        (
            {"pem": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"},
            "pem: The PEM holds no public key that can be read.",
        ),
        (
            {"pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"},
            "pem: The PEM holds no public key that can be read.",
        ),
        ({"pem": pem(ec_key())}, "pem: Only RSA keys can be used: the algorithms are RS256, RS384 and PS256."),
        (
            {"pem": pem(private_key(0, 1024))},
            "pem: The RSA key has 1024 bits; between 2048 and 8192 are taken (RFC 7518 §3.3).",
        ),
        ({"alg": "RS512"}, "Payload validation error: 'No enum match, allowed are: RS256, RS384, PS256' on property alg."),
        (
            {"credential_type": "x509_cert"},
            "Payload validation error: 'No enum match, allowed are: public_key' on property credential_type.",
        ),
        (
            {"subject_dn": "CN=x"},
            "Payload validation error: 'Mutual TLS is not supported: send the public key as pem' on property subject_dn.",
        ),
        ({"kid": "short"}, "kid: A key ID of your own has 10 to 64 letters, digits, hyphens and underscores."),
        ({"kid": "with space"}, "kid: A key ID of your own has 10 to 64 letters, digits, hyphens and underscores."),
        ({"expires_at": 1}, "Payload validation error: 'Expected type string' on property expires_at."),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at: The key would have expired already."),
        (
            {"parse_expiry_from_cert": True},
            "parse_expiry_from_cert: Only a certificate says when it ends, and only if nothing else is said to.",
        ),
        (
            {"pem": certificate()[0], "parse_expiry_from_cert": True, "expires_at": FUTURE},
            "parse_expiry_from_cert: Only a certificate says when it ends, and only if nothing else is said to.",
        ),
        (
            {"pem": certificate(days=-1)[0], "parse_expiry_from_cert": True},
            "expires_at: The key would have expired already.",
        ),
        ({"jwk": {}}, "Payload validation error: 'Additional properties not allowed: jwk'."),
    ],
)
def test_what_is_no_usable_key_is_told_why(api2, acme, changes, message):
    assert error(api2.post(path(acme), good(**changes))) == (400, "invalid_body", message)
    assert not ClientCredential.objects.exists()


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("before", ["", pem()])
def test_T141_a_private_key_is_refused_and_neither_kept_nor_repeated(api2, acme, form, before):
    pasted = before + private_pem(form)
    response = api2.post(path(acme), good(pem=pasted))
    assert error(response)[:2] == (400, "invalid_body")
    assert "private key" in response.json()["message"]
    secret = pasted.splitlines()[-3]
    assert secret not in response.content.decode()
    assert secret not in str([event.__dict__ for event in acme.events("fapi", "sapi")])
    assert not ClientCredential.objects.exists()


def test_a_client_has_two_keys_at_most_and_each_once(api2, acme):
    first = api2.post(path(acme), good()).json()
    assert error(api2.post(path(acme), good())) == (409, "", "A credential with the same kid already exists.")
    assert api2.post(path(acme), good(pem=pem(private_key(1)))).status_code == 201
    full = "An application has at most 2 keys: remove one before you add another."
    assert error(api2.post(path(acme), good(pem=pem(private_key(2))))) == (400, "invalid_body", full)
    api2.delete(path(acme, first["id"]))
    assert api2.post(path(acme), good(pem=pem(private_key(2)))).status_code == 201


def test_only_the_end_of_a_key_changes(api2, acme):
    made = api2.post(path(acme), good(name="Key")).json()
    one = path(acme, made["id"])
    response = api2.patch(one, {"expires_at": FUTURE})
    assert response.status_code == 200
    assert response.json() == made | {"expires_at": FUTURE, "updated_at": response.json()["updated_at"]}
    assert "expires_at" not in api2.patch(one, {"expires_at": None}).json()
    assert "expires_at" not in api2.patch(one, {}).json()
    for member in ("name", "pem", "alg", "kid"):
        refusal = f"Payload validation error: 'Additional properties not allowed: {member}'."
        assert error(api2.patch(one, {member: "x"})) == (400, "invalid_body", refusal)


def test_a_key_whose_end_is_moved_into_the_past_verifies_nothing_any_more(api2, acme):
    made = api2.post(path(acme), good()).json()
    signing_with(acme)
    assert token(acme) == 200
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert api2.patch(path(acme, made["id"]), {"expires_at": past}).status_code == 200
    assert token(acme) == 401


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "tomorrow", "", "2026-13-01"])
def test_an_end_that_is_no_moment_is_refused(api2, acme, moment):
    made = api2.post(path(acme), good()).json()
    assert error(api2.patch(path(acme, made["id"]), {"expires_at": moment}))[:2] == (400, "invalid_body")


def test_deleting_twice_is_no_error_and_what_it_signed_is_refused_at_once(api2, acme):
    made = api2.post(path(acme), good()).json()
    signing_with(acme)
    assert token(acme) == 200
    for _ in range(2):
        response = api2.delete(path(acme, made["id"]))
        assert (response.status_code, response.content) == (204, b"")
    assert token(acme) == 401
    assert error(api2.get(path(acme, made["id"]))) == (404, "", "The credential does not exist")
    assert error(api2.patch(path(acme, made["id"]), {"expires_at": None})) == (404, "", "The credential does not exist")


def test_a_client_that_nobody_knows_has_no_credentials(api2):
    unknown = (404, "inexistent_client", "The client does not exist")
    assert error(api2.get("clients/nobody/credentials")) == unknown
    assert error(api2.post("clients/nobody/credentials", good())) == unknown
    assert error(api2.get("clients/nobody/credentials/cred_x")) == unknown
    assert api2.delete("clients/nobody/credentials/cred_x").status_code == 204


def test_T139_another_tenants_credentials_do_not_exist(api2, other2, acme, globex):
    made = other2.post(path(globex), good()).json()
    assert api2.get(path(globex)).status_code == 404
    assert api2.post(path(globex), good(pem=pem(private_key(1)))).status_code == 404
    # Neither under its own client nor under one of ours.
    for where in (path(globex, made["id"]), path(acme, made["id"])):
        assert api2.get(where).status_code == 404
        assert api2.patch(where, {"expires_at": FUTURE}).status_code == 404
        assert api2.delete(where).status_code == 204
    assert other2.get(path(globex)).json() == [made]


def test_another_clients_credential_is_not_found_under_this_one(api2, acme):
    other, _ = factories.make_application(acme.tenant, "Other")
    made = add_key(other)
    assert api2.get(path(acme, made.pk)).status_code == 404
    assert api2.delete(path(acme, made.pk)).status_code == 204
    assert ClientCredential.objects.filter(pk=made.pk).exists()


SCOPES = {
    "get": "read:client_credentials",
    "post": "create:client_credentials",
    "patch": "update:client_credentials",
    "delete": "delete:client_credentials",
}


@pytest.mark.parametrize("method", SCOPES)
def test_T139_each_call_has_a_scope_of_its_own(acme, method):
    made, body = add_key(acme.application), {"expires_at": None}
    where = path(acme) if method == "post" else path(acme, made.pk)
    sent = good(pem=pem(private_key(1))) if method == "post" else body if method == "patch" else None
    others = tuple(scope for name, scope in SCOPES.items() if name != method)
    refusal = error(Caller(acme, others).call(method, where, sent))
    assert refusal == (403, "insufficient_scope", f"Insufficient scope, expected any of: {SCOPES[method]}")
    assert Caller(acme, (SCOPES[method],)).call(method, where, sent).status_code in (200, 201, 204)


def test_a_key_that_would_work_at_once_asks_for_the_scope_that_changes_a_client(acme):
    """Elsewhere it waits for a PATCH that names it. Nobody who may only store keys takes a client over."""
    signing(acme.application)
    sent = good(pem=pem(private_key(1)))
    creator = Caller(acme, ("create:client_credentials",))
    refusal = error(creator.post(path(acme), sent))
    assert refusal == (403, "insufficient_scope", "Insufficient scope, expected any of: update:client_credentials")
    both = Caller(acme, ("create:client_credentials", "update:client_credentials"))
    assert both.post(path(acme), sent).status_code == 201
    assert token(acme, 1) == 200


def test_changes_are_events_without_the_key(api2, acme):
    made = api2.post(path(acme), good(name="Key")).json()
    api2.patch(path(acme, made["id"]), {"expires_at": FUTURE})
    api2.delete(path(acme, made["id"]))
    told = [event for event in acme.events("sapi") if "credential" in event.description]
    assert [event.description for event in told] == [
        "Delete a credential of a client",
        "Update a credential of a client",
        "Add a credential of a client",
    ]
    assert {event.details["target"] for event in told} == {acme.application.client_id}
    assert told[-1].details["changes"] == {"kid": made["kid"], "alg": "RS256", "name": "Key", "expires_at": None}


# client_authentication_methods


def methods(*items):
    return {"private_key_jwt": {"credentials": list(items)}}


def test_a_client_changes_to_its_keys_and_its_secret_goes(api2, acme):
    made = api2.post(path(acme), good()).json()
    assert client_authentication_methods(acme.application) is None
    assert token(acme) == 401
    set_authentication_methods(acme.application, methods({"id": made["id"]}), by=BY)
    assert client_authentication_methods(acme.application) == methods({"id": made["id"]})
    assert [token(acme), acme.ask().status_code] == [200, 401]
    assert not acme.application.secrets.exists()


def test_new_keys_may_be_sent_in_full(acme):
    sent = good(name="One", kid="deploy-key-2026", alg="PS256", expires_at=FUTURE)
    set_authentication_methods(acme.application, methods(sent, good(pem=pem(private_key(1)), name=None)), by=BY)
    one, two = acme.application.credentials.all()
    assert (one.name, one.kid, one.alg, one.expires_at.isoformat()) == (
        "One",
        "deploy-key-2026",
        "PS256",
        "2090-01-02T03:04:05+00:00",
    )
    assert (two.name, two.alg, two.expires_at) == ("", "RS256", None)
    assert [token(acme, alg="PS256"), token(acme, 1)] == [200, 200]


def test_keys_that_are_not_named_any_more_go(acme):
    old, kept = add_key(acme.application), add_key(acme.application, 1)
    set_authentication_methods(acme.application, methods({"id": kept.pk}, good(pem=pem(private_key(2)))), by=BY)
    assert not ClientCredential.objects.filter(pk=old.pk).exists()
    assert [token(acme, number) for number in (0, 1, 2)] == [401, 200, 200]


def test_without_methods_a_client_goes_back_to_secrets_and_stays_confidential(acme):
    spa, _ = factories.make_application(acme.tenant, "Tracker", app_type="spa")
    for application in (acme.application, spa):
        signing(application)
        set_authentication_methods(application, None, by=BY)
        assert application.token_endpoint_auth_method == "client_secret_post"
        assert client_authentication_methods(application) is None
    assert token(acme) == 401
    # Where nothing is to be left, nothing changes.
    public, _ = factories.make_application(acme.tenant, "Other", app_type="spa")
    set_authentication_methods(public, None, by=BY)
    assert public.is_public


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        "private_key_jwt",
        {"tls_client_auth": {"credentials": [{"id": "cred_x"}]}},
        {"self_signed_tls_client_auth": {"credentials": [{"id": "cred_x"}]}},
        methods() | {"tls_client_auth": {"credentials": [{"id": "cred_x"}]}},
        methods(),
        {"private_key_jwt": {}},
        {"private_key_jwt": {"credentials": {}}},
        {"private_key_jwt": {"credentials": [], "more": 1}},
        methods("cred_x"),
        methods({"id": "cred_x"}),
        methods({"id": 1}),
        methods({"id": "cred_x", "pem": pem()}),
        methods({"pem": pem()}),
        methods({"credential_type": "public_key"}),
        methods(good(credential_type="x509_cert")),
        methods(good(colour="red")),
        methods(good(alg="RS512")),
        methods(good(alg=["RS256"])),
        methods(good(name=1)),
        methods(good(name="x" * 129)),
        methods(good(name="a\x00b")),
        methods(good(kid="short")),
        methods(good(pem=1)),
        methods(good(pem=private_pem())),
        methods(good(expires_at="tomorrow")),
        methods(good(expires_at="9999-12-31T23:59:59-14:00")),
        methods(good(expires_at=1)),
        methods(good(parse_expiry_from_cert="true")),
        methods(good(), good()),
        methods(*[good(pem=pem(private_key(number))) for number in range(3)]),
    ],
    ids=lambda value: str(value)[:60].replace("\n", " "),
)
def test_methods_that_are_not_right_change_nothing(acme, value):
    kept = add_key(acme.application, 3)
    with pytest.raises(ValidationError):
        set_authentication_methods(acme.application, value, by=BY)
    stored = Application.objects.get(pk=acme.application.pk)
    assert stored.token_endpoint_auth_method == "client_secret_post"
    assert list(stored.credentials.all()) == [kept]
    assert acme.ask().status_code == 200


def test_T139_a_credential_of_another_client_is_none_of_this_one(acme, globex):
    foreign = add_key(globex.application)
    with pytest.raises(ValidationError, match="No credential of this client"):
        set_authentication_methods(acme.application, methods({"id": foreign.pk}), by=BY)
