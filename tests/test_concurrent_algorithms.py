"""Algorithms chosen, published and given up by several hands at once: what signs is published, and nothing is made twice."""

import pytest
from django.db import connection

from apis import algorithm_receivers  # noqa: F401  (its receiver registers itself)
from apis.models import API, Application
from apis.services.apis import update_api
from apis.services.applications import add_secret, live_secrets, update_application
from tenants.models import SigningKey, Tenant
from tenants.services import update_tenant
from tests import factories
from tests.conftest import build_world
from tests.test_concurrent_writes import HANDS, at_once, refusals

BY = factories.BY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


@pytest.fixture
def world(transactional_db):
    return build_world("acme")


def test_an_algorithm_that_many_ask_for_at_once_gets_its_keys_once(world):
    apis = [factories.make_api(world.tenant, f"urn:{number}") for number in range(HANDS)]
    assert not refusals(at_once(*[lambda api=api: update_api(api, by=BY, signing_alg="PS256") for api in apis]))
    assert sorted(SigningKey.objects.filter(alg="PS256").values_list("state", flat=True)) == ["current", "next"]


@pytest.mark.parametrize("attempt", range(5))
def test_no_api_signs_with_keys_whose_flag_goes_off_at_the_same_moment(world, attempt):
    update_tenant(world.tenant, by=BY, flags={"enable_ec_keys": True})
    results = at_once(
        lambda: update_api(API.objects.get(pk=world.api.pk), by=BY, signing_alg="ES256"),
        lambda: update_tenant(Tenant.objects.get(pk=world.tenant.pk), by=BY, flags={"enable_ec_keys": False}),
    )
    assert len(refusals(results)) == 1
    signs = API.objects.get(pk=world.api.pk).signing_alg == "ES256"
    assert signs == Tenant.objects.get(pk=world.tenant.pk).all_flags["enable_ec_keys"]


@pytest.mark.parametrize("attempt", range(5))
def test_no_secret_is_hashed_alone_when_its_application_turns_to_hs256_at_the_same_moment(world, attempt):
    application = factories.make_application(world.tenant, "Shop")[0]
    application.secrets.all().delete()
    at_once(
        lambda: add_secret(Application.objects.get(pk=application.pk), by=BY),
        lambda: update_application(Application.objects.get(pk=application.pk), by=BY, id_token_alg="HS256"),
    )
    application.refresh_from_db()
    hashed = live_secrets(application).filter(encrypted=None).exists()
    assert hashed == (application.id_token_alg == "RS256")
    assert live_secrets(application).count() == 1
