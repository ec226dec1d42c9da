"""Every operation of the router, and everybody who may not call it: the documented refusal, and nothing is written.

And every operation with the ids of another tenant's real rows. `rows` says which rows those are.
"""

import time

import pytest
from jsonschema import Draft202012Validator

from apis.management_scopes import MANAGEMENT_SCOPES
from tenants import config_cache
from tenants.keys.keyring import keyring
from tenants.rest.openapi.answers import refusals
from tenants.rest.openapi.document import generate
from tenants.rest.router import routes
from tests.management_api.caller import error
from tests.management_api.rows import FILTERS, address, body, make_rows, name, query, routes_with_ids, snapshot

EXPIRED = "Expired token received for JSON Web Token validation"

# Defined, because Auth0 has them and tools ask for them all, and used by no operation. Each has its reason.
UNUSED = {
    "create:client_keys": "a client's secret comes with the client",
    "delete:client_keys": "a client's secret goes with the client",
    "create:device_credentials": "device credentials come from signing in",
    "update:device_credentials": "Auth0 has no such operation either",
    "create:user_tickets": "tickets are not there yet",
    "create:users_app_metadata": "update:users_app_metadata is the one that operations ask for",
    "read:users_app_metadata": "the same",
    "delete:users_app_metadata": "the same",
    "read:custom_domains": "custom-domains is an empty shell, which any token may read",
}

# What somebody who is not there has done is an empty list, as Auth0 says it.
EMPTY = {"GET /users/{}/logs"}


@pytest.fixture
def own(acme):
    return make_rows(acme)


@pytest.fixture
def foreign(globex):
    return make_rows(globex)


@pytest.fixture
def full():
    """Every scope there is."""
    return [scope.value for scope in MANAGEMENT_SCOPES]


def token(world, **changes):
    """An access token for the Management API of `world` as the token endpoint would sign it."""
    now = int(time.time())
    client_id = world.application.client_id
    claims = {
        "iss": world.issuer,
        "sub": f"{client_id}@clients",
        "azp": client_id,
        "aud": f"{world.issuer}api/v2/",
        "iat": now,
        "exp": now + 600,
        "jti": "matrix",
        "scope": "",
    }
    return keyring(config_cache.resolve(world.domain.host)).sign(claims | changes)


def answer(route, rows, sent):
    """What `route` with an own path and a right body answers to a header Authorization of `sent` ("" for none)."""
    headers = {"authorization": sent} if sent else {}
    http = rows.world.http(**headers)
    http.raise_request_exception = False
    send = getattr(http, route.method)
    carried = body(route, rows)
    about = {} if carried is None else {"data": carried, "content_type": "application/json"}
    path = address(route, *[rows] * len(route.parameters))
    return send(f"/api/v2/{path}", secure=True, query_params=query(route, rows), **about)


def lacking(route, full):
    return " ".join(scope for scope in full if scope not in route.operation.scopes)


def insufficient(route):
    return (403, "insufficient_scope", f"Insufficient scope, expected any of: {','.join(route.operation.scopes)}")


# kind → (route, rows of the tenant called, rows of the other, every scope) → (header, refusal)
NOBODIES = {
    "no token": lambda route, own, other, full: ("", (401, "", "Missing authentication")),
    "a malformed header": lambda route, own, other, full: (
        f"Basic {token(own.world, scope=' '.join(full))}",
        (400, "", "Bad HTTP authentication header format"),
    ),
    "another tenant's token": lambda route, own, other, full: (
        f"Bearer {token(other.world, scope=' '.join(full))}",
        (401, "", "Invalid token"),
    ),
    "every scope but its own": lambda route, own, other, full: (
        f"Bearer {token(own.world, scope=lacking(route, full))}",
        insufficient(route),
    ),
    "no scope": lambda route, own, other, full: (f"Bearer {token(own.world)}", insufficient(route)),
    "an expired token": lambda route, own, other, full: (
        f"Bearer {token(own.world, scope=' '.join(full), exp=int(time.time()) - 1)}",
        (401, "", EXPIRED),
    ),
    "a user's access token": lambda route, own, other, full: (
        f"Bearer {own.tokens['access_token']}",
        (401, "", "Bad audience"),
    ),
    "an ID token": lambda route, own, other, full: (f"Bearer {own.tokens['id_token']}", (401, "", "Bad audience")),
    "a token for another API": lambda route, own, other, full: (
        f"Bearer {token(own.world, aud=own.world.api.identifier, scope=' '.join(full))}",
        (401, "", "Bad audience"),
    ),
}


@pytest.mark.parametrize("kind", NOBODIES)
def test_T139_who_may_not_call_an_operation_is_refused_as_documented_and_nothing_is_written(own, foreign, full, kind):
    before, events, wrong = snapshot(), len(own.world.events("sapi")), []
    for route in routes():
        header, expected = NOBODIES[kind](route, own, foreign, full)
        response = answer(route, own, header)
        if response.status_code != expected[0] or error(response) != expected:
            wrong.append((name(route), response.status_code, response.content))
        assert str(expected[0]) in refusals(route), name(route)
    assert wrong == []
    assert snapshot() == before
    assert len(own.world.events("sapi")) == events


def test_each_scope_of_an_operation_alone_allows_it_to_be_read(own, full):
    judge, wrong = generate(), []
    for route in [route for route in routes() if route.method == "get"]:
        documented = judge["paths"][route.path]["get"]["responses"][str(route.operation.status)]
        schema = documented["content"]["application/json"]["schema"] | {"components": judge["components"]}
        for scope in route.operation.scopes:
            response = answer(route, own, f"Bearer {token(own.world, scope=scope)}")
            if response.status_code != route.operation.status:
                wrong.append((name(route), scope, response.status_code, response.content))
            else:
                wrong += [
                    (name(route), found.message) for found in Draft202012Validator(schema).iter_errors(response.json())
                ]
    assert wrong == []


def test_T139_another_tenants_rows_do_not_exist_for_any_operation(own, foreign):
    before, events, wrong = snapshot(), len(own.world.events("sapi")), []
    for route in routes_with_ids():
        length = len(route.parameters)
        # All of the path foreign, and each of its parts alone.
        for parts in {tuple([True] * length), *(tuple(at == only for at in range(length)) for only in range(length))}:
            path = address(route, *(foreign if is_foreign else own for is_foreign in parts))
            response = own.caller.call(route.method, path, body(route, own), **query(route, own))
            gone = route.method == "delete" and response.status_code in (204, route.operation.status)
            empty = name(route) in EMPTY and response.json() == []
            if not (gone or empty) and response.status_code != 404:
                wrong.append((name(route), parts, response.status_code, response.content))
    assert wrong == []
    assert snapshot() == before
    assert len(own.world.events("sapi")) == events


def test_T139_a_body_cannot_name_another_tenants_rows(own, foreign):
    before, wrong = snapshot(), []
    for route in routes():
        sent = body(route, foreign)
        if sent == body(route, own):
            continue
        path = address(route, *[own] * len(route.parameters))
        response = own.caller.call(route.method, path, sent, **query(route, own))
        if response.status_code not in (400, 404) and route.method != "delete":
            wrong.append((name(route), response.status_code, response.content))
    assert wrong == []
    assert snapshot() == before


def styles(route, rows):
    """The ways to ask `route`: plainly, in every style of paging, and by every filter for what is of `rows`."""
    known = route.operation.query().fields if route.operation.query else {}
    yield {}
    if "include_totals" in known:
        yield {"page": 0, "per_page": 100, "include_totals": "true"}
    if "take" in known:
        yield {"take": 100}
    for filtered in set(known) & set(FILTERS):
        yield {filtered: FILTERS[filtered](rows)}


def test_T140_no_list_shows_anything_of_the_other_tenant(own, foreign):
    secret, leaks, found = foreign.ids(), [], set()
    for route in [route for route in routes() if route.method == "get"]:
        mine = {"path": address(route, *[own] * len(route.parameters))} | query(route, own)
        for style in styles(route, foreign):
            response = own.caller.get(**(mine | style))
            if response.status_code == 200:
                leaks += [(name(route), style, word) for word in secret if word in response.content.decode()]
        theirs = {"path": address(route, *[foreign] * len(route.parameters))} | query(route, foreign)
        answered = foreign.caller.get(**theirs).content.decode()
        found |= {name(route)} if any(word in answered for word in secret) else set()
    assert leaks == []
    # The words are good ones: at their own tenant nearly every operation shows some.
    blind = {name(route) for route in routes() if route.method == "get"} - found
    assert blind <= BLIND, blind - BLIND


# What shows no row by name: counts, and what a tenant here never has.
BLIND = {"GET /client-grants/{}/organizations", "GET /stats/active-users", "GET /stats/daily"}


def test_every_scope_is_used_by_an_operation_and_every_operation_uses_scopes_that_exist(full):
    used = {scope for route in routes() for scope in route.operation.scopes}
    # `wire.md` §2.5 names scopes of people's own tokens, too. No token here holds one: nobody can be granted them.
    assert {scope for scope in used - set(full) if ":current_user" not in scope} == set()
    assert set(full) - used == set(UNUSED)


def test_every_operation_of_auth0_that_we_promise_is_there():
    there = {name(route) for route in routes()}
    missing = [promised for promised in PROMISED if promised not in there]
    assert missing == []


# wire.md §2.5, without jobs and tickets.
PROMISED = """
GET /resource-servers
POST /resource-servers
GET /resource-servers/{}
PATCH /resource-servers/{}
DELETE /resource-servers/{}
GET /clients
POST /clients
GET /clients/{}
PATCH /clients/{}
DELETE /clients/{}
POST /clients/{}/rotate-secret
GET /clients/{}/connections
GET /clients/{}/credentials
POST /clients/{}/credentials
GET /clients/{}/credentials/{}
PATCH /clients/{}/credentials/{}
DELETE /clients/{}/credentials/{}
GET /client-grants
POST /client-grants
GET /client-grants/{}
PATCH /client-grants/{}
DELETE /client-grants/{}
GET /client-grants/{}/organizations
GET /grants
DELETE /grants
DELETE /grants/{}
GET /tenants/settings
PATCH /tenants/settings
GET /users
POST /users
GET /users/{}
PATCH /users/{}
DELETE /users/{}
GET /users-by-email
GET /users/{}/roles
POST /users/{}/roles
DELETE /users/{}/roles
GET /users/{}/permissions
POST /users/{}/permissions
DELETE /users/{}/permissions
GET /users/{}/logs
GET /users/{}/sessions
DELETE /users/{}/sessions
GET /users/{}/refresh-tokens
DELETE /users/{}/refresh-tokens
POST /users/{}/revoke-access
GET /roles
POST /roles
GET /roles/{}
PATCH /roles/{}
DELETE /roles/{}
GET /roles/{}/permissions
POST /roles/{}/permissions
DELETE /roles/{}/permissions
GET /roles/{}/users
POST /roles/{}/users
GET /connections
POST /connections
GET /connections/{}
PATCH /connections/{}
DELETE /connections/{}
GET /connections/{}/clients
PATCH /connections/{}/clients
DELETE /connections/{}/users
GET /device-credentials
DELETE /device-credentials/{}
GET /refresh-tokens
GET /refresh-tokens/{}
PATCH /refresh-tokens/{}
DELETE /refresh-tokens/{}
POST /refresh-tokens/revoke
GET /sessions/{}
PATCH /sessions/{}
DELETE /sessions/{}
POST /sessions/{}/revoke
GET /keys/signing
GET /keys/signing/{}
POST /keys/signing/rotate
PUT /keys/signing/{}/revoke
GET /logs
GET /logs/{}
GET /stats/active-users
GET /stats/daily
GET /blacklists/tokens
POST /blacklists/tokens
""".strip().splitlines()
