"""What all pages of the console have in common: who gets in, what they cost, what they may load."""

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apis.models import API, Application, ClientGrant
from apis.services.apis import Scope
from tenants import audit
from tenants.models import Connection, LogEvent, Operator, SigningKey, Tenant, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address, all_pages, fill, rows_of

MODELS = list(site._registry)
LIMIT = 20


def test_only_our_own_pages_are_in_the_console():
    expected = {API, Application, ClientGrant, Tenant, Connection, User, SigningKey, LogEvent, Operator}
    assert set(site._registry) == expected


def test_the_overview_lists_the_pages_in_the_order_of_the_work(root, acme):
    apps = root.get(reverse("admin:index")).context["app_list"]
    names = [[entry["name"] for entry in app["models"]] for app in apps]
    assert names == [
        ["APIs", "Applications", "Client grants"],
        ["Tenants", "Connections", "Users", "Signing keys", "Log events", "Operators"],
    ]


def test_an_operator_of_a_tenant_does_not_see_the_operators(ada):
    apps = ada.get(reverse("admin:index")).context["app_list"]
    assert "Operators" not in [entry["name"] for app in apps for entry in app["models"]]


def test_a_stranger_is_sent_to_the_login_from_every_address(furnished_acme):
    factories.make_operator(furnished_acme.tenant)
    stranger = Console()
    for model, _, url in all_pages():
        wanted = fill(url, furnished_acme, model)
        for answer in (stranger.get(wanted), stranger.post(wanted, {"post": "yes"})):
            assert answer.status_code == 302, wanted
            assert answer.url.startswith(reverse("admin:login")), wanted


def test_who_is_no_staff_is_sent_to_the_login(acme):
    person = Console(factories.make_operator(acme.tenant, is_staff=False))
    assert person.get(reverse("admin:index")).status_code == 302


def test_an_address_that_does_not_exist_is_a_friendly_404(ada):
    assert "There is nothing here" in ada.get("/admin/nowhere/").content.decode()
    assert ada.get("/admin/r/1/1/").status_code == 404


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens_for_a_superuser_and_changes_nothing_by_being_looked_at(model, furnished_acme, root):
    factories.make_operator(furnished_acme.tenant)
    for of, _, url in all_pages():
        if of is not model:
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = root.get(fill(url, furnished_acme, model))
        assert answer.status_code in (200, 403), url
        written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == [], url


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_carries_the_strict_policy_and_stays_out_of_caches(model, furnished_acme, root):
    answer = root.get(address(model, "changelist"))
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "no-store" in answer.headers["Cache-Control"]
    assert "style=" not in answer.content.decode().replace("-style=", "")


@pytest.fixture
def busy_acme(furnished_acme):
    """acme with fifty rows of everything that can be many, and a grant between each."""
    tenant, api = furnished_acme.tenant, furnished_acme.api
    people = create_connection(tenant, "many", by=factories.BY)
    for number in range(50):
        other = factories.make_api(tenant, f"https://{number}.example.com", permissions=[Scope("read:x"), Scope("write:x")])
        application, _ = factories.make_application(tenant, f"Application {number}")
        factories.grant(application, api)
        factories.grant(furnished_acme.application, other, ("read:x",))
        create_connection(tenant, f"directory-{number}", by=factories.BY)
        create_user(people, email=f"{number}@example.com", password="a long password", by=factories.BY)
        factories.make_operator(tenant)
    factories.make_tenant("second")
    audit.flush()
    return furnished_acme


def test_lists_and_pages_cost_few_statements_however_many_rows_there_are(busy_acme, root):
    pages = [address(model, "changelist") for model in MODELS]
    pages += [address(row, "change", row.pk) for model in MODELS for row in rows_of(busy_acme, model).order_by("pk")[:1]]
    pages += [address(row, "change", row.pk) for row in (busy_acme.api, busy_acme.application)]
    pages += [address(busy_acme.api, "delete", busy_acme.api.pk), address(ClientGrant, "add", api=busy_acme.api.pk)]
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert root.get(page).status_code == 200
        assert len(queries) <= LIMIT, (page, [query["sql"][:150] for query in queries])


def test_an_operator_of_one_tenant_is_not_bothered_with_tenants(ada, root, acme):
    assert "tenant" not in ada.get(address(API, "changelist")).context["cl"].list_display
    assert ada.get(address(API, "add")).context["adminform"].form.initial == {"tenant": acme.tenant.pk}
    factories.make_tenant("second")
    lists = root.get(address(API, "changelist")).context["cl"]
    assert "tenant" in lists.list_display
    assert next(spec.title for spec in lists.filter_specs) == "tenant"


def test_the_filter_by_tenant_shows_one_tenants_rows(root, acme, globex):
    shown = root.get(address(API, "changelist", tenant=acme.tenant.pk)).context["cl"].result_list
    assert {api.tenant for api in shown} == {acme.tenant}
    assert not root.get(address(API, "changelist", tenant="nonsense")).context["cl"].result_list


def test_the_history_of_a_row_names_who_changed_it(ada, acme):
    ada.submit(address(API, "change", acme.api.pk), name="Renamed")
    history = ada.get(address(API, "history", acme.api.pk)).content.decode()
    assert "ada" in history
    assert "Changed Name" in history
