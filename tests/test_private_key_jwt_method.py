"""One method of client authentication, the registered one, where one is a key; and the way there and back."""

import base64
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import AppType
from apis.services import applications
from authserver.models import UsedAssertion
from tenants.services import update_tenant
from tests import factories
from tests.client_keys import (
    TYPE,
    add_key,
    ask,
    assertion,
    post,
    proof,
    refused,
    signing,
    why,
)
from tests.factories import BY


@pytest.fixture
def signer(acme):
    """acme's application, which signs assertions from now on."""
    return signing(acme.application)


def test_T060_a_client_registered_for_a_secret_cannot_use_a_key(acme):
    add_key(acme.application)
    assert refused(ask(acme, assertion(acme.application, acme)))
    assert why(acme) == "The application authenticates with private_key_jwt, but is registered for client_secret_post."
    assert acme.ask().status_code == 200


def test_T060_a_public_client_cannot_use_a_key(acme):
    spa, _ = factories.make_application(acme.tenant, "Tracker", app_type=AppType.SPA)
    add_key(spa)
    assert refused(ask(acme, assertion(spa, acme)))


def test_T060_a_client_registered_for_a_key_cannot_use_a_secret(acme, signer):
    assert acme.ask().status_code == 401
    pair = base64.b64encode(f"{signer.client_id}:{acme.secret}".encode()).decode()
    body = acme.good_request() | {"client_secret": ""}
    assert post(acme.http(authorization=f"Basic {pair}"), body).status_code == 401
    assert acme.ask(client_secret=None).status_code == 401
    assert not signer.secrets.exists()


def test_T060_with_the_oidc_profile_the_codes_are_the_rfcs(acme, signer):
    update_tenant(acme.tenant, security_profile="oidc", by=BY)
    assert ask(acme, assertion(signer, acme)).status_code == 200
    response = ask(acme, "x")
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert acme.ask(client_secret="wrong").json()["error"] == "invalid_client"


def test_T061_an_assertion_and_a_secret_are_refused(acme, signer):
    response = ask(acme, assertion(signer, acme), client_secret=acme.secret)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert "Use one client authentication method" in response.json()["error_description"]
    assert not UsedAssertion.objects.exists()


def test_T061_an_assertion_and_an_authorization_header_are_refused(acme, signer):
    pair = base64.b64encode(f"{signer.client_id}:x".encode()).decode()
    body = {"grant_type": "client_credentials", "audience": acme.api.identifier} | proof(assertion(signer, acme))
    response = post(acme.http(authorization=f"Basic {pair}"), body)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert "Use one client authentication method" in response.json()["error_description"]
    assert not UsedAssertion.objects.exists()


def test_T062_client_id_and_the_assertion_must_name_the_same_client(acme, signer):
    other, secret = factories.make_application(acme.tenant, "Other")
    assert refused(ask(acme, assertion(signer, acme), client_id=other.client_id))
    assert refused(ask(acme, assertion(signer, acme, sub=other.client_id)))
    assert refused(ask(acme, assertion(signer, acme, iss=other.client_id)))
    assert acme.ask(client_id=other.client_id, client_secret=secret).status_code == 403


def test_T063_an_unknown_client_and_a_wrong_signature_get_the_same_answer_for_the_same_work(acme, signer):
    nobody = SimpleNamespace(client_id="nobody")
    heard, tables = [], []
    ask(acme, assertion(signer, acme))
    for signed in (assertion(nobody, acme), assertion(signer, acme, 1)):
        client, body = acme.http(), {"grant_type": "client_credentials", "audience": "x"} | proof(signed)
        with CaptureQueriesContext(connection) as queries:
            response = post(client, body)
        heard.append((response.status_code, response.content))
        tables.append([query["sql"].split(" FROM ")[1].split(" ")[0] for query in queries.captured_queries])
    assert heard[0] == heard[1]
    assert heard[0][0] == 401
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_assertion_type": None}, 400, "invalid_request"),
        ({"client_assertion": None}, 400, "invalid_request"),
        ({"client_assertion": ["x"]}, 400, "invalid_request"),
        ({"client_assertion_type": TYPE.upper()}, 401, "invalid_client"),
        ({"client_assertion_type": TYPE + "/"}, 401, "invalid_client"),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, 401, "invalid_client"),
    ],
)
def test_the_type_and_the_assertion_belong_together(acme, signer, changes, status, error):
    response = ask(acme, assertion(signer, acme), **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert not UsedAssertion.objects.exists()


def test_a_client_that_changes_to_a_key_loses_its_secrets_and_changing_back_brings_none(acme, signer):
    assert not signer.secrets.exists()
    with pytest.raises(ValidationError, match="has no secret"):
        applications.add_secret(signer, by=BY)
    assert applications.ensure_secret(signer, rotate=True, by=BY) is None
    applications.update_application(signer, token_endpoint_auth_method="client_secret_post", by=BY)
    assert acme.ask().status_code == 401
    fresh = applications.add_secret(signer, by=BY)
    assert acme.ask(client_secret=fresh.value).status_code == 200
    assert ask(acme, assertion(signer, acme)).status_code == 401


def test_without_a_secret_there_are_no_hs256_id_tokens(acme, signer):
    with pytest.raises(ValidationError, match="private_key_jwt has none") as refusal:
        applications.update_application(signer, id_token_alg="HS256", by=BY)
    assert list(refusal.value.message_dict) == ["id_token_alg"]


def test_metadata_names_the_method_and_its_algorithms(acme):
    said = acme.http().get("/.well-known/openid-configuration").json()
    for endpoint in ("token", "revocation", "introspection"):
        assert "private_key_jwt" in said[f"{endpoint}_endpoint_auth_methods_supported"]
        assert said[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] == ["RS256", "RS384", "PS256"]
