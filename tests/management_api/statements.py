"""What a list call costs in SQL while the configuration is warm."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import config_cache
from tests.management_api.caller import Caller


def cost(monkeypatch: pytest.MonkeyPatch, api2: Caller, path: str, **query: Any) -> int:
    """How many statements GET `path` runs, the check of the token and totals included."""
    # However slow this machine is: no second passes in which the tenant's version would be looked at.
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    api2.get(path, **query)
    with CaptureQueriesContext(connection) as queries:
        response = api2.get(path, **query)
    assert response.status_code == 200, response.content
    # The test looks the tenant's host up before each request; the product remembers it.
    return len([found for found in queries.captured_queries if "tenants_domain" not in found["sql"]])
