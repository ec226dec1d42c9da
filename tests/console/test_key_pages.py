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


def keys(console, application):
    """The section on keys of the application's page."""
    page = console.get(address(application, "change", application.pk))
    (found,) = [section for section in page.context["sections"] if section.title == "Keys"]
    return found


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
    assert "Unused" in keys(ada, application).note
    ada.submit(address(application, "change", application.pk), token_endpoint_auth_method="private_key_jwt")
    assert works(acme)
    assert not application.secrets.exists()
    event = next(event for event in acme.events("sapi") if event.description == "Add a credential of a client")
    assert event.user_name == "ada"


def test_the_list_shows_what_a_key_is_called_and_a_way_to_remove_it(ada, acme):
    row = add_key(acme.application, name="Deploy key")
    section = keys(ada, acme.application)
    (name, kid, alg, created, expires, remove) = section.rows[0]
    assert (name, kid, alg, created, expires) == ("Deploy key", row.kid, "RS256", row.created_at, "never")
    assert removing(acme.application, row) in remove
    assert [link.url for link in section.links] == [adding(acme.application)]
    add_key(acme.application, 1)
    assert not keys(ada, acme.application).links


def test_a_viewer_sees_the_keys_and_changes_none(vera, acme):
    row = add_key(acme.application)
    section = keys(vera, acme.application)
    assert section.rows[0][-1] == ""
    assert not section.links
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
    assert keys(ada, acme.application).empty == "None: it cannot authenticate."


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
    secrets = ada.get(address(Application, "change", acme.application.pk)).context["sections"][0]
    assert (secrets.empty, secrets.links) == ("None: it authenticates with a key.", [])
    refusal = errors(ada.submit(address(Application, "add_secret", acme.application.pk)))
    assert "has no secret" in refusal


def test_a_new_application_that_will_sign_is_made_without_a_secret(ada, acme):
    form = {"name": "Signer", "app_type": "non_interactive", "token_endpoint_auth_method": "private_key_jwt"}
    answer = ada.submit(address(Application, "add"), **form)
    assert answer.status_code == 302
    made = Application.objects.get(name="Signer")
    assert not made.secrets.exists()
    assert keys(ada, made).empty == "None: it cannot authenticate."


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
