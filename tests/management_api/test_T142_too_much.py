"""Too much of everything, sent to /api/v2: a refusal, soon, and nothing is written (T-142).

Bodies that are no JSON or too large are in test_resource_servers, bodies that come slowly with the server itself.
"""

import time

import pytest

from apis.models import API
from tests import factories
from tests.management_api.caller import Caller, error

SOON = 3.0


@pytest.fixture(autouse=True)
def soon():
    """Every story here ends soon, on a busy machine as well."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SOON


@pytest.fixture
def caller(acme, soon):
    return Caller(acme)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer " + "a" * 100_000, 401),
        ("Bearer " + "a." * 50_000, 401),
        ("Bearer " + "é" * 10_000, 401),
        ("B" * 100_000, 400),
        ("Bearer " + "a " * 50_000, 400),
    ],
)
def test_T142_a_header_of_any_size_is_no_token(acme, header, status):
    response = acme.http(authorization=header).get("/api/v2/clients")
    assert error(response)[0] == status
    assert len(response.content) < 500


def test_T142_ten_thousand_parameters_are_refused(caller):
    response = caller.get("clients", **{f"p{number}": "x" for number in range(10_000)})
    assert response.status_code == 400
    assert len(response.content) < 1_000


@pytest.mark.parametrize("name", ["page", "per_page", "from", "q", "fields", "audience"])
def test_T142_a_parameter_of_a_hundred_thousand_letters_is_answered_or_refused(caller, name):
    for resource in ("clients", "client-grants", "users"):
        response = caller.get(resource, **{name: "1" * 100_000})
        assert response.status_code in (200, 400)
        assert len(response.content) < 5_000


def test_T142_the_same_parameter_a_thousand_times_is_refused_or_a_list(caller):
    assert error(caller.get("resource-servers", page=["1"] * 1_000))[0] == 400
    found = caller.get("resource-servers", identifiers=[f"urn:{number}" for number in range(1_000)])
    assert (found.status_code, found.json()) == (200, [])


def test_T142_a_hundred_thousand_scopes_are_refused(caller, acme):
    scopes = [{"value": f"s{number}"} for number in range(100_000)]
    before = API.objects.count()
    assert error(caller.post("resource-servers", {"identifier": "urn:many", "scopes": scopes[:20_000]}))[0] == 400
    assert error(caller.post("resource-servers", {"identifier": "urn:many", "scopes": scopes}))[0] == 413
    named = [scope["value"] for scope in scopes[:50_000]]
    sent = {"client_id": acme.application.client_id, "audience": acme.api.identifier, "scope": named}
    assert error(caller.post("client-grants", sent))[0] == 400
    assert API.objects.count() == before


def test_T142_a_path_of_a_hundred_thousand_letters_is_nobodys(caller):
    for resource in ("clients", "resource-servers", "users", "roles", "no-such-resource"):
        response = caller.get(f"{resource}/{'%2F' * 30_000}")
        assert response.status_code == 404
        assert len(response.content) < 500


@pytest.mark.parametrize("item", ["{}", "0", '""', "[]", '"a"'])
def test_T142_a_list_of_very_many_items_is_refused_at_the_first_that_is_wrong(caller, acme, item):
    http = caller.world.http(authorization=f"Bearer {caller.token}")
    items = f"[{','.join([item] * (200_000 // (len(item) + 1)))}]"
    for path, sent in (
        ("client-grants", f'{{"scope": {items}}}'),
        ("connections", f'{{"enabled_clients": {items}}}'),
        ("resource-servers", f'{{"scopes": {items}}}'),
    ):
        refused = http.post(f"/api/v2/{path}", data=sent, content_type="application/json")
        assert error(refused)[:2] == (400, "invalid_body")
        assert len(refused.content) < 500


@pytest.mark.parametrize("item", ["{}", "0", '{"client_id":"a"}'])
def test_T142_a_body_of_very_many_items_is_refused_at_the_first_that_is_wrong(caller, people, item):
    http = caller.world.http(authorization=f"Bearer {caller.token}")
    items = f"[{','.join([item] * (200_000 // (len(item) + 1)))}]"
    address = f"/api/v2/connections/{people.connection.pk}/clients"
    refused = http.patch(address, data=items, content_type="application/json", secure=True)
    assert error(refused)[:2] == (400, "invalid_body")
    assert len(refused.content) < 500


@pytest.mark.parametrize("depth", [1_000, 20_000])
@pytest.mark.parametrize("shape", ['{"a":', "["])
def test_T142_what_nests_deeply_is_refused(caller, depth, shape):
    http = caller.world.http(authorization=f"Bearer {caller.token}")
    response = http.post("/api/v2/users", data=shape * depth, content_type="application/json")
    assert error(response)[:2] == (400, "invalid_body")
    closed = '{"app_metadata":' + '{"a":' * depth + "1" + "}" * depth + "}"
    assert error(http.post("/api/v2/users", data=closed, content_type="application/json"))[0] == 400


@pytest.mark.parametrize(
    "text", ["a" * 50_000 + "!", "(" * 5_000, '"' * 5_001, "a:" * 5_000, "[" * 5_000 + " TO ", "\\" * 5_001, "*" * 5_000]
)
def test_T142_no_text_makes_a_pattern_run_back_and_forth(caller, text):
    for resource, name in (("users", "q"), ("logs", "q"), ("roles", "name_filter"), ("connections", "name")):
        assert caller.get(resource, **{name: text}).status_code in (200, 400)
    for resource, body in (
        ("resource-servers", {"identifier": text}),
        ("clients", {"name": "x", "callbacks": [text]}),
        ("connections", {"name": text, "strategy": "auth0"}),
        ("users", {"email": text, "connection": "Users", "password": "x"}),
    ):
        assert caller.post(resource, body).status_code in (201, 400, 404)


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5_000, "1e400", "-1e400", "1e20"])
def test_T142_a_number_that_no_answer_could_show_is_refused(caller, number):
    http = caller.world.http(authorization=f"Bearer {caller.token}")
    for member in ("token_lifetime", "name"):
        sent = f'{{"identifier": "urn:number", "{member}": {number}}}'
        assert error(http.post("/api/v2/resource-servers", data=sent, content_type="application/json"))[0] == 400
    kept = f'{{"app_metadata": {{"a": {number}}}}}'
    assert error(http.patch("/api/v2/users/auth0%7Cx", data=kept, content_type="application/json", secure=True))[0] == 400
    assert error(caller.get("clients", page=number))[:2] == (400, "invalid_query_string")


def test_T142_a_document_in_a_document_holds_only_what_every_database_stores(caller, acme):
    factories.make_api(acme.tenant, "urn:present", permissions=[])
    for text in ("a\x00b", "\ud800"):
        for document in ({"a": text}, {text: "a"}, {"a": [{"b": text}]}):
            refusal = error(caller.patch("users/auth0%7Cnobody", {"app_metadata": document}))
            assert refusal[0] in (400, 404)
