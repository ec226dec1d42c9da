"""A viewer may look at everything of a tenant and change nothing. Generated from the registry, then told one by one."""

import pytest
from django.apps import apps
from django.contrib.admin import site

from apis.models import API, Application, ClientGrant
from authserver.models import Consent, Session, TokenFamily
from tenants.models import Connection, Operator, SigningKey, Tenant, User
from tests.console.conftest import address, all_pages, fill, rows_of

PAGES = [model for model in site._registry if model is not Operator]


def snapshot():
    """Every row of ours, as stored."""
    floors = [apps.get_app_config(label) for label in ("tenants", "apis", "authserver")]
    models = [model for floor in floors for model in floor.get_models(include_auto_created=True)]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_a_viewer_may_look_at_every_page(model, furnished_acme, vera):
    row = rows_of(furnished_acme, model).first()
    assert vera.get(address(model, "changelist")).status_code == 200
    page = vera.get(address(row, "change", row.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert vera.get(address(row, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_nothing_that_a_viewer_sends_anywhere_changes_anything(model, furnished_acme, vera):
    own = {url.name: fill(url, furnished_acme, model) for of, _, url in all_pages() if of is model}
    before = snapshot()
    for name, url in own.items():
        answer = vera.post(url, {"post": "yes", "name": "changed", "tenant": furnished_acme.tenant.pk})
        allowed = name.endswith(("_changelist", "_history", "_test"))
        # A tab that a viewer is not offered is not there for them.
        refused = 404 if name.endswith("_danger") else 403
        assert answer.status_code == (200 if allowed else refused), url
    chosen = {"action": "delete_selected", "_selected_action": [rows_of(furnished_acme, model).first().pk], "post": "yes"}
    vera.post(own[f"{model._meta.app_label}_{model._meta.model_name}_changelist"], chosen)
    assert snapshot() == before


def test_a_viewer_is_refused_what_an_admin_may_do(furnished_acme, ada, vera):
    acme = furnished_acme
    secret, grant = acme.application.secrets.get(), ClientGrant.objects.get(application=acme.application)
    user, connection = User.objects.get(), Connection.objects.get()
    key = SigningKey.objects.get(tenant=acme.tenant, state="previous")
    hs256 = API.objects.get(identifier="urn:hs")
    writes = [
        (address(API, "add"), {"name": "New", "identifier": "urn:new"}),
        (address(API, "change", acme.api.pk), {"name": "Renamed"}),
        (address(API, "signing_secret", hs256.pk), {}),
        (address(Application, "add"), {"name": "New", "app_type": "spa", "token_endpoint_auth_method": ""}),
        (address(Application, "change", acme.application.pk), {"name": "Renamed"}),
        (address(Application, "add_secret", acme.application.pk), {"old_secret": "never"}),
        (address(Application, "end_secret", acme.application.pk, secret.pk), {}),
        (address(ClientGrant, "change", grant.pk), {"scopes": []}),
        (address(ClientGrant, "delete", grant.pk), {}),
        (address(Tenant, "change", acme.tenant.pk), {"friendly_name": "Renamed"}),
        (address(Connection, "add"), {"name": "new"}),
        (address(Session, "end", Session.objects.get().pk), {}),
        (address(TokenFamily, "revoke", TokenFamily.objects.get().pk), {}),
        (address(Consent, "withdraw", Consent.objects.get().pk), {}),
        (address(User, "change", user.pk), {"name": "Renamed"}),
        (address(User, "password", user.pk), {"password": "new password", "again": "new password"}),
        (address(User, "delete", user.pk), {}),
        (address(Connection, "delete", connection.pk), {}),
        (address(SigningKey, "rotate"), {"tenant": acme.tenant.pk}),
        (address(SigningKey, "revoke", key.pk), {}),
        (address(API, "delete", acme.api.pk), {}),
        (address(Application, "disable", acme.application.pk), {}),
        (address(Application, "delete", acme.application.pk), {"name": "Renamed"}),
    ]
    for url, values in writes:
        sent = ada.fields(url) | values
        before = snapshot()
        assert vera.post(url, sent).status_code == 403, url
        assert snapshot() == before, url
        assert ada.post(url, sent).status_code in (200, 302), url
        assert snapshot() != before, url


def test_a_viewer_of_a_tenant_reads_what_its_flags_do(acme, vera):
    page = vera.get(address(Tenant, "advanced", acme.tenant.pk)).content.decode()
    assert "API authorization: applications may get tokens for APIs: yes" in page


def test_a_viewer_of_an_application_reads_the_same_labels_as_an_admin(acme, ada, vera):
    url = address(Application, "change", acme.application.pk)
    for console in (ada, vera):
        assert "Callback URLs" in console.get(url).content.decode()


def test_a_viewer_of_a_grant_reads_its_permissions(acme, vera):
    grant = ClientGrant.objects.get(application=acme.application)
    assert "read:orders, create:orders" in vera.get(address(grant, "change", grant.pk)).content.decode()
