"""Origins of an application: as browsers send them, or they would never match."""

import pytest
from django.core.exceptions import ValidationError

from apis.services.applications import create_application
from tests import factories

ORIGINS = [
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "http://[::1]:3000",
]
NO_ORIGINS = [
    "https://app.example.com/",
    "https://app.example.com/path",
    "https://app.example.com?x",
    "https://app.example.com#",
    "https://me@app.example.com",
    "https://*.example.com",
    "*",
    "null",
    "app.example.com",
    "http://app.example.com",
    "http://localhost.evil.example",
    "ftp://app.example.com",
    "javascript:alert(1)",
    "https://App.example.com",
    "HTTPS://app.example.com",
    "https://app.example.com:443",
    "http://localhost:80",
    "https://bücher.example",
    "https://app.example.com:65536",
    "https://app.example.com\x00",
]


def make(world, field, lines):
    return create_application(world.tenant, "Tracker", by=factories.BY, app_type="spa", **{field: lines})


@pytest.mark.parametrize("field", ["allowed_origins", "web_origins"])
@pytest.mark.parametrize("origin", ORIGINS)
def test_an_origin_is_scheme_host_and_port(acme, field, origin):
    assert getattr(make(acme, field, origin), field) == origin


@pytest.mark.parametrize("field", ["allowed_origins", "web_origins"])
@pytest.mark.parametrize("origin", NO_ORIGINS)
def test_what_no_browser_sends_as_an_origin_is_refused_on_its_field(acme, field, origin):
    with pytest.raises(ValidationError) as refusal:
        make(acme, field, f"https://good.example\n{origin}")
    assert list(refusal.value.message_dict) == [field]
    assert refusal.value.message_dict[field][0].startswith(origin)


def test_a_registered_origin_may_call_at_once_and_only_in_its_tenant(acme, globex):
    def allowed(world):
        response = world.http(origin="https://app.example.com").options("/oauth/token")
        return response.headers.get("Access-Control-Allow-Origin")

    assert (allowed(acme), allowed(globex)) == (None, None)
    make(acme, "allowed_origins", "https://app.example.com")
    assert (allowed(acme), allowed(globex)) == ("https://app.example.com", None)
