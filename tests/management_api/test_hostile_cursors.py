"""`from` of lists, made up by the caller: 400 and never a failure, and at most a place in the caller's own list."""

import base64
import json

import pytest

from tenants.rest.router import routes
from tests.management_api.caller import Caller, error
from tests.management_api.rows import address, make_rows, query

NOW = "2026-01-01T00:00:00+00:00"


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


# No answer of ours to any list.
FORGED = [
    cursor("0001-01-01T00:00:00+23:59", "x"),
    cursor("9999-12-31T23:59:59-23:59", "x"),
    cursor("9999-12-31T23:59:59-23:59", "1"),
    cursor("2026-01-01", "x"),
    cursor("2026-01-01T00:00:00", "x"),
    cursor("2026-13-01T00:00:00+00:00", "x"),
    cursor(NOW, "\x00"),
    cursor(NOW, "\ud800"),
    cursor(NOW, "x" * 500),
    cursor("\ud800"),
    cursor("\x00"),
    cursor(str(2**63)),
    cursor(str(-(2**70))),
    cursor("9" * 600),
    cursor("1.5"),
    cursor(None, None),
    cursor(),
    "e30",
    "bnVsbA",
    "é",
    "=",
    base64.urlsafe_b64encode(b"[" * 700).decode(),
]


@pytest.fixture
def own(acme):
    return make_rows(acme)


def lists():
    return [route for route in routes() if route.method == "get" and route.operation.query and "from" in _asked(route)]


def _asked(route):
    return route.operation.query().fields


@pytest.mark.parametrize("route", lists(), ids=lambda route: route.path)
def test_a_forged_checkpoint_is_refused_and_never_fails(own, route):
    path = address(route, *[own] * len(route.parameters))
    # Stands in no table: its rows have nothing to be compared with, and are none.
    nothing = route.path.endswith("/organizations")
    for forged in FORGED:
        response = own.caller.get(path, **(query(route, own) | {"from": forged, "take": "2"}))
        if nothing and response.status_code == 200:
            assert response.json() == {"organizations": []}
        else:
            assert error(response)[:2] == (400, "invalid_query_string"), (forged, response.content)


def test_a_checkpoint_of_another_tenant_or_list_shows_only_the_callers_own_rows(acme, globex):
    mine, theirs = Caller(acme), Caller(globex)
    strange = theirs.get("clients", take="1").json()["next"]
    everything = {row["client_id"] for row in mine.get("clients").json()}
    for name in ("clients", "connections", "client-grants"):
        response = mine.get(name, take="50", **{"from": strange})
        if response.status_code == 200:
            assert {row["client_id"] for row in response.json()[name]} <= everything
        else:
            assert error(response)[:2] == (400, "invalid_query_string")
