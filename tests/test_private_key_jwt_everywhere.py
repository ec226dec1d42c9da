"""Client assertions beside other tokens, at other tenants, at every endpoint and grant."""

import json
from types import SimpleNamespace

import jwt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import config_cache
from tenants.services import add_domain
from tests.client_keys import (
    ask,
    assertion,
    claims,
    part,
    post,
    private_key,
    proof,
    refused,
    signing,
    why,
)
from tests.conftest import SecureClient
from tests.factories import BY
from tests.standing import introspect, revoke, userinfo


@pytest.fixture
def signer(acme):
    """acme's application, which signs assertions from now on."""
    return signing(acme.application)


def test_T070_an_assertion_is_no_access_token(acme, signer):
    signed = assertion(signer, acme)
    assert userinfo(acme, signed).status_code == 401
    assert acme.http(authorization=f"Bearer {signed}").get("/api/v2/clients").status_code == 401


def test_T070_tokens_of_ours_are_no_assertions(people):
    tokens = people.tokens()
    signing(people.web)
    for name in ("access_token", "id_token", "refresh_token"):
        assert refused(ask(people.world, tokens[name]))
        assert refused(ask(people.world, tokens[name], client_id=people.web.client_id))


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "dpop+jwt", "oauth-authz-req+jwt", "secevent+jwt", 7])
def test_T070_what_the_client_signed_for_another_purpose_is_no_assertion(acme, signer, typ):
    body = part(claims(signer, acme))
    text = f"{part({'alg': 'RS256', 'typ': typ})}.{body}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(text.encode(), private_key())
    assert refused(ask(acme, f"{text}.{part(signature)}"))
    assert why(acme).endswith("Its header says by typ that it is for another purpose.")


def test_T071_an_assertion_for_one_tenant_is_refused_at_another_with_the_same_key(acme, globex):
    here, there = signing(acme.application), signing(globex.application)
    # acme's client, at globex; globex's client, with an assertion that was made for acme.
    assert refused(ask(globex, assertion(here, acme)))
    assert refused(ask(globex, assertion(here, globex)))
    assert refused(ask(globex, assertion(there, acme)))
    assert ask(globex, assertion(there, globex)).status_code == 200
    assert ask(acme, assertion(here, acme)).status_code == 200


def test_T071_an_assertion_is_for_the_domain_that_it_names(acme, signer):
    old = acme.issuer
    new = add_domain(acme.tenant, "login.acme.example", by=BY)
    http = SecureClient(headers={"host": new.host})
    body = {"grant_type": "client_credentials", "audience": acme.api.identifier}
    assert post(http, body | proof(jwt_for(signer, old))).status_code == 401
    assert post(http, body | proof(jwt_for(signer, new.issuer))).status_code == 200


def jwt_for(application, issuer):
    return assertion(application, SimpleNamespace(issuer=issuer))


def test_T141_the_event_of_a_refusal_has_the_reason_and_not_the_assertion(acme, signer):
    signed = assertion(signer, acme, aud="https://other.example/")
    ask(acme, signed)
    event = acme.events("feccft")[0]
    assert event.client_id == signer.client_id
    assert signed not in json.dumps(event.details)
    assert signed.rsplit(".", 1)[1] not in str(event.__dict__)


def test_a_code_and_a_refresh_token_are_redeemed_with_assertions(people):
    web, world = signing(people.web), people.world
    fresh = lambda: {"client_id": None, "client_secret": None} | proof(assertion(web, world))  # noqa: E731
    tokens = people.redeem(people.code(), **fresh()).json()
    assert people.refresh(tokens["refresh_token"], **fresh()).status_code == 200
    # Like a wrong secret: the code and the token stay as they were.
    assert people.refresh(tokens["refresh_token"], client_secret=None).status_code == 401
    assert introspect(people, tokens["access_token"], **fresh()).json()["active"] is True
    assert revoke(people, tokens["access_token"], **fresh()).status_code == 200
    assert introspect(people, tokens["access_token"], **fresh()).json() == {"active": False}
    assert introspect(people, tokens["access_token"], client_secret=None).status_code == 401


@pytest.mark.parametrize("send", [introspect, revoke], ids=["introspect", "revoke"])
def test_T065_the_other_endpoints_refuse_what_the_token_endpoint_refuses(people, send):
    web, world = signing(people.web), people.world
    for signed in (assertion(web, world, aud="x"), assertion(web, world, 1), "x"):
        response = send(people, "x", client_id=None, client_secret=None, **proof(signed))
        assert refused(response)
    assert world.events("frrt")[0].details["remedy"].startswith("The assertion is refused")


def test_an_assertion_costs_one_statement_while_the_configuration_is_warm(acme, signer, monkeypatch):
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    ask(acme, assertion(signer, acme))
    client, body = acme.http(), {"grant_type": "client_credentials", "audience": acme.api.identifier}
    body |= proof(assertion(signer, acme))
    with CaptureQueriesContext(connection) as queries:
        assert post(client, body).status_code == 200
    (statement,) = queries.captured_queries
    assert "INSERT INTO authserver_usedassertion" in statement["sql"]
