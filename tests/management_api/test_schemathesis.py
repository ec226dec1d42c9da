"""schemathesis reads the OpenAPI document and tries every operation with what it allows, and with what it does not.

Bounded, and the same each time: what it found once has tests of its own.
"""

from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tenants.rest.router import Route, routes
from tests.management_api.rows import IDS, Rows, make_rows, prefixes, routes_with_ids

ALWAYS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# What is taken away comes late, so that there is something to try the rest on, and last the key that signed our token.
ORDER = ("get", "post", "patch", "delete", "put")


@pytest.fixture
def rows(acme, settings):
    settings.MANAGEMENT_API_REQUESTS_PER_MINUTE = 0
    return make_rows(acme)


@pytest.fixture
def own_ids(rows):
    """By path, the ids of rows that are there before anything is tried."""
    return {
        route.path: {name: IDS[prefix](rows) for name, prefix in zip(route.parameters, prefixes(route.path), strict=True)}
        for route in routes_with_ids()
    }


@pytest.fixture
def described(rows, own_ids):
    """The document, and the application in this process that answers. No test client of Django's beside it."""
    document = rows.world.http().get("/api/v2/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            # Tokens that are not right are the matrix's story: here they would only hide what lies behind.
            del operation["security"]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    # Between requests a server looks after its connections. A test has one, in a transaction that must stay open.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@dataclass
class Trial:
    """Cases of one kind, for every operation."""

    described: Any
    rows: Rows
    mode: GenerationMode
    checks: list[Any]
    examples: int

    def problems(self, ids: dict[str, dict[str, str]]) -> list[str]:
        """What a check objected to. `ids` fill in the paths; other parts of a path may be anything."""
        return [
            problem
            for method in ORDER
            for route in routes()
            if route.method == method and (problem := self.attempt(route, ids.get(route.path)))
        ]

    def attempt(self, route: Route, ids: dict[str, str] | None) -> str:
        headers = {"Authorization": f"Bearer {self.rows.caller.token}"}
        operation = self.described[route.path][route.method.upper()]

        @settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=self.mode, path_parameters=ids))
        def run(case: Any) -> None:
            address = f"{self.rows.world.issuer}api/v2"
            response = case.call_and_validate(headers=headers, checks=self.checks, base_url=address)
            assert response.status_code != 401 or route.resource == "keys", "our token must last"

        name = f"{route.method.upper()} {route.path}"
        try:
            run()
        except Unsatisfiable:
            # Nothing can be wrong where nothing is asked for.
            asked = route.operation.query or route.operation.body
            return f"{name}: no case" if asked or self.mode is GenerationMode.POSITIVE else ""
        except BaseExceptionGroup as problems:
            return "\n".join(f"{name}: {problem}" for problem in problems.exceptions)
        except AssertionError as problem:
            return f"{name}: {problem}"
        return ""


def test_what_the_document_allows_is_answered_as_it_says(described, rows, own_ids):
    found = Trial(described, rows, GenerationMode.POSITIVE, ALWAYS, 16).problems(own_ids)
    assert not found, "\n\n".join(found)


def test_what_the_document_does_not_allow_is_refused_as_it_says(described, rows, own_ids):
    checks = [*ALWAYS, negative_data_rejection]
    found = Trial(described, rows, GenerationMode.NEGATIVE, checks, 16).problems(own_ids)
    assert not found, "\n\n".join(found)


def test_an_id_may_be_anything(described, rows):
    found = Trial(described, rows, GenerationMode.POSITIVE, ALWAYS, 4).problems({})
    assert not found, "\n\n".join(found)
