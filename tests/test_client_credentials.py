"""A service asks for a token for an API. One story per test; each allow has its deny."""

import json
from urllib.parse import urlencode

import jwt
import pytest

from apis.models import AppType
from apis.services import apis, applications, client_grants
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.verification import verified


@pytest.mark.spec("RFC 6749", "4.4.3", "the answer of a client credentials request")
def test_a_service_gets_a_token_that_any_library_verifies_from_the_key_set_alone(acme):
    response = acme.ask()
    body = response.json()
    assert response.status_code == 200
    assert set(body) == {"access_token", "scope", "expires_in", "token_type"}
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 86_400
    assert body["scope"] == "read:orders create:orders"
    assert verified(acme, body["access_token"])["sub"] == f"{acme.application.client_id}@clients"


@pytest.mark.spec("RFC 6749", "5.1", "tokens are not cached")
def test_a_token_is_never_cached(acme):
    response = acme.ask()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"


def test_a_form_is_as_good_as_json(acme):
    assert acme.http().post("/oauth/token", acme.good_request(), content_type="application/json").status_code == 200
    encoded = urlencode(acme.good_request())
    response = acme.http().post("/oauth/token", encoded, content_type="application/x-www-form-urlencoded; charset=utf-8")
    assert response.status_code == 200


def test_members_that_are_null_or_empty_count_as_left_out(acme):
    assert acme.ask(scope="", organization="").status_code == 200
    body = acme.good_request() | {"organization": None, "scope": None}
    assert acme.http().post("/oauth/token", json.dumps(body), content_type="application/json").status_code == 200


def test_a_scope_narrows_the_token_to_itself(acme):
    body = acme.ask(scope="create:orders").json()
    assert body["scope"] == "create:orders"
    assert verified(acme, body["access_token"])["scope"] == "create:orders"


def test_a_scope_beyond_the_grant_is_refused_and_named(acme):
    apis.set_permissions(acme.api, [apis.Scope(value) for value in (*factories.SCOPES, "delete:orders")], by=BY)
    response = acme.ask(scope="read:orders delete:orders")
    assert response.status_code == 403
    assert response.json() == {
        "error": "access_denied",
        "error_description": "Client has not been granted scopes: delete:orders",
    }
    assert "Add delete:orders to the client grant" in acme.events("feccft")[0].details["remedy"]


def test_a_grant_without_scopes_gives_a_token_without_scope(acme):
    client_grants.update_client_grant(acme.application.client_grants.get(), [], by=BY)
    body = acme.ask().json()
    assert "scope" not in body
    assert "scope" not in verified(acme, body["access_token"])


def test_an_unknown_audience_is_refused_and_named(acme):
    response = acme.ask(audience="https://unknown.example.com")
    assert response.status_code == 403
    assert response.json() == {
        "error": "access_denied",
        "error_description": "Service not enabled within domain: https://unknown.example.com",
    }
    assert "create it" in acme.events("feccft")[0].details["remedy"]


def test_a_trailing_slash_makes_another_audience(acme):
    assert acme.ask(audience=acme.api.identifier + "/").status_code == 403


def test_an_application_that_is_not_switched_on_for_the_api_is_refused(acme):
    other = factories.make_api(acme.tenant, "urn:acme:billing")
    response = acme.ask(audience=other.identifier)
    assert response.status_code == 403
    assert response.json()["error"] == "access_denied"
    assert response.json()["error_description"].startswith('Client is not authorized to access "urn:acme:billing".')
    assert "switch it on" in acme.events("feccft")[0].details["remedy"]
    factories.grant(acme.application, other)
    assert acme.ask(audience=other.identifier).status_code == 200


@pytest.mark.spec("RFC 8707", "2", "resource names the API as audience does")
def test_resource_names_the_api_as_audience_does(acme):
    assert acme.ask(audience=None, resource=acme.api.identifier).status_code == 200
    assert acme.ask(resource=acme.api.identifier).status_code == 200
    refused = acme.ask(resource="https://elsewhere.example.com")
    assert refused.status_code == 400
    assert refused.json()["error_description"] == "The parameters audience and resource name different APIs"


def test_the_default_audience_is_meant_when_none_is_named(acme):
    refused = acme.ask(audience=None)
    assert refused.status_code == 403
    assert "audience" in refused.json()["error_description"]
    update_tenant(acme.tenant, default_audience=acme.api.identifier, by=BY)
    assert verified(acme, acme.ask(audience=None).json()["access_token"])["aud"] == acme.api.identifier


def test_a_grant_type_that_the_application_may_not_use_is_refused(acme):
    applications.update_application(acme.application, grant_types=["authorization_code"], by=BY)
    response = acme.ask()
    assert response.status_code == 403
    assert response.json() == {
        "error": "unauthorized_client",
        "error_description": "Grant type 'client_credentials' not allowed for the client.",
    }


def test_a_grant_type_that_nobody_knows_is_refused(acme):
    response = acme.ask(grant_type="urn:example:mind-reading")
    assert response.status_code == 403
    assert response.json()["error"] == "unsupported_grant_type"


def test_with_api_authorization_switched_off_only_the_management_api_is_left(acme):
    update_tenant(acme.tenant, flags={"enable_apis_section": False}, by=BY)
    assert acme.ask().json()["error_description"] == f"Service not enabled within domain: {acme.api.identifier}"
    system = acme.tenant.apis.get(is_system=True)
    factories.grant(acme.application, system, ("read:clients",))
    assert acme.ask(audience=f"{acme.issuer}api/v2/").status_code == 200


def test_the_management_api_answers_to_the_domain_of_the_request(acme):
    factories.grant(acme.application, acme.tenant.apis.get(is_system=True), ("read:clients",))
    audience = f"{acme.issuer}api/v2/"
    assert verified(acme, acme.ask(audience=audience).json()["access_token"], audience)["aud"] == audience
    assert acme.ask(audience="https://other.example.com/api/v2/").status_code == 403
    assert acme.ask(audience="/api/v2/").status_code == 403


def test_an_api_with_hs256_signs_with_its_own_secret(acme):
    api = factories.make_api(acme.tenant, "urn:acme:hs", signing_alg="HS256", token_lifetime=60, token_lifetime_for_web=60)
    factories.grant(acme.application, api)
    body = acme.ask(audience="urn:acme:hs").json()
    secret = apis.reveal_signing_secret(api)
    assert jwt.get_unverified_header(body["access_token"]) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(body["access_token"], secret, algorithms=["HS256"], audience="urn:acme:hs", issuer=acme.issuer)
    assert claims["exp"] - claims["iat"] == 60 == body["expires_in"]


def test_a_disabled_application_is_refused_at_once(acme):
    assert acme.ask().status_code == 200
    applications.update_application(acme.application, enabled=False, by=BY)
    assert acme.ask().status_code == 401


def test_a_deleted_grant_is_dead_at_once_in_the_process_that_deleted_it(acme):
    assert acme.ask().status_code == 200
    client_grants.delete_client_grant(acme.application.client_grants.get(), by=BY)
    assert acme.ask().status_code == 403


def test_a_public_application_cannot_use_client_credentials(acme):
    public, _ = factories.make_application(acme.tenant, "Tracker", app_type=AppType.SPA)
    public.grant_types = ["client_credentials"]
    public.save()  # past the rule that refuses it, as an old row might be
    factories.grant(public, acme.api)
    response = acme.ask(client_id=public.client_id, client_secret=None)
    assert response.status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_post_is_answered(acme, method):
    response = getattr(acme.http(), method)("/oauth/token", secure=True)
    assert response.status_code == 405
    assert response.json()["error"] == "method_not_allowed"
    assert response.headers["Allow"] == "POST, OPTIONS"
