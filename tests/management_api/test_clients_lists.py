"""Lists of clients in /api/v2: filters, pages while others write, what they cost, and what each scope shows of them."""

import itertools

import pytest

from apis.models import Application
from apis.services import connections
from tenants import config_cache
from tenants.services import create_connection
from tests import factories
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.statements import cost

BUDGET = 4


def names(response):
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()]


@pytest.fixture
def many(acme):
    """120 clients, the oldest first, made at once: paging is about rows, not about how they came to be."""
    Application.objects.bulk_create(Application(tenant=acme.tenant, name=f"Client {number}") for number in range(120))
    return list(Application.objects.of(acme.tenant).order_by("pk").values_list("client_id", flat=True))


@pytest.fixture
def writer(acme):
    """Makes a client and renames one that there is: the list is not in the order of either name or change."""
    numbers = itertools.count()

    def write():
        factories.make_application(acme.tenant, f"Newer {next(numbers)}")
        Application.objects.filter(pk=acme.application.pk).update(name=f"Renamed {next(numbers)}")

    return write


def test_pages_bring_each_client_once_while_others_are_made(api2, many, writer):
    existing = list(Application.objects.of(api2.world.tenant).order_by("pk").values_list("client_id", flat=True))
    seen = []
    for page in itertools.count():
        answer = api2.get("clients", page=page, per_page=50, include_totals="true").json()
        assert (answer["start"], answer["limit"]) == (page * 50, 50)
        assert answer["total"] == Application.objects.of(api2.world.tenant).count()
        seen += [row["client_id"] for row in answer["clients"]]
        if not answer["clients"]:
            break
        writer()
    assert seen[: len(existing)] == existing
    assert len(seen) == len(set(seen))


def test_checkpoints_bring_each_client_once_while_others_are_made(api2, many, writer):
    existing = list(Application.objects.of(api2.world.tenant).order_by("pk").values_list("client_id", flat=True))
    seen, checkpoint = [], {}
    while True:
        answer = api2.get("clients", take=50, include_totals="true", **checkpoint).json()
        assert set(answer) <= {"clients", "next"}
        seen += [row["client_id"] for row in answer["clients"]]
        if "next" not in answer:
            break
        checkpoint = {"from": answer["next"]}
        writer()
    assert seen[: len(existing)] == existing
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("query", [{"per_page": 2}, {"per_page": 50}, {"take": 2}, {"take": 50}], ids=str)
def test_a_list_costs_the_same_whatever_its_size(api2, many, monkeypatch, query):
    Application.objects.filter(client_id__in=many[:60]).update(
        token_endpoint_auth_method="private_key_jwt", resource_server=api2.world.api, app_type="resource_server"
    )
    totals = {} if "take" in query else {"include_totals": "true", "is_global": "false"}
    assert len(api2.get("clients", **query, **totals).json()["clients"]) == next(iter(query.values()))
    assert cost(monkeypatch, api2, "clients", **query, **totals) == (BUDGET if totals else BUDGET - 1)


def test_clients_are_found_by_type_and_by_party(api2, acme):
    for name, app_type, first in (("Web", "regular_web", True), ("App", "spa", True), ("Partner", "native", False)):
        factories.make_application(acme.tenant, name, app_type=app_type, is_first_party=first)
    assert names(api2.get("clients", app_type="spa")) == ["App"]
    assert names(api2.get("clients", app_type="spa, native,toaster")) == ["App", "Partner"]
    assert names(api2.get("clients", is_first_party="false")) == ["Partner"]
    assert "Partner" not in names(api2.get("clients", is_first_party="true"))
    assert names(api2.get("clients", app_type="spa", is_first_party="false")) == []


@pytest.mark.parametrize("query", [{}, {"include_totals": "true"}, {"take": 10}])
def test_the_global_client_is_in_lists_that_ask_for_it_and_nowhere_else(api2, other2, query):
    asked = {"is_global": "true", **query}
    (row,) = api2.get("clients", **asked).json() if not query else api2.get("clients", **asked).json()["clients"]
    assert (row["name"], row["global"], row["tenant"]) == ("All Applications", True, "acme")
    assert row["client_id"] not in api2.get("clients", per_page=100).content.decode()
    assert api2.get(f"clients/{row['client_id']}").status_code == 404
    assert row["client_id"] not in other2.get("clients", **asked).content.decode()
    assert api2.get("clients", is_global="true", page=1).json() == []
    assert api2.get("clients", is_global="true", fields="client_id").json() == [{"client_id": row["client_id"]}]


def test_there_is_none_of_an_organization(api2):
    assert len(names(api2.get("clients", is_global="false"))) == len(names(api2.get("clients"))) > 0
    assert names(api2.get("clients", external_client_id="https://client.example/metadata.json")) == []
    for query in ("client_grant.organization_id:org_1", "client_grant.allow_any_organization:true"):
        assert api2.get("clients", q=query, take=10).json() == {"clients": []}


def test_T140_another_tenants_clients_are_in_no_list(api2, globex):
    theirs = set(Application.objects.of(globex.tenant).values_list("client_id", flat=True))
    every = api2.get("clients", per_page=100, include_totals="true").json()
    assert every["total"] == len(every["clients"]) == Application.objects.of(api2.world.tenant).count()
    assert not theirs & {row["client_id"] for row in every["clients"]}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"per_page": "101"}, "'Ensure this value is less than or equal to 100' on property per_page."),
        ({"is_first_party": "perhaps"}, "'Must be a valid boolean' on property is_first_party."),
        ({"colour": "1"}, "'Additional properties not allowed: colour'."),
        (
            {"q": "name:Shop"},
            "'Only client_grant.organization_id:… and client_grant.allow_any_organization:true can be searched for' "
            "on property q.",
        ),
        ({"from": "nonsense"}, "'The checkpoint is not one of this list' on property from."),
    ],
    ids=str,
)
def test_a_query_that_is_not_right_is_told_what_is_wrong_with_it(api2, query, message):
    assert error(api2.get("clients", **query)) == (400, "invalid_query_string", f"Query validation error: {message}")


def test_fields_are_chosen_or_left_out(api2, acme):
    path = f"clients/{acme.application.client_id}"
    every = api2.get(path).json()
    chosen = {"client_id": every["client_id"], "name": every["name"]}
    assert api2.get(path, fields="name,client_id", include_fields="true").json() == chosen
    assert api2.get(path, fields="name,client_id").json() == chosen
    assert set(api2.get(path, fields="signing_keys", include_fields="false").json()) == set(every) - {"signing_keys"}
    assert chosen in api2.get("clients", fields="name,client_id").json()


SUMMARY = {"client_id", "name", "description", "app_type", "logo_uri", "is_first_party", "tenant", "global"}


@pytest.fixture
def backend(acme):
    """An application with something in every member that a scope may hide."""
    return factories.make_application(
        acme.tenant,
        "Backend",
        app_type="regular_web",
        description="Sells",
        logo_uri="https://shop.example/logo.png",
        redirect_uris="https://shop.example/callback",
        client_metadata={"a": "b"},
        other_settings={"initiate_login_uri": "https://shop.example/login"},
    )[0]


def seen(acme, application, *scopes):
    """The members that a caller with `scopes` sees; a list shows the same."""
    caller = Caller(acme, scopes)
    shown = caller.get(f"clients/{application.client_id}").json()
    assert shown in caller.get("clients").json()
    return set(shown)


def test_the_summary_is_all_that_the_scope_for_it_shows(acme, backend):
    assert seen(acme, backend, "read:client_summary") == SUMMARY


def test_the_scope_for_clients_shows_all_but_their_credentials(acme, backend):
    every = seen(acme, backend, "read:clients")
    assert every >= SUMMARY | {"callbacks", "client_metadata", "initiate_login_uri", "refresh_token", "signing_keys"}
    Application.objects.filter(pk=backend.pk).update(token_endpoint_auth_method="private_key_jwt")
    config_cache.clear()
    by_key = every - {"token_endpoint_auth_method"}
    assert seen(acme, backend, "read:clients") == by_key
    methods = {"client_authentication_methods"}
    assert seen(acme, backend, "read:client_keys") == by_key | methods
    assert seen(acme, backend, "read:client_credentials") == SUMMARY | {"signing_keys"} | methods


def test_no_scope_for_reading_clients_reads_none(acme, backend):
    for path in ("clients", f"clients/{backend.client_id}"):
        assert error(Caller(acme, ("update:clients", "read:users")).get(path)) == (
            403,
            "insufficient_scope",
            "Insufficient scope, expected any of: read:clients,read:client_keys,read:client_credentials,read:client_summary",
        )


def test_the_connections_of_a_client_come_by_checkpoint(api2, acme, backend):
    made = [create_connection(acme.tenant, f"people-{number}", by=BY) for number in range(5)]
    create_connection(acme.tenant, "others", by=BY)
    connections.set_connections(backend, made, by=BY)
    path = f"clients/{backend.client_id}/connections"
    first = api2.get(path, take=3).json()
    second = api2.get(path, take=3, **{"from": first["next"]}).json()
    assert set(second) == {"connections"}
    found = first["connections"] + second["connections"]
    assert [row["id"] for row in found] == [row.id for row in made]
    assert found[0] == api2.get(f"connections/{made[0].id}").json()
    assert api2.get(path).json() == {"connections": found}
    assert api2.get(path, strategy="auth0", fields="name").json()["connections"][0] == {"name": "people-0"}
    assert api2.get(path, strategy=["google-oauth2", "samlp"]).json() == {"connections": []}
    assert error(api2.get(path, page=1))[:2] == (400, "invalid_query_string")


def test_the_connections_of_a_client_cost_the_same_whatever_their_number(api2, acme, backend, monkeypatch):
    made = [create_connection(acme.tenant, f"people-{number}", by=BY) for number in range(6)]
    connections.set_connections(backend, made, by=BY)
    path = f"clients/{backend.client_id}/connections"
    for take in (1, 5):
        assert len(api2.get(path, take=take).json()["connections"]) == take
        assert cost(monkeypatch, api2, path, take=take) == BUDGET


def test_who_may_read_clients_alone_learns_what_their_connections_are_called(acme, backend):
    directory = create_connection(acme.tenant, "people", by=BY)
    connections.set_connections(backend, [directory], by=BY)
    path = f"clients/{backend.client_id}/connections"
    names_only = [{"id": directory.id, "name": "people", "strategy": "auth0"}]
    for scope in ("read:clients", "read:client_summary"):
        assert Caller(acme, (scope,)).get(path).json() == {"connections": names_only}
    assert set(Caller(acme, ("read:connections",)).get(path).json()["connections"][0]) > set(names_only[0])
    assert Caller(acme, ("read:client_keys",)).get(path).status_code == 403
