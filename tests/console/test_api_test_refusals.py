"""Send on the Test tab of an API, refused: as the token endpoint refuses, with the reason and the page that mends it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apis.models import API, Application
from apis.services import apis, applications
from tenants import config_cache
from tenants.models import SigningKey
from tenants.services import update_tenant
from tests import factories
from tests.client_keys import add_key
from tests.console.asking import event, send, text, token_in
from tests.console.conftest import address
from tests.factories import BY
from tests.verification import verified


def test_a_scope_that_is_not_granted_is_refused_as_the_endpoint_refuses_it(acme, ada):
    apis.set_permissions(
        acme.api, [*(apis.Scope(value, "") for value in ("read:orders", "create:orders", "drop:orders"))], by=BY
    )
    page = send(ada, acme.api, acme.application, "read:orders", "drop:orders")
    own = acme.ask(scope="read:orders drop:orders")
    answer = page.context["answer"]
    assert (answer.status, json.loads(answer.body)) == (own.status_code, own.json())
    assert "Add drop:orders to the client grant" in text(page)
    assert answer.remedy.url.startswith(address(API, "applications", acme.api.pk))
    told = acme.events("feccft")[1]
    assert told.details["console_test"] == "ada"
    assert told.description.startswith("Console test by ada: ")
    assert (told.details["reason"], told.scope) == ("ScopeNotGranted", "read:orders drop:orders")


def test_a_refusal_is_worded_in_the_dialect_of_the_tenant(acme, ada):
    update_tenant(acme.tenant, security_profile="oidc", by=BY)
    other, _ = factories.make_application(acme.tenant, "Other")
    answer = send(ada, acme.api, other).context["answer"]
    assert answer.status == 400
    assert json.loads(answer.body)["error"] == "invalid_target"


def disable(application):
    applications.update_application(application, enabled=False, by=BY)


def take_grant_type(application):
    applications.update_application(application, grant_types=["authorization_code"], by=BY)


def let_secrets_expire(application):
    application.secrets.update(expires_at=timezone.now() - timedelta(seconds=1))
    applications.update_application(application, description="a new version of the configuration", by=BY)


def take_secrets(application):
    application.secrets.all().delete()
    applications.update_application(application, description="a new version of the configuration", by=BY)


def make_public(application):
    # No service lets it be so; the endpoint refuses it all the same.
    Application.objects.filter(pk=application.pk).update(token_endpoint_auth_method="none")
    config_cache.clear()


STATES = [
    (disable, "ClientAuthenticationFailed", "enable it in its settings"),
    (take_grant_type, "GrantTypeNotAllowed", "Switch the grant type client_credentials on"),
    (let_secrets_expire, "ClientAuthenticationFailed", "no client_secret that has not expired"),
    (take_secrets, "ClientAuthenticationFailed", "no client_secret that has not expired"),
    (make_public, "ClientAuthenticationFailed", "applications that prove who they are"),
]


@pytest.mark.parametrize(("change", "reason", "sentence"), STATES, ids=lambda value: getattr(value, "__name__", ""))
def test_an_application_that_could_not_ask_itself_is_refused(acme, ada, change, reason, sentence):
    change(acme.application)
    page = send(ada, acme.api, acme.application)
    answer, told = page.context["answer"], event(acme, "feccft")
    own = acme.ask(client_secret=None if change is make_public else acme.secret)
    assert own.status_code == answer.status
    assert own.json() == json.loads(answer.body)
    assert sentence in text(page)
    assert (told.details["reason"], told.details["console_test"]) == (reason, "ada")
    assert answer.remedy is not None
    assert not acme.events("seccft")


def test_an_application_that_signs_is_asked_for_no_assertion_but_must_have_a_key(acme, ada):
    credential = add_key(acme.application)
    applications.update_application(acme.application, token_endpoint_auth_method="private_key_jwt", by=BY)
    assert verified(acme, token_in(send(ada, acme.api, acme.application)))
    type(credential).objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    applications.update_application(acme.application, description="a new version of the configuration", by=BY)
    page = send(ada, acme.api, acme.application)
    assert json.loads(page.context["answer"].body)["error"] == "invalid_client"
    assert "no key that has not expired" in text(page)


def test_a_tenant_without_a_key_is_a_refusal_and_no_broken_page(acme, ada):
    SigningKey.objects.of(acme.tenant).update(state="revoked")
    applications.update_application(acme.application, description="a new version of the configuration", by=BY)
    page = send(ada, acme.api, acme.application)
    assert page.context["answer"].status == 503
    assert "no current signing key" in text(page)


def test_a_grant_that_was_taken_back_counts_at_once(acme, ada):
    assert send(ada, acme.api, acme.application).context["answer"].status == 200
    acme.application.client_grants.all().delete()
    applications.update_application(acme.application, description="a new version of the configuration", by=BY)
    assert send(ada, acme.api, acme.application).context["answer"].status == 403
