"""An operator adds and removes the keys with which an application signs its assertions."""

import pytest

from apis.models import Application, ClientCredential
from tests import factories
from tests.client_keys import add_key, assertion, pem, private_key, private_pem, proof, signing
from tests.console.browser import errors
from tests.console.conftest import address


def adding(application):
    return address(application, "add_credential", application.pk)


def removing(application, credential):
    return address(application, "remove_credential", application.pk, credential.pk)


def tab(console, application):
    """The tab Credentials of the application's page."""
    return console.get(address(application, "credentials", application.pk))


def signs_from_now_on(console, application):
    url, method = address(application, "credentials", application.pk), "private_key_jwt"
    return console.post(url, {"token_endpoint_auth_method": method, "confirmed": "yes"})


def works(world, number=0):
    signed = assertion(world.application, world, number)
    return world.ask(client_id=None, client_secret=None, **proof(signed)).status_code == 200


def test_a_key_is_pasted_then_the_method_is_chosen_and_the_application_signs(ada, acme):
    application = acme.application
    answer = ada.submit(adding(application), pem=pem(), name="Deploy key", expires_at="2090-01-02T03:04")
    assert answer.status_code == 302
    row = application.credentials.get()
    assert (row.name, row.alg, row.expires_at.isoformat()) == ("Deploy key", "RS256", "2090-01-02T03:04:00+00:00")
    assert not works(acme)
    assert "Not in use yet" in tab(ada, application).content.decode()
    assert signs_from_now_on(ada, application).status_code == 302
    assert works(acme)
    assert not application.secrets.exists()
    event = next(event for event in acme.events("sapi") if event.description == "Add a credential of a client")
    assert event.user_name == "ada"


def test_the_list_shows_what_a_key_is_called_and_a_way_to_remove_it(ada, acme):
    row = add_key(acme.application, name="Deploy key")
    page = tab(ada, acme.application)
    assert page.context["keys"] == [(row, removing(acme.application, row))]
    html = page.content.decode()
    assert "Deploy key" in html
    assert row.kid in html
    assert f'href="{adding(acme.application)}"' in html
    add_key(acme.application, 1)
    assert adding(acme.application) not in tab(ada, acme.application).content.decode()


def test_a_viewer_sees_the_keys_and_changes_none(vera, acme):
    row = add_key(acme.application)
    html = tab(vera, acme.application).content.decode()
    assert row.kid in html
    assert adding(acme.application) not in html
    assert removing(acme.application, row) not in html
    assert vera.post(adding(acme.application), {"pem": pem(private_key(1)), "alg": "RS256"}).status_code == 403
    assert vera.post(removing(acme.application, row)).status_code == 403
    assert ClientCredential.objects.get() == row


def test_removing_a_key_asks_first_and_then_what_it_signed_is_refused(ada, acme):
    row = signing(acme.application).credentials.get()
    assert "refused from now on" in ada.get(removing(acme.application, row)).content.decode()
    assert works(acme)
    assert ada.submit(removing(acme.application, row)).status_code == 302
    assert not works(acme)
    assert ada.post(removing(acme.application, row)).status_code == 404
    assert "None: it cannot authenticate." in tab(ada, acme.application).content.decode()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pem": "x"}, "Expected one public key"),
        ({"pem": ""}, "This field is required"),
        ({"pem": pem(private_key(0, 1024))}, "1024 bits"),
        ({"kid": "short"}, "10 to 64"),
        ({"alg": "none"}, "Select a valid choice"),
        ({"expires_at": "2020-01-01T00:00"}, "expired already"),
    ],
)
def test_what_is_no_usable_key_is_told_why(ada, acme, changes, reason):
    answer = ada.submit(adding(acme.application), **{"pem": pem()} | changes)
    assert reason in errors(answer)
    assert not ClientCredential.objects.exists()


def test_T141_a_private_key_that_was_pasted_is_not_shown_again(ada, acme):
    pasted = private_pem()
    answer = ada.submit(adding(acme.application), pem=pasted)
    assert "make a new pair" in errors(answer)
    assert not [line for line in pasted.splitlines()[1:-1] if line in answer.content.decode()]
    assert not ClientCredential.objects.exists()


def test_the_page_of_an_application_that_signs_offers_no_secret(ada, acme):
    signing(acme.application)
    html = tab(ada, acme.application).content.decode()
    assert "None: it authenticates with a key." in html
    assert "Add a secret" not in html
    refusal = errors(ada.submit(address(Application, "add_secret", acme.application.pk)))
    assert "has no secret" in refusal


def test_an_application_that_signs_before_it_has_a_key_cannot_authenticate_and_its_page_says_so(ada, acme):
    assert signs_from_now_on(ada, acme.application).status_code == 302
    assert not acme.application.secrets.exists()
    assert "None: it cannot authenticate." in tab(ada, acme.application).content.decode()


def test_a_key_of_another_application_has_no_page_under_this_one(ada, acme):
    other, _ = factories.make_application(acme.tenant, "Other")
    row = add_key(other)
    assert ada.get(removing(acme.application, row)).status_code == 404
    assert ada.post(removing(acme.application, row)).status_code == 404
    assert ClientCredential.objects.get() == row


def test_T139_an_operator_of_another_tenant_finds_none_of_it(grace, acme):
    row = add_key(acme.application)
    for url in (adding(acme.application), removing(acme.application, row)):
        assert grace.get(url).status_code == 404
        assert grace.post(url, {"pem": pem(private_key(1)), "alg": "RS256"}).status_code == 404
    assert ClientCredential.objects.get() == row
