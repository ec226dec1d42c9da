"""A tenant's domains as a whole: each an issuer of its own, owned by one tenant, at least one left."""

import pytest
from django.core.exceptions import ValidationError

from tenants.models import Domain
from tenants.services import add_domain, remove_domain
from tests import factories
from tests.conftest import SecureClient


def metadata(host, **options):
    return SecureClient(headers={"host": host}).get("/.well-known/openid-configuration", **options)


def test_each_domain_of_a_tenant_is_an_issuer_of_its_own(acme):
    add_domain(acme.tenant, "login.acme.example", by=factories.BY)
    assert metadata("acme.example.com").json()["issuer"] == "https://acme.example.com/"
    assert metadata("login.acme.example").json()["issuer"] == "https://login.acme.example/"


def test_a_domain_with_a_port_answers_on_that_port_only(acme):
    add_domain(acme.tenant, "localhost:8443", by=factories.BY)
    assert metadata("localhost:8443", secure=False).json()["issuer"] == "http://localhost:8443/"
    assert metadata("localhost", secure=False).status_code == 404
    assert metadata("localhost:8000", secure=False).status_code == 404


def test_the_port_of_the_scheme_may_be_written_or_left_out(acme):
    assert metadata("acme.example.com:443").json()["issuer"] == "https://acme.example.com/"
    assert metadata("acme.example.com:80").status_code == 404


def test_an_ipv6_domain_answers_however_it_was_typed(acme):
    add_domain(acme.tenant, "http://[0:0:0:0:0:0:0:1]:8000", by=factories.BY)
    assert metadata("[::1]:8000", secure=False).json()["issuer"] == "http://[::1]:8000/"


def test_adding_a_domain_twice_is_one_domain(acme):
    first = acme.domain
    assert add_domain(acme.tenant, "ACME.example.com:443", by=factories.BY) == first
    assert acme.tenant.domains.count() == 1


def test_a_domain_of_another_tenant_is_refused_and_stays_theirs(acme, globex):
    with pytest.raises(ValidationError, match="already belongs to another tenant"):
        add_domain(globex.tenant, "ACME.example.com", by=factories.BY)
    assert Domain.objects.get(host="acme.example.com").tenant == acme.tenant


def test_the_same_host_over_http_and_https_is_refused(acme):
    add_domain(acme.tenant, "http://localhost:8443", by=factories.BY)
    with pytest.raises(ValidationError, match="already a domain of this tenant, with http"):
        add_domain(acme.tenant, "https://localhost:8443", by=factories.BY)


def test_a_removed_domain_is_unknown_at_once(acme):
    second = add_domain(acme.tenant, "login.acme.example", by=factories.BY)
    assert metadata("login.acme.example").status_code == 200
    remove_domain(second, by=factories.BY)
    assert metadata("login.acme.example").status_code == 404
    assert metadata("acme.example.com").status_code == 200


def test_a_removed_domain_may_go_to_another_tenant(acme, globex):
    second = add_domain(acme.tenant, "login.example.com", by=factories.BY)
    metadata("login.example.com")
    remove_domain(second, by=factories.BY)
    add_domain(globex.tenant, "login.example.com", by=factories.BY)
    audience = {"audience": globex.api.identifier, "grant_type": "client_credentials"}
    theirs = audience | {"client_id": globex.application.client_id, "client_secret": globex.secret}
    ours = audience | {"client_id": acme.application.client_id, "client_secret": acme.secret}
    http = SecureClient(headers={"host": "login.example.com"})
    assert http.post("/oauth/token", theirs, content_type="application/json").status_code == 200
    assert http.post("/oauth/token", ours, content_type="application/json").status_code == 401


def test_the_last_domain_of_a_tenant_stays(acme):
    with pytest.raises(ValidationError, match="at least one domain"):
        remove_domain(acme.domain, by=factories.BY)
    assert metadata("acme.example.com").status_code == 200


def test_a_domain_typed_into_a_form_is_judged_by_the_same_rules(acme):
    domain = Domain(tenant=acme.tenant, scheme="https", host="Login.ACME.example:443")
    domain.full_clean()
    assert domain.host == "login.acme.example"


@pytest.mark.parametrize(
    ("scheme", "host", "why"),
    [
        ("http", "login.acme.example", "loopback only"),
        ("https", "login.acme.example/x", "is not a host"),
        ("https", "https://login.acme.example", "is not a host"),
        ("https", "GLOBEX.example.com", "already exists"),
    ],
)
def test_a_bad_domain_typed_into_a_form_is_refused_on_its_field(acme, globex, scheme, host, why):
    with pytest.raises(ValidationError, match=why) as refusal:
        Domain(tenant=acme.tenant, scheme=scheme, host=host).full_clean()
    assert list(refusal.value.message_dict) == ["host"]


def test_a_new_domain_cannot_take_the_identifier_of_an_api(acme, globex):
    factories.make_api(acme.tenant, "https://login.acme.example/api/v2/")
    with pytest.raises(ValidationError, match="identifier of an API"):
        add_domain(acme.tenant, "login.acme.example", by=factories.BY)
    assert add_domain(globex.tenant, "login.acme.example", by=factories.BY).tenant == globex.tenant
