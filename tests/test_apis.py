"""APIs: what identifies one, what may change of it, and what goes with it."""

import jwt
import pytest
from django.core.exceptions import ValidationError

from apis.models import API
from apis.services.apis import create_api, delete_api, update_api
from tenants.models import Tenant
from tests import factories

BY = factories.BY


def claims(response):
    assert response.status_code == 200, response.content
    return jwt.decode(response.json()["access_token"], options={"verify_signature": False})


@pytest.mark.parametrize(
    "identifier",
    [
        "https://api.example.com",
        "https://api.example.com/v1/?x=1#part",
        "http://localhost:3000",
        "urn:example:orders",
        "orders-api",
        "com.example:orders(v1)",
        "https://api.example.com/caf%C3%A9",
        "HTTPS://API.example.com",
        "https://[2001:db8::1]/",
        "a",
        "x" * 600,
    ],
)
def test_any_uri_urn_or_plain_name_identifies_an_api_and_is_its_audience(acme, identifier):
    api = factories.make_api(acme.tenant, identifier)
    factories.grant(acme.application, api)
    assert claims(acme.ask(audience=identifier))["aud"] == identifier


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        " ",
        "my api",
        " https://api.example.com",
        "https://api.example.com ",
        "https://api.example.com\n",
        "https://api.exa\tmple.com",
        "https://api.example.com/\x00",
        "https://api.example.com/\x7f",
        "https://api.example.com/100%",
        "https://api.example.com/%zz",
        "https://bücher.example",
        'https://api.example.com/"',
        "https://api.example.com/<x>",
        "https://api.example.com/{id}",
        "back\\slash",
        "x" * 601,
    ],
)
def test_what_no_uri_could_hold_identifies_no_api(acme, identifier):
    with pytest.raises(ValidationError) as refusal:
        create_api(acme.tenant, identifier, by=BY)
    assert list(refusal.value.message_dict) == ["identifier"]
    assert API.objects.of(acme.tenant).filter(is_system=False).get() == acme.api


def test_a_slash_at_the_end_makes_another_api(acme):
    slashed = factories.make_api(acme.tenant, f"{acme.api.identifier}/")
    factories.grant(acme.application, slashed, ("read:orders",))
    assert claims(acme.ask())["scope"] == "read:orders create:orders"
    assert claims(acme.ask(audience=slashed.identifier))["scope"] == "read:orders"


def test_an_identifier_is_given_once_in_a_tenant_and_once_in_every_other(acme, globex):
    assert acme.api.identifier == globex.api.identifier
    with pytest.raises(ValidationError, match="already exists"):
        create_api(acme.tenant, acme.api.identifier, by=BY)
    assert claims(acme.ask())["iss"] != claims(globex.ask())["iss"]


def test_an_identifier_never_changes(acme):
    update_api(acme.api, by=BY, identifier=acme.api.identifier, name="Orders")
    with pytest.raises(ValidationError, match="cannot be changed"):
        update_api(acme.api, by=BY, identifier="https://other.example.com")
    assert API.objects.get(pk=acme.api.pk).identifier == "https://orders.example.com"


def test_an_api_does_not_move_to_another_tenant(acme, globex):
    with pytest.raises(ValidationError, match="cannot be changed"):
        update_api(acme.api, by=BY, tenant=globex.tenant)
    with pytest.raises(ValidationError, match="cannot be changed"):
        update_api(acme.api, by=BY, is_system=True)
    stored = API.objects.get(pk=acme.api.pk)
    assert (stored.tenant, stored.is_system) == (acme.tenant, False)


@pytest.mark.parametrize("name", ["<b>Orders</b>", "a > b", "Or\nders", "Orders\n", "Or\x00ders", "x" * 201])
def test_a_name_that_could_break_a_page_or_a_log_is_refused(acme, name):
    with pytest.raises(ValidationError):
        update_api(acme.api, by=BY, name=name)


def test_an_api_without_a_name_is_called_by_its_identifier(acme):
    assert str(create_api(acme.tenant, "urn:example:nameless", by=BY)) == "urn:example:nameless"


def test_a_deleted_api_is_unknown_at_once_and_takes_its_grants(acme, globex):
    assert acme.ask().status_code == 200
    delete_api(acme.api, by=BY)
    assert acme.ask().json()["error_description"].startswith("Service not enabled within domain")
    assert not acme.application.client_grants.filter(api__is_system=False).exists()
    assert globex.ask().status_code == 200


def test_a_tenant_that_goes_takes_its_apis(acme, globex):
    Tenant.objects.get(pk=acme.tenant.pk).delete()
    assert set(API.objects.values_list("tenant__name", flat=True)) == {"globex"}
