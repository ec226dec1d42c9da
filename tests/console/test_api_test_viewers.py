"""Viewers at the Test tab of an API: they see what a token says, and get nothing with which anything could be changed."""

import re
from dataclasses import asdict

import pytest

from apis.models import API
from tenants.models import Membership
from tests import factories
from tests.console.asking import TOKEN, event, send, tab, text
from tests.console.browser import Console
from tests.console.test_viewers import snapshot


@pytest.fixture
def system(acme):
    """The Management API of acme, which its application may call."""
    api = API.objects.get(tenant=acme.tenant, is_system=True)
    factories.grant(acme.application, api, ("read:clients", "create:clients"))
    return api


def parts_in(page):
    """Header and claims of the token on the page, as they stand there."""
    (found,) = set(re.findall(r"(eyJ[\w-]+\.eyJ[\w-]+)\.(\S*)", page.content.decode()))
    return found


def test_a_viewer_reads_the_token_but_does_not_get_its_signature(acme, vera):
    page = send(vera, acme.api, acme.application)
    assert not TOKEN.search(page.content.decode())
    assert "(signature withheld)" in page.content.decode()
    said = {claim.name for claim in page.context["answer"].reading.claims}
    assert {"iss", "sub", "aud", "exp", "scope", "azp"} <= said
    assert "Verified with the published keys" in text(page)
    assert "shown without its signature" in text(page)


def test_a_viewer_gets_no_token_for_the_management_api(acme, vera, ada, system):
    page = send(vera, system, acme.application)
    assert not TOKEN.search(page.content.decode())
    signed, rest = parts_in(page)
    assert not rest.startswith("ey")
    for forged in (f"{signed}.", signed, f"{signed}.(signature withheld)", f"{signed}.AAAA"):
        assert acme.http(authorization=f"Bearer {forged}").get("/api/v2/clients").status_code in (400, 401)
    assert TOKEN.search(send(ada, system, acme.application).content.decode())


def test_the_answer_that_a_viewer_gets_holds_the_token_nowhere_not_even_in_its_context(acme, vera):
    page = send(vera, acme.api, acme.application)
    answer = page.context["answer"]
    assert (answer.token, answer.call) == ("", "")
    assert not TOKEN.search(str(asdict(answer)))


def test_who_is_admin_of_another_tenant_only_gets_no_whole_token_here(acme, globex):
    operator = factories.make_operator(globex.tenant)
    Membership.objects.create(operator=operator, tenant=acme.tenant, role=Membership.Role.VIEWER)
    both = Console(operator)
    assert not TOKEN.search(send(both, acme.api, acme.application).content.decode())
    assert TOKEN.search(send(both, globex.api, globex.application).content.decode())


def test_what_a_viewer_sends_changes_no_row_but_the_log(acme, vera):
    before = snapshot()
    send(vera, acme.api, acme.application)
    send(vera, acme.api, acme.application, "drop:tables")
    assert event(acme, "seccft").details["console_test"] == "vera"
    after = snapshot()
    changed = {model.__name__ for model in after if before[model] != after[model]}
    assert changed <= {"LogEvent", "LogCount"}


def test_a_viewer_is_told_a_refusal_as_an_admin_is(acme, vera):
    other, _ = factories.make_application(acme.tenant, "Other")
    page = send(vera, acme.api, other)
    assert page.context["answer"].status == 403
    assert "has no client grant" in text(page)
    assert event(acme, "feccft").details["console_test"] == "vera"


def test_a_viewer_is_told_before_what_there_is_to_see(acme, vera, ada):
    assert "As a viewer you see what it says" in text(vera.get(tab(acme.api)))
    assert "As a viewer" not in text(ada.get(tab(acme.api)))
