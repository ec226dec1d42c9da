"""What the console makes of hostile requests: filters, NULs, forms without their token."""

import pytest
from django.contrib.admin import site

from apis.models import API, Application, ClientGrant
from authserver.models import Consent, Session, TokenFamily
from tenants.models import SigningKey, User
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address

MODELS = list(site._registry)


def test_an_address_cannot_filter_by_what_the_page_does_not_offer(root, furnished_acme):
    for lookup in (
        {"password__startswith": "argon2"},
        {"connection__tenant__operators__password__startswith": "a"},
        {"tenant__operators__password__startswith": "a"},
        {"connection__name__startswith": "p"},
    ):
        answer = root.get(address(User, "changelist", **lookup))
        assert answer.status_code == 400
        assert "That request could not be read" in answer.content.decode()
    assert root.get(address(API, "changelist", signing_secret__isnull="1")).status_code == 400
    for model, lookup in (
        (Session, {"secret_sha256__startswith": "a"}),
        (Session, {"user__password__startswith": "argon2"}),
        (TokenFamily, {"refresh_tokens__token_checksum__startswith": "a"}),
        (Consent, {"user__password__startswith": "argon2"}),
    ):
        assert root.get(address(model, "changelist", **lookup)).status_code == 400
    assert root.get(address(User, "changelist", connection__id__exact="con_x")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_nul_is_refused_wherever_it_comes(model, root, acme):
    assert root.get(address(model, "changelist", q="\x00")).status_code == 400
    assert root.post(address(model, "changelist"), {"action": "\x00"}).status_code == 400
    assert root.get(address(model, "change", "\x00")).status_code == 404


def test_an_address_that_names_no_row_prefills_nothing(ada):
    page = ada.get(address(ClientGrant, "add", application="nonsense", api="nonsense", tenant="nonsense"))
    assert page.status_code == 200


def test_a_form_without_its_token_is_refused_with_a_friendly_page(furnished_acme):
    acme = furnished_acme
    session, family, consent = Session.objects.get(), TokenFamily.objects.get(), Consent.objects.get()
    operator = factories.make_operator(acme.tenant)
    strict = Console(operator, enforce_csrf_checks=True)
    key = acme.application.secrets.get()
    for url in (
        address(API, "add"),
        address(API, "delete", acme.api.pk),
        address(Application, "add_secret", acme.application.pk),
        address(Application, "end_secret", acme.application.pk, key.pk),
        address(SigningKey, "rotate"),
        address(Session, "changelist"),
        address(Session, "end", session.pk),
        address(TokenFamily, "revoke", family.pk),
        address(Consent, "withdraw", consent.pk),
        address(User, "sessions_end", User.objects.get().pk),
    ):
        answer = strict.post(url, {"post": "yes"})
        assert answer.status_code == 403
        assert "This form is no longer valid" in answer.content.decode()
