"""The Management API of a tenant: there from the start, known by each domain's name, and not for the tenant to reshape."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import API
from apis.services.apis import create_api, delete_api, rotate_signing_secret, set_permissions, update_api
from tenants.services import add_domain
from tests import factories

BY = factories.BY


@pytest.mark.parametrize(
    "identifier", ["/api/v2/", "/", "https://acme.example.com/api/v2/", "https://login.acme.example/api/v2/"]
)
def test_the_name_of_the_management_api_at_any_domain_is_taken(acme, identifier):
    add_domain(acme.tenant, "login.acme.example", by=BY)
    with pytest.raises(ValidationError, match="reserved for the Management API"):
        create_api(acme.tenant, identifier, by=BY)


def test_the_management_api_is_neither_deleted_nor_renamed_nor_reshaped(acme):
    system = API.objects.of(acme.tenant).get(is_system=True)
    before = API.objects.filter(pk=system.pk).values().get()
    for change in (
        {"name": "Mine"},
        {"identifier": "https://mine.example.com"},
        {"signing_alg": "HS256"},
        {"token_dialect": "rfc9068_profile"},
        {"allow_offline_access": True},
        {"is_system": False},
    ):
        with pytest.raises(ValidationError):
            update_api(API.objects.get(pk=system.pk), by=BY, **change)
    with pytest.raises(ValidationError):
        delete_api(system, by=BY)
    with pytest.raises(ValidationError):
        set_permissions(system, [], by=BY)
    with pytest.raises(ValidationError):
        rotate_signing_secret(system, by=BY)
    assert API.objects.filter(pk=system.pk).values().get() == before
    assert system.permissions.count() > 50


def test_of_the_management_api_a_tenant_chooses_the_lifetime(acme):
    system = API.objects.of(acme.tenant).get(is_system=True)
    assert update_api(system, by=BY, token_lifetime=3_600).token_lifetime == 3_600


def management_token(world, audience):
    return world.ask(audience=audience).json()["access_token"]


def test_another_tenant_may_use_the_name_for_an_api_that_opens_nothing_here(acme, globex):
    namesake = factories.make_api(globex.tenant, "https://acme.example.com/api/v2/")
    factories.grant(globex.application, namesake)
    token = management_token(globex, namesake.identifier)
    assert acme.http(authorization=f"Bearer {token}").get("/api/v2/clients").status_code == 401
    system = API.objects.of(acme.tenant).get(is_system=True)
    factories.grant(acme.application, system, ("read:clients",))
    token = management_token(acme, "https://acme.example.com/api/v2/")
    assert acme.http(authorization=f"Bearer {token}").get("/api/v2/clients").status_code != 401
