"""The signing secret of an API with HS256, seen once."""

from apis.models import API
from tests.console.browser import shown_secret
from tests.console.conftest import address


def test_the_signing_secret_of_an_hs256_api_appears_in_the_answer_that_made_it(ada, acme):
    answer = ada.submit(address(API, "add"), name="HS", identifier="urn:hs", signing_alg="HS256")
    secret = shown_secret(answer)
    api = API.objects.get(identifier="urn:hs")
    for url in (address(api, "change", api.pk), address(api, "history", api.pk), address(api, "signing_secret", api.pk)):
        assert secret not in ada.get(url).content.decode()


def test_an_api_that_turns_to_hs256_shows_its_secret_once(ada, acme):
    url = address(API, "change", acme.api.pk)
    shown_secret(ada.submit(url, signing_alg="HS256"))
    assert ada.submit(url, name="Renamed").status_code == 302


def test_a_new_signing_secret_asks_first_and_is_shown_once(ada, acme):
    ada.submit(address(API, "change", acme.api.pk), signing_alg="HS256")
    acme.api.refresh_from_db()
    url = address(API, "signing_secret", acme.api.pk)
    assert url in ada.get(address(API, "change", acme.api.pk)).content.decode()
    assert "refuse every new token" in ada.get(url).content.decode()
    shown_secret(ada.submit(url))
    assert acme.events("sapi")[0].description == "Rotate the signing secret of an API"


def test_an_rs256_api_has_no_signing_secret_to_renew(ada, acme):
    url = address(API, "signing_secret", acme.api.pk)
    assert ada.get(url).status_code == 404
    assert ada.post(url).status_code == 404
