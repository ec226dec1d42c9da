"""/api/v2/openapi.json: OpenAPI 3.1, generated without a doubt, and the same story as the operations themselves tell."""

import json
import re

import pytest
from django.contrib.staticfiles.finders import find
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from apis.management_scopes import MANAGEMENT_SCOPES
from apis.models import SigningAlg
from tenants.rest.openapi.document import generate
from tenants.rest.router import routes
from tests.management_api.caller import error

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(acme):
    response = acme.http().get("/api/v2/openapi.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def operations(document):
    """Every (method and path, operation) of the document."""
    return [
        (f"{method.upper()} {path}", told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    ]


def test_the_document_is_made_without_a_doubt():
    reset_generator_stats()
    generate()
    assert [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache] == []


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    validate_schema(document)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_what_the_document_refers_to_is_in_it(document):
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(document))):
        found = document
        for step in reference.split("/"):
            found = found[step]


def test_every_operation_of_the_router_is_told_and_no_other(document):
    told = dict(operations(document))
    assert set(told) == {f"{route.method.upper()} {route.path}" for route in routes()}
    assert "POST /resource-servers" in told
    assert len({operation["operationId"] for operation in told.values()}) == len(told)


def test_every_operation_names_its_scopes_one_by_one(document):
    told = dict(operations(document))
    known = {scope.value for scope in MANAGEMENT_SCOPES}
    for route in routes():
        operation = told[f"{route.method.upper()} {route.path}"]
        assert operation["security"] == [{"managementToken": [scope]} for scope in route.operation.scopes], route.path
        assert operation["security"], route.path
        # `wire.md` §2.5 names scopes of people's own tokens, too, which nobody can be granted here.
        assert {scope for scope in route.operation.scopes if ":current_user" not in scope} <= known, route.path
        assert all(f"`{scope}`" in operation["description"] for scope in route.operation.scopes)
        assert operation["summary"] == route.operation.summary
        assert operation["tags"] == [route.resource]


def test_every_operation_documents_its_success_and_its_refusals(document):
    for name, operation in operations(document):
        statuses = set(operation["responses"])
        assert {"400", "401", "403", "429"} <= statuses, name
        assert len([status for status in statuses if status.startswith("2")]) in (1, 2), name
        assert ("requestBody" in operation) == ("415" in statuses), name
        if "{" in name:
            assert "404" in statuses, name


def test_a_body_says_that_unknown_members_are_refused_and_which_may_be_null(document):
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        if "requestBody" not in operation:
            continue
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        schema = schema.get("items", schema)
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        assert schema.get("additionalProperties") is False or "properties" not in schema, name
    post = schemas["ResourceServerPostRequest"]
    assert post["required"] == ["identifier"]
    assert post["properties"]["name"] == {"type": ["string", "null"], "maxLength": 200}
    assert post["properties"]["signing_alg"]["enum"] == SigningAlg.values
    assert "required" not in schemas["PatchedResourceServerPatchRequest"]
    assert schemas["ScopeShapeRequest"]["required"] == ["value"]


def test_a_member_that_is_not_supported_says_what_it_accepts_and_why(document):
    member = document["components"]["schemas"]["ResourceServerPostRequest"]["properties"]["allow_online_access"]
    assert member["enum"] == [None, False]
    assert member["description"] == "Refresh tokens that end with the session are not supported"


def test_a_list_is_an_array_or_a_page_with_totals(document, api2):
    schema = document["paths"]["/resource-servers"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    judge = Draft202012Validator({**schema, "components": document["components"]})
    judge.validate(api2.get("resource-servers").json())
    judge.validate(api2.get("resource-servers", include_totals="true").json())
    assert not judge.is_valid({"resource_servers": "none"})
    assert not judge.is_valid([{"identifier": 7}])


def test_an_answer_without_a_body_is_told_so_and_has_no_type(document, api2, acme):
    told = document["paths"]["/resource-servers/{key}"]["delete"]["responses"]["204"]
    assert "content" not in told
    response = api2.delete(f"resource-servers/{acme.api.id}")
    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers


def test_the_document_says_where_the_tenant_is(acme, globex):
    for world in (acme, globex):
        found = world.http().get("/api/v2/openapi.json").json()
        assert found["servers"] == [{"url": f"{world.issuer}api/v2"}]


def test_the_document_asks_for_no_token_and_is_only_read(acme):
    assert acme.http().head("/api/v2/openapi.json", secure=True).status_code == 200
    assert error(acme.http().post("/api/v2/openapi.json"))[0] == 404
    assert error(acme.http().post("/api/v2/docs"))[0] == 404


def test_the_page_has_scripts_of_our_own_origin_only(acme):
    response = acme.http(accept="text/html").get("/api/v2/docs")
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    html = response.content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(addresses) == 5
    assert all(address.startswith("/static/") or address == "openapi.json" for address in addresses)
    assert "<script>" not in html
    for address in addresses[:4]:
        assert find(address.removeprefix("/static/")), address
