"""A second tenant's client, token and host, tried on every route of the first. New routes fail until they are sorted in.

The console's routes have the same test in tests/console.
"""

import re
import time

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tenants import config_cache
from tenants.keys.jws import Signer
from tenants.keys.keyring import keyring
from tests import factories
from tests.conftest import SecureClient

# Who a route asks: nobody (public), a client (by its secret), a bearer of a token for the Management API or for userinfo,
# a person in front of a waiting request (by its state and the browser's cookie), a session (by its cookie), an
# application's browser (by client_id), whoever registers (where the tenant lets them: test_T080_registration), or nobody but
# at the demo tenant. Health belongs to no tenant.
ROUTES = {
    "token": "client",
    "revoke": "client",
    "introspect": "client",
    "userinfo": "access token",
    "authorize": "browser",
    "v2-logout": "browser",
    "oidc-logout": "browser",
    "register": "registration",
    "client-configuration": "registration token",
    "resume": "waiting request",
    "login": "waiting request",
    "signup": "waiting request",
    "select-account": "waiting request",
    "consent": "waiting request",
    "account": "session",
    "confirm-logout": "session",
    "logged-out": "public",
    "demo": "demo tenant",
    "demo-orders": "demo tenant",
    "jwks": "public",
    "openid-configuration": "public",
    "oauth-authorization-server": "public",
    "home": "public",
    "brand": "public",
    "management-api": "bearer",
    "openapi": "public",
    "api-docs": "public",
    "livez": "no tenant",
    "readyz": "no tenant",
}


def routes(patterns, prefix=""):
    """Every (name, path) of the URL map outside the console."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if path != "admin/":
                yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and not path.startswith("admin"):
            yield (
                # Their refusals are made from the router: tests/management_api.
                pattern.name or ("management-api" if path.startswith("api/v2/") else ""),
                "/" + re.sub(r"<[^>]*>", "clients", path).lstrip("^").replace("\\.", ".").removesuffix("/?$"),
            )


ALL = list(routes(get_resolver().url_patterns))


def of(kind):
    return [path for name, path in ALL if ROUTES.get(name) == kind]


def test_T139_every_route_says_whom_it_asks():
    assert {name for name, _ in ALL} <= set(ROUTES), "sort the new route into ROUTES"
    assert of("client") == ["/oauth/token", "/oauth/revoke", "/oauth/introspect"]
    assert of("access token") == ["/userinfo"]
    assert of("bearer")


@pytest.mark.parametrize("path", of("client"))
def test_T139_another_tenants_client_is_an_unknown_client(acme, globex, path):
    foreign = acme.good_request() | {"client_id": globex.application.client_id, "client_secret": globex.secret, "token": "x"}
    response = acme.http().post(path, foreign, content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (401, "access_denied")
    acme.tenant.security_profile = "oidc"
    acme.tenant.save()
    config_cache.clear()
    again = acme.http().post(path, foreign, content_type="application/json")
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


def test_T139_another_tenants_api_is_an_unknown_audience(acme, globex):
    api = factories.make_api(globex.tenant, "urn:globex:only")
    factories.grant(globex.application, api)
    assert acme.ask(audience="urn:globex:only").status_code == 403
    assert globex.ask(audience="urn:globex:only").status_code == 200


@pytest.mark.parametrize("path", of("demo tenant"))
def test_T139_the_demo_is_on_no_other_tenant(acme, path):
    for headers in ({}, {"authorization": f"Bearer {acme.ask().json()['access_token']}"}):
        assert acme.http(**headers).get(path).status_code == 404


@pytest.fixture
def management_token(globex):
    """A token for the Management API of a tenant."""

    def get(world):
        factories.grant(world.application, world.tenant.apis.get(is_system=True), ("read:clients",))
        return world.ask(audience=f"{world.issuer}api/v2/").json()["access_token"]

    return get


def bearer(world, token, path):
    return world.http(authorization=f"Bearer {token}").get(path)


@pytest.mark.parametrize("path", of("bearer"))
def test_T071_another_tenants_token_is_refused(acme, globex, management_token, path):
    own, foreign = management_token(acme), management_token(globex)
    assert bearer(acme, own, path).status_code in (200, 403, 404), "a known caller"
    response = bearer(acme, foreign, path)
    assert response.status_code == 401
    assert response.json()["statusCode"] == 401


@pytest.mark.parametrize("path", of("bearer"))
def test_T072_a_token_for_another_api_is_refused(acme, path):
    response = bearer(acme, acme.ask().json()["access_token"], path)
    assert (response.status_code, response.json()["message"]) == (401, "Bad audience")


@pytest.mark.parametrize("path", of("bearer"))
def test_without_a_token_or_with_a_malformed_header_nothing_is_told(acme, path):
    assert acme.http().get(path).json()["message"] == "Missing authentication"
    for header in ("Bearer", "Basic abc", "Bearer a b"):
        response = acme.http(authorization=header).get(path)
        assert (response.status_code, response.json()["message"]) == (400, "Bad HTTP authentication header format")


@pytest.mark.parametrize("change", ["expired", "issuer", "key", "kid", "none", "length", "form"])
def test_T070_T073_T110_T113_a_token_that_is_not_ours_in_every_respect_is_refused(acme, globex, management_token, change):
    path, token = of("bearer")[0], management_token(acme)
    forged = FORGERIES[change](acme, globex, token)
    response = bearer(acme, forged, path)
    assert response.status_code == 401
    assert set(response.json()) == {"statusCode", "error", "message"}


def claims(world, **changes):
    now = int(time.time())
    whose = {"sub": "x@clients", "azp": world.application.client_id, "jti": "j", "aud": f"{world.issuer}api/v2/"}
    return {"iss": world.issuer, **whose, "iat": now, "exp": now + 60} | changes


def sign(world, **changes):
    return keyring(config_cache.resolve(world.domain.host)).sign(claims(world, **changes))


def with_foreign_key(acme, globex):
    ring, foreign = (keyring(config_cache.resolve(world.domain.host)) for world in (acme, globex))
    return Signer("RS256", ring.signer.kid, foreign.signer.key).sign(ring.headers["JWT"], claims(acme))


def unsigned(acme):
    import jwt

    return jwt.encode(claims(acme), None, algorithm="none")


FORGERIES = {
    "expired": lambda acme, globex, token: sign(acme, exp=int(time.time()) - 1),
    "issuer": lambda acme, globex, token: sign(acme, iss="https://elsewhere.example/"),
    "key": lambda acme, globex, token: with_foreign_key(acme, globex),
    "kid": lambda acme, globex, token: sign(globex, iss=acme.issuer, aud=f"{acme.issuer}api/v2/"),
    "none": lambda acme, globex, token: unsigned(acme),
    "length": lambda acme, globex, token: token + "x" * 20_000,
    "form": lambda acme, globex, token: token.rpartition(".")[0],
}


@pytest.mark.parametrize("path", of("public"))
def test_T140_public_answers_of_one_tenant_hold_nothing_of_the_other(acme, globex, path):
    for world, other in ((acme, globex), (globex, acme)):
        text = world.http(accept="text/html").get(path).content.decode()
        assert other.tenant.name not in text
        assert other.tenant.signing_keys.get(state="current").kid not in text


@pytest.mark.parametrize(("name", "path"), ALL)
def test_an_unknown_host_reaches_no_route_of_any_tenant(acme, name, path):
    expected = {"livez": 200, "readyz": 200}.get(name, 404)
    assert SecureClient(headers={"host": "nobody.example"}).get(path).status_code == expected
