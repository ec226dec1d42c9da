"""What all pages of the console have in common: who gets in, what they cost, what they may load."""

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apis.models import API, Application, ClientGrant, Role
from apis.services import connections, roles
from apis.services.apis import Scope
from authserver.models import Consent, Session, TokenFamily
from tenants import audit
from tenants.console.menu import GROUPS, OVERVIEW
from tenants.models import Connection, LogEvent, Operator, SigningKey, Tenant, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address, all_pages, fill, rows_of
from tests.console.sign_ins import leave_behind

MODELS = list(site._registry)
LIMIT = 20


def test_only_our_own_pages_are_in_the_console():
    of_apis = {API, Application, ClientGrant, Role}
    of_tenants = {Tenant, Connection, User, SigningKey, LogEvent, Operator}
    assert set(site._registry) == of_apis | of_tenants | {Session, TokenFamily, Consent}


def menu(console):
    """The menu as it stands at the side of every page: the names of the pages in each group."""
    return {group.text: [entry.text for entry in group.entries] for group in console.get("/admin/").context["menu"]}


def test_the_menu_lists_the_pages_in_the_order_of_the_work(root, acme):
    groups = menu(root)
    assert list(groups) == [OVERVIEW, *GROUPS] == ["Overview", "APIs", "Applications", "People", "Logs", "Tenant"]
    assert groups["Overview"] == []
    assert groups["APIs"][0] == "APIs"
    assert groups["Applications"][0] == "Applications"


def test_every_page_is_in_one_group_of_the_menu(root, acme):
    shown = [name for names in menu(root).values() for name in names]
    assert len(shown) == len(set(shown))
    assert {page.menu_group for page in site._registry.values()} == set(GROUPS)
    positions = [page.menu_position for page in site._registry.values()]
    assert len(set(positions)) == len(positions)


@pytest.mark.parametrize("floor", ["tenants", "apis", "authserver"])
def test_a_floor_has_no_page_of_its_own_and_leads_to_the_overview(root, acme, floor):
    answer = root.get(reverse("admin:app_list", args=[floor]))
    assert (answer.status_code, answer.url) == (302, reverse("admin:index"))


def test_an_operator_of_a_tenant_does_not_see_the_operators(ada, root):
    assert "Operators" in menu(root)["Tenant"]
    assert "Operators" not in menu(ada)["Tenant"]


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
    clerk, ada = Role.objects.get(tenant=tenant), User.objects.get(tenant=tenant)
    for number in range(50):
        other = factories.make_api(tenant, f"https://{number}.example.com", permissions=[Scope("read:x"), Scope("write:x")])
        application, _ = factories.make_application(tenant, f"Application {number}")
        factories.grant(application, api)
        factories.grant(furnished_acme.application, other, ("read:x",))
        directory = create_connection(tenant, f"directory-{number}", by=factories.BY)
        connections.enable_connection(furnished_acme.application, directory, by=factories.BY)
        connections.enable_connection(application, people, by=factories.BY)
        user = create_user(people, email=f"{number}@example.com", password="a long password", by=factories.BY)
        roles.add_role_users(clerk, [user], by=factories.BY)
        roles.add_role_permissions(clerk, other.permissions.all(), by=factories.BY)
        roles.grant_permissions(ada, other.permissions.all(), by=factories.BY)
        if number < roles.MAX_ROLES - 1:
            roles.add_role_users(roles.create_role(tenant, f"Role {number}", by=factories.BY), [ada], by=factories.BY)
        leave_behind(user, furnished_acme.application, api)
        leave_behind(ada, application, other)
        factories.make_operator(tenant)
    factories.make_tenant("second")
    audit.flush()
    return furnished_acme


def test_lists_and_pages_cost_few_statements_however_many_rows_there_are(busy_acme, root):
    pages = [address(model, "changelist") for model in MODELS]
    pages += [address(row, "change", row.pk) for model in MODELS for row in rows_of(busy_acme, model).order_by("pk")[:1]]
    pages += [address(row, "change", row.pk) for row in (busy_acme.api, busy_acme.application)]
    role, user = Role.objects.get(name="Clerk"), User.objects.get(email="ada@example.com")
    pages += [
        address(row, page, row.pk) for row in (role, user) for page in ("change", "permissions_add", "permissions_remove")
    ]
    pages += [
        address(role, "users_add", role.pk),
        address(role, "users_remove", role.pk),
        address(user, "roles_add", user.pk),
        address(user, "sessions_end", user.pk),
        *(address(row, "change", row.pk) for row in (*user.sessions.all()[:1], *user.consents.all()[:1])),
        *(address(model, "changelist", user__id__exact=user.pk) for model in (Session, TokenFamily, Consent)),
    ]
    people = Connection.objects.get(name="many")
    pages += [address(people, "change", people.pk)]
    pages += [address(busy_acme.api, "delete", busy_acme.api.pk), address(ClientGrant, "add", api=busy_acme.api.pk)]
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert root.get(page).status_code == 200
        assert len(queries) <= LIMIT, (page, [query["sql"][:150] for query in queries])


def test_the_history_of_a_row_names_who_changed_it(ada, acme):
    ada.submit(address(API, "change", acme.api.pk), name="Renamed")
    history = ada.get(address(API, "history", acme.api.pk)).content.decode()
    assert "ada" in history
    assert "Changed Name" in history


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Application, {"name": "Page", "app_type": "spa", "token_endpoint_auth_method": "none"}),
        (Role, {"name": "Seller"}),
        (Tenant, {"name": "third", "domains__0__host": "third.example.com"}),
        (Operator, {"username": "zoe", "password1": "a Password of 25 letters!", "password2": "a Password of 25 letters!"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_was_added_is_shown_next_as_its_next_step_stands_there(model, values, root, acme):
    before = set(model.objects.values_list("pk", flat=True))
    if model in (API, Application, Role):
        values = values | {"tenant": acme.tenant.pk}
    answer = root.submit(address(model, "add"), **values)
    added = model.objects.exclude(pk__in=before).get()
    assert answer.url == address(added, "change", added.pk)
    assert f"The {model._meta.verbose_name} {added} was added." in root.get(answer.url).content.decode()
