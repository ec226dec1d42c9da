"""An operator changes a tenant's settings; a superuser makes tenants."""

import pytest
from django.contrib.admin.models import LogEntry

from tenants.admin.tenant_forms import FLAG_LABELS
from tenants.models import Domain, SigningKey, Tenant
from tenants.models.tenant import FLAGS
from tenants.services import add_domain, create_connection
from tests import factories
from tests.console.browser import errors
from tests.console.conftest import address


def page_of(world):
    return address(world.tenant, "change", world.tenant.pk)


def test_a_superuser_makes_a_tenant_with_a_domain(root):
    answer = root.submit(
        address(Tenant, "add"), name="initech", friendly_name="Initech", domains__0__host="https://initech.example.com/"
    )
    assert answer.status_code == 302
    tenant = Tenant.objects.get(name="initech")
    assert tenant.domains.get().issuer == "https://initech.example.com/"
    assert tenant.all_flags == FLAGS
    assert tenant.signing_keys.count() == 2
    assert tenant.apis.get().is_system


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "With Space"}, "valid"),
        ({"name": "acme"}, "already exists"),
        ({"support_email": "nobody"}, "valid email"),
        ({"session_lifetime": "0"}, "greater than or equal to 1"),
        ({"domains__0__host": ""}, "at least one domain"),
        ({"domains__0__host": "http://initech.example.com"}, "loopback only"),
        ({"domains__0__host": "not a host"}, "not a host"),
        ({"domains__0__host": "acme.example.com"}, "already exists"),
    ],
)
def test_a_broken_rule_is_said_on_the_form_and_nothing_is_written(wrong, said, root, acme):
    before = Tenant.objects.count(), Domain.objects.count(), SigningKey.objects.count(), LogEntry.objects.count()
    sent = {"name": "initech", "domains__0__host": "initech.example.com"} | wrong
    assert said in errors(root.submit(address(Tenant, "add"), **sent))
    after = Tenant.objects.count(), Domain.objects.count(), SigningKey.objects.count(), LogEntry.objects.count()
    assert after == before


def test_an_operator_of_a_tenant_makes_none_and_deletes_none(ada, acme):
    assert ada.get(address(Tenant, "add")).status_code == 403
    assert ada.post(address(Tenant, "delete", acme.tenant.pk), {"post": "yes"}).status_code == 403


def test_settings_and_flags_are_changed_through_the_service(ada, acme):
    create_connection(acme.tenant, "people", by=factories.BY)
    answer = ada.submit(
        page_of(acme),
        friendly_name="Acme Inc.",
        flags=["remove_alg_from_jwks"],
        default_directory="people",
        default_audience=acme.api.identifier,
        picture_url="acme.example/logo.png",
    )
    assert answer.status_code == 302
    tenant = Tenant.objects.get(pk=acme.tenant.pk)
    assert tenant.all_flags == dict.fromkeys(FLAGS, False) | {"remove_alg_from_jwks": True}
    assert (tenant.friendly_name, tenant.default_directory) == ("Acme Inc.", "people")
    assert tenant.picture_url == "https://acme.example/logo.png"
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Update tenant settings", "ada")
    assert "support_email" not in event.details["changes"]


def test_saving_without_a_change_tells_nothing(ada, acme):
    before = len(acme.events("sapi"))
    assert ada.submit(page_of(acme)).status_code == 302
    assert len(acme.events("sapi")) == before


def test_a_default_that_does_not_exist_is_said_at_its_field(ada, acme):
    answer = ada.submit(page_of(acme), default_audience="urn:nothing")
    assert "no API with the identifier" in str(answer.context["adminform"].form.errors["default_audience"])
    assert "not one of the available choices" in errors(ada.submit(page_of(acme), default_directory="nowhere"))
    assert Tenant.objects.get(pk=acme.tenant.pk).default_audience == ""


def test_the_name_never_changes_whatever_is_sent(ada, acme):
    ada.submit(page_of(acme), name="evil", friendly_name="Renamed")
    assert Tenant.objects.get(pk=acme.tenant.pk).name == "acme"


def test_domains_are_added_and_removed_and_never_changed(ada, acme):
    first = acme.domain
    ada.submit(page_of(acme), domains__0__host="evil.example.com", domains__1__host="auth.acme.example")
    assert {domain.host for domain in acme.tenant.domains.all()} == {first.host, "auth.acme.example"}
    assert acme.events("sapi")[0].description == "Add a domain"
    ada.submit(page_of(acme), domains__0__DELETE="on")
    assert [domain.host for domain in acme.tenant.domains.all()] == ["auth.acme.example"]


def test_the_last_domain_can_be_replaced_but_not_removed(ada, acme):
    refused = ada.submit(page_of(acme), domains__0__DELETE="on")
    assert "at least one domain" in errors(refused)
    assert acme.tenant.domains.count() == 1
    ada.submit(page_of(acme), domains__0__DELETE="on", domains__1__host="new.acme.example")
    assert [domain.host for domain in acme.tenant.domains.all()] == ["new.acme.example"]


def test_another_tenants_domain_is_refused(ada, acme, globex):
    assert "already exists" in errors(ada.submit(page_of(acme), domains__1__host=globex.domain.host))


def test_the_list_names_the_domains(root, acme):
    add_domain(acme.tenant, "second.example.com", by=factories.BY)
    assert "acme.example.com, second.example.com" in root.get(address(Tenant, "changelist")).content.decode()


def test_the_page_shows_the_keys_and_the_way_to_rotate_them(ada, vera, acme):
    section = ada.get(page_of(acme)).context["sections"][0]
    assert len(section.rows) == 2
    assert section.links[0].url == address(SigningKey, "rotate", tenant=acme.tenant.pk)
    assert not vera.get(page_of(acme)).context["sections"][0].links


def test_every_flag_says_what_it_does():
    assert set(FLAG_LABELS) == set(FLAGS)


def test_settings_of_sessions_and_logout_are_changed_and_told(ada, acme):
    answer = ada.submit(
        page_of(acme),
        session_cookie_mode="non-persistent",
        allowed_logout_urls="https://shop.example/bye\r\n\r\n https://b.example/ ",
        oidc_logout_prompt_enabled=None,
        skip_non_verifiable_callback_uri_confirmation_prompt="on",
    )
    assert answer.status_code == 302
    assert acme.events("sapi")[0].details["changes"] == {
        "session_cookie_mode": "non-persistent",
        "allowed_logout_urls": "https://shop.example/bye\nhttps://b.example/",
        "oidc_logout_prompt_enabled": False,
        "skip_non_verifiable_callback_uri_confirmation_prompt": True,
    }


def test_an_unsafe_logout_address_is_said_at_its_field(ada, acme):
    answer = ada.submit(page_of(acme), allowed_logout_urls="https://a.example/\njavascript:alert(1)")
    assert "javascript:alert(1): the scheme" in str(answer.context["adminform"].form.errors["allowed_logout_urls"])
    assert Tenant.objects.get(pk=acme.tenant.pk).allowed_logout_urls == ""


def test_the_profile_for_certification_says_whose_rules_it_follows(ada, acme):
    page = ada.get(address(acme.tenant, "change", acme.tenant.pk)).content.decode()
    assert '<option value="oidc">The RFCs&#x27; (OpenID Connect certification)</option>' in page
