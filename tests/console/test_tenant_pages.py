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


def page_of(world, tab="change"):
    return address(world.tenant, tab, world.tenant.pk)


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
        ({"picture_url": "javascript:alert(1)"}, "valid URL"),
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
        page_of(acme), friendly_name="Acme Inc.", default_directory="people", default_audience=acme.api.identifier
    )
    assert answer.url == page_of(acme)
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Update tenant settings", "ada")
    assert "support_email" not in event.details["changes"]
    assert ada.submit(page_of(acme, "advanced"), flags=["remove_alg_from_jwks"]).url == page_of(acme, "advanced")
    assert ada.submit(page_of(acme, "branding"), picture_url="acme.example/logo.png").status_code == 302
    tenant = Tenant.objects.get(pk=acme.tenant.pk)
    assert tenant.all_flags == dict.fromkeys(FLAGS, False) | {"remove_alg_from_jwks": True}
    assert (tenant.friendly_name, tenant.default_directory) == ("Acme Inc.", "people")
    assert tenant.picture_url == "https://acme.example/logo.png"


def test_saving_without_a_change_tells_nothing(ada, acme):
    before = len(acme.events("sapi"))
    for tab in ("change", "branding", "advanced"):
        assert ada.submit(page_of(acme, tab)).status_code == 302
    assert len(acme.events("sapi")) == before


def test_a_default_that_does_not_exist_is_said_at_its_field(ada, acme):
    answer = ada.submit(page_of(acme), default_audience="urn:nothing")
    assert "no API with the identifier" in str(answer.context["adminform"].form.errors["default_audience"])
    assert "not one of the available choices" in errors(ada.submit(page_of(acme), default_directory="nowhere"))
    assert Tenant.objects.get(pk=acme.tenant.pk).default_audience == ""


def test_the_name_never_changes_whatever_is_sent(ada, acme):
    ada.submit(page_of(acme), name="evil", friendly_name="Renamed")
    assert Tenant.objects.get(pk=acme.tenant.pk).name == "acme"


def test_each_part_of_the_settings_writes_its_own_fields_and_no_others(ada, acme):
    ada.submit(page_of(acme), security_profile="oidc", flags=["enable_ec_keys"], primary_color="#112233")
    ada.submit(page_of(acme, "branding"), security_profile="oidc", friendly_name="Evil")
    tenant = Tenant.objects.get(pk=acme.tenant.pk)
    assert (tenant.security_profile, tenant.primary_color, tenant.friendly_name) == ("auth0", "", acme.tenant.friendly_name)
    ada.submit(page_of(acme, "advanced"), security_profile="oidc")
    assert Tenant.objects.get(pk=acme.tenant.pk).security_profile == "oidc"


def test_a_broken_rule_of_the_settings_is_said_at_its_field(ada, acme):
    assert "valid email" in errors(ada.submit(page_of(acme), support_email="nobody"))
    assert "greater than or equal to 1" in errors(ada.submit(page_of(acme), session_lifetime="0"))


@pytest.mark.parametrize("tab", ["change", "branding", "advanced", "domains", "keys", "members"])
def test_a_viewer_reads_every_tab_and_writes_on_none_and_a_stranger_finds_none(tab, vera, grace, acme):
    page = vera.get(page_of(acme, tab))
    assert page.status_code == 200
    assert 'type="submit" value="Save"' not in page.content.decode()
    assert vera.post(page_of(acme, tab), {"friendly_name": "Evil", "host": "evil.example.com"}).status_code == 403
    assert grace.get(page_of(acme, tab)).status_code == grace.post(page_of(acme, tab)).status_code == 404


def remove(domain):
    return address(domain.tenant, "remove_domain", domain.tenant.pk, domain.pk)


def test_a_domain_is_added_and_another_removed_after_a_question(ada, acme):
    first, tab = acme.domain, page_of(acme, "domains")
    assert ada.submit(tab, host="https://auth.acme.example/").url == tab
    assert {domain.host for domain in acme.tenant.domains.all()} == {first.host, "auth.acme.example"}
    assert acme.events("sapi")[0].description == "Add a domain"
    assert remove(first) in ada.get(tab).content.decode()
    assert "refused by every API" in ada.get(remove(first)).content.decode()
    assert acme.tenant.domains.count() == 2
    assert ada.submit(remove(first)).url == tab
    assert [domain.host for domain in acme.tenant.domains.all()] == ["auth.acme.example"]


def test_the_last_domain_is_not_removed(ada, acme):
    assert remove(acme.domain) not in ada.get(page_of(acme, "domains")).content.decode()
    said = ada.post(remove(acme.domain), follow=True).content.decode()
    assert "at least one domain" in said
    assert acme.tenant.domains.count() == 1


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("", "required"),
        ("not a host", "not a host"),
        ("http://auth.acme.example", "loopback only"),
        ("globex.example.com", "belongs to another tenant"),
    ],
)
def test_an_impossible_domain_is_said_on_the_tab(host, said, ada, acme, globex):
    page = ada.submit(page_of(acme, "domains"), host=host)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert acme.tenant.domains.count() == 1


def test_another_tenants_domain_is_not_removed_by_anybody_nor_an_own_one_by_a_viewer(ada, vera, root, acme, globex):
    mixed = address(acme.tenant, "remove_domain", acme.tenant.pk, globex.domain.pk)
    for console in (ada, root):
        assert console.get(mixed).status_code == console.post(mixed).status_code == 404
    assert ada.post(remove(globex.domain)).status_code == 404
    assert vera.post(remove(acme.domain)).status_code == 403
    assert globex.tenant.domains.count() == 1


def test_a_superuser_gives_an_operator_access_and_takes_it_away_and_both_are_told(root, ada, acme):
    zoe = factories.make_operator(username="zoe")
    tab = page_of(acme, "members")
    assert "no operator with this username" in root.submit(tab, username="nobody").content.decode()
    assert root.submit(tab, username="zoe", role="viewer").url == tab
    membership = zoe.memberships.get()
    assert (membership.tenant, membership.role) == (acme.tenant, "viewer")
    assert acme.events("sapi")[0].description == "Set the role of an operator"
    end = address(acme.tenant, "end_membership", acme.tenant.pk, membership.pk)
    assert end in root.get(tab).content.decode()
    assert "no longer see anything" in root.get(end).content.decode()
    assert root.submit(end).url == tab
    assert not zoe.memberships.exists()
    assert acme.events("sapi")[0].description == "Remove an operator"


def test_an_admin_of_a_tenant_sees_its_members_and_manages_none(ada, acme, globex):
    zoe = factories.make_operator(acme.tenant, username="zoe", role="viewer")
    tab, membership = page_of(acme, "members"), zoe.memberships.get()
    end = address(acme.tenant, "end_membership", acme.tenant.pk, membership.pk)
    page = ada.get(tab).content.decode()
    assert "zoe" in page
    assert end not in page
    assert ada.post(tab, {"username": "zoe", "role": "admin"}).status_code == 403
    assert ada.get(end).status_code == ada.post(end).status_code == 403
    membership.refresh_from_db()
    assert membership.role == "viewer"


def test_the_list_names_the_domains(root, acme):
    add_domain(acme.tenant, "second.example.com", by=factories.BY)
    assert "acme.example.com, second.example.com" in root.get(address(Tenant, "changelist")).content.decode()


def test_every_flag_says_what_it_does():
    assert set(FLAG_LABELS) == set(FLAGS)


def test_settings_of_sessions_and_logout_are_changed_and_told(ada, acme):
    answer = ada.submit(
        page_of(acme),
        session_cookie_mode="non-persistent",
        allowed_logout_urls="https://shop.example/bye\r\n\r\n https://b.example/ ",
        oidc_logout_prompt_enabled=None,
    )
    assert answer.status_code == 302
    assert acme.events("sapi")[0].details["changes"] == {
        "session_cookie_mode": "non-persistent",
        "allowed_logout_urls": "https://shop.example/bye\nhttps://b.example/",
        "oidc_logout_prompt_enabled": False,
    }
    ada.submit(page_of(acme, "advanced"), skip_non_verifiable_callback_uri_confirmation_prompt="on")
    changes = acme.events("sapi")[0].details["changes"]
    assert changes == {"skip_non_verifiable_callback_uri_confirmation_prompt": True}


def test_an_unsafe_logout_address_is_said_at_its_field(ada, acme):
    answer = ada.submit(page_of(acme), allowed_logout_urls="https://a.example/\njavascript:alert(1)")
    assert "javascript:alert(1): the scheme" in str(answer.context["adminform"].form.errors["allowed_logout_urls"])
    assert Tenant.objects.get(pk=acme.tenant.pk).allowed_logout_urls == ""


def test_the_profile_for_certification_says_whose_rules_it_follows(ada, acme):
    page = ada.get(page_of(acme, "advanced")).content.decode()
    assert '<option value="oidc">The RFCs&#x27; (OpenID Connect certification)</option>' in page
