"""How long an API's tokens live: the default, the bounds, and the shorter life of what a browser holds."""

import jwt
import pytest
from django.core.exceptions import ValidationError

from apis.models import API
from apis.services.apis import create_api, update_api
from tests import factories

BY = factories.BY


def claims(response):
    assert response.status_code == 200, response.content
    return jwt.decode(response.json()["access_token"], options={"verify_signature": False})


def test_a_new_api_lives_by_auth0s_defaults(acme):
    api = create_api(acme.tenant, "urn:example:defaults", by=BY)
    assert (api.signing_alg, api.token_lifetime, api.token_lifetime_for_web) == ("RS256", 86_400, 7_200)
    assert (api.allow_offline_access, api.enforce_policies, api.token_dialect) == (False, False, "access_token")
    assert len(api.id) == 24


@pytest.mark.parametrize("seconds", [1, 3_600, 2_592_000])
def test_a_token_lives_as_long_as_its_api_says(acme, seconds):
    update_api(acme.api, by=BY, token_lifetime=seconds)
    response = acme.ask()
    assert response.json()["expires_in"] == seconds
    assert claims(response)["exp"] - claims(response)["iat"] == seconds


@pytest.mark.parametrize("field", ["token_lifetime", "token_lifetime_for_web"])
@pytest.mark.parametrize("seconds", [0, -1, 2_592_001, "soon", None])
def test_a_lifetime_out_of_bounds_is_refused(acme, field, seconds):
    with pytest.raises(ValidationError):
        update_api(acme.api, by=BY, **{field: seconds})
    with pytest.raises(ValidationError):
        create_api(acme.tenant, "urn:example:new", by=BY, **{field: seconds})
    assert acme.ask().json()["expires_in"] == 86_400


def test_a_short_lifetime_shortens_the_one_for_browsers_when_nothing_is_said_of_it(acme):
    assert create_api(acme.tenant, "urn:example:short", by=BY, token_lifetime=600).token_lifetime_for_web == 600
    assert update_api(acme.api, by=BY, token_lifetime=900).token_lifetime_for_web == 900


def test_tokens_for_browsers_live_no_longer_than_the_others(acme):
    for settings in ({"token_lifetime": 600, "token_lifetime_for_web": 601}, {"token_lifetime_for_web": 86_401}):
        with pytest.raises(ValidationError) as refusal:
            update_api(API.objects.get(pk=acme.api.pk), by=BY, **settings)
        assert list(refusal.value.message_dict) == ["token_lifetime_for_web"]
