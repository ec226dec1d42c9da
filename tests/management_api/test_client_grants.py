"""/api/v2/client-grants: the shapes, defaults and refusals of `wire.md` §2.6."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import API, ClientGrant
from tenants import config_cache
from tests import factories
from tests.management_api.caller import Caller, error

MISSING = (404, "", "The client grant does not exist")


@pytest.fixture
def shop(acme):
    application, _ = factories.make_application(acme.tenant, "Shop")
    return application


@pytest.fixture
def wanted(acme, shop):
    """The body of a good POST."""
    return {"client_id": shop.client_id, "audience": acme.api.identifier, "scope": ["read:orders"]}


def the_grant(world):
    return ClientGrant.objects.get(application=world.application, api=world.api)


def test_a_grant_is_made_shown_and_worth_a_token(api2, acme, shop, wanted):
    response = api2.post("client-grants", wanted)
    assert response.status_code == 201
    made = response.json()
    assert made == wanted | {"id": made["id"], "subject_type": "client"}
    assert made["id"].startswith("cgr_")
    assert api2.get(f"client-grants/{made['id']}").json() == made
    secret = factories.applications.add_secret(shop, by=factories.BY).value
    assert acme.ask(client_id=shop.client_id, client_secret=secret).json()["scope"] == "read:orders"


def test_without_a_scope_the_grant_has_none_and_the_answer_says_so(api2, wanted):
    del wanted["scope"]
    assert api2.post("client-grants", wanted).json()["scope"] == []


def test_a_pair_has_one_grant_for_each_subject_type(api2, wanted):
    made = [api2.post("client-grants", wanted | {"subject_type": kind}).json() for kind in ("client", "user")]
    assert [row["subject_type"] for row in made] == ["client", "user"]
    for kind in ("client", "user", None):
        refusal = error(api2.post("client-grants", wanted | {"subject_type": kind}))
        assert refusal == (409, "", "A client grant for this client, audience and subject_type already exists.")


def test_every_scope_now_and_later_may_be_granted(api2, acme, shop, wanted):
    del wanted["scope"]
    made = api2.post("client-grants", wanted | {"allow_all_scopes": True}).json()
    assert (made["allow_all_scopes"], made["scope"]) == (True, [])
    back = api2.patch(f"client-grants/{made['id']}", {"allow_all_scopes": None, "scope": ["create:orders"]}).json()
    assert back == wanted | {"id": made["id"], "subject_type": "client", "scope": ["create:orders"]}


def test_a_grant_by_default_has_no_client_id_and_exists_once(api2, acme):
    sent = {"default_for": "third_party_clients", "audience": acme.api.identifier, "scope": ["read:orders"]}
    made = api2.post("client-grants", sent).json()
    assert made == sent | {"id": made["id"], "subject_type": "client"}
    assert error(api2.post("client-grants", sent))[0] == 409
    assert api2.post("client-grants", sent | {"subject_type": "user"}).status_code == 201


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"client_id": "nobody"}, (404, "inexistent_client", "The client does not exist")),
        ({"audience": "urn:nothing"}, (404, "inexistent_resource_server", "The resource server does not exist")),
        (
            {"scope": ["read:orders", "fly:rockets"]},
            (400, "invalid_body", "scope: https://orders.example.com has no permission fly:rockets."),
        ),
        (
            {"default_for": "third_party_clients"},
            (400, "invalid_body", "Payload validation error: 'Send either client_id or default_for'."),
        ),
        (
            {"client_id": None},
            (400, "invalid_body", "Payload validation error: 'Send either client_id or default_for'."),
        ),
        (
            {"subject_type": "machine"},
            (
                400,
                "invalid_body",
                "Payload validation error: 'No enum match, allowed are: client, user' on property subject_type.",
            ),
        ),
        (
            {"organization_usage": "allow"},
            (
                400,
                "invalid_body",
                "Payload validation error: 'Organizations are not supported' on property organization_usage.",
            ),
        ),
        (
            {"allow_any_organization": True},
            (
                400,
                "invalid_body",
                "Payload validation error: 'Organizations are not supported' on property allow_any_organization.",
            ),
        ),
        (
            {"authorization_details_types": ["payment"]},
            (
                400,
                "invalid_body",
                "Payload validation error: 'Rich authorization requests are not supported' "
                "on property authorization_details_types.",
            ),
        ),
        (
            {"scope": ["a"] * 1_001},
            (
                400,
                "invalid_body",
                "Payload validation error: 'Ensure this field has no more than 1000 elements' on property scope.",
            ),
        ),
        (
            {"is_system": True},
            (400, "invalid_body", "Payload validation error: 'Additional properties not allowed: is_system'."),
        ),
        (
            {"audience": None},
            (400, "invalid_body", "Payload validation error: 'This field may not be null' on property audience."),
        ),
    ],
    ids=str,
)
def test_a_grant_that_is_not_right_is_refused_with_the_reason(api2, shop, wanted, changes, refusal):
    assert error(api2.post("client-grants", wanted | changes)) == refusal
    assert not shop.client_grants.exists()


def test_organizations_that_nobody_has_are_accepted_and_left_out(api2, wanted):
    harmless = {"organization_usage": "deny", "allow_any_organization": False, "authorization_details_types": []}
    made = api2.post("client-grants", wanted | harmless).json()
    assert made == wanted | {"id": made["id"], "subject_type": "client"}
    assert api2.patch(f"client-grants/{made['id']}", harmless).json() == made


def test_the_management_api_is_named_as_this_domain_calls_it_and_never_granted_to_many(api2, acme, shop):
    sent = {"client_id": shop.client_id, "audience": f"{acme.issuer}api/v2/", "scope": ["read:clients"]}
    assert api2.post("client-grants", sent).json()["audience"] == sent["audience"]
    assert [row["client_id"] for row in api2.get("client-grants", audience=sent["audience"]).json()][-1] == shop.client_id
    for refused in (
        {**sent, "subject_type": "user"},
        {"audience": sent["audience"], "default_for": "third_party_clients"},
    ):
        assert error(api2.post("client-grants", refused))[:2] == (400, "invalid_body")
    assert error(api2.post("client-grants", sent | {"audience": "https://globex.example.com/api/v2/"}))[0] == 404


def test_a_patch_replaces_the_scopes_and_nothing_else_may_change(api2, acme):
    grant = the_grant(acme)
    shown = api2.patch(f"client-grants/{grant.id}", {"scope": ["create:orders"]})
    assert (shown.status_code, shown.json()["scope"]) == (200, ["create:orders"])
    assert acme.ask().json()["scope"] == "create:orders"
    assert api2.patch(f"client-grants/{grant.id}", {"scope": None}).json()["scope"] == []
    for name, value in (
        ("client_id", "x"),
        ("audience", "urn:x"),
        ("subject_type", "user"),
        ("default_for", "third_party_clients"),
    ):
        refusal = error(api2.patch(f"client-grants/{grant.id}", {name: value}))
        assert refusal == (400, "invalid_body", f"Payload validation error: 'Additional properties not allowed: {name}'.")
    assert error(api2.patch(f"client-grants/{grant.id}", {"scope": ["fly:rockets"]}))[:2] == (400, "invalid_body")


def test_a_change_of_nothing_is_no_event(api2, acme):
    before = len(acme.events("sapi"))
    assert api2.patch(f"client-grants/{the_grant(acme).id}", {}).status_code == 200
    assert len(acme.events("sapi")) == before


def test_deleting_twice_is_no_error_and_ends_the_tokens(api2, acme):
    grant = the_grant(acme)
    for _ in range(2):
        response = api2.delete(f"client-grants/{grant.id}")
        assert (response.status_code, response.content) == (204, b"")
    assert error(api2.get(f"client-grants/{grant.id}")) == MISSING
    assert error(api2.patch(f"client-grants/{grant.id}", {"scope": []})) == MISSING
    assert acme.ask().status_code == 403


def test_a_change_is_an_event_that_names_its_author(api2, acme, wanted):
    made = api2.post("client-grants", wanted).json()
    event = acme.events("sapi")[0]
    assert (event.description, event.details["target"]) == ("Create a client grant", made["id"])
    assert event.client_id == event.details["actor"]["name"] != ""
    assert event.details["changes"] == {
        "client_id": wanted["client_id"],
        "audience": wanted["audience"],
        "subject_type": "client",
        "allow_all_scopes": False,
        "scope": ["read:orders"],
    }


def test_the_list_is_filtered_by_what_the_address_says(api2, acme, shop, wanted):
    other = factories.make_api(acme.tenant, "urn:other")
    third = {"default_for": "third_party_clients", "audience": other.identifier, "subject_type": "user"}
    made = [api2.post("client-grants", body).json() for body in (wanted, wanted | {"subject_type": "user"}, third)]

    def ids(**query):
        return [row["id"] for row in api2.get("client-grants", **query).json()]

    assert ids(client_id=shop.client_id) == [made[0]["id"], made[1]["id"]]
    assert ids(client_id=shop.client_id, subject_type="user") == [made[1]["id"]]
    assert ids(audience=acme.api.identifier) == [the_grant(acme).id, made[0]["id"], made[1]["id"]]
    assert ids(audience="urn:other", subject_type="client") == []
    assert ids(default_for="third_party_clients") == [made[2]["id"]]
    assert ids(allow_any_organization="true") == ids(audience="urn:nothing") == ids(client_id="nobody") == []
    assert ids(allow_any_organization="false") == ids()
    assert len(ids()) == 6, "the two of acme, the caller's, and the three made here"


@pytest.mark.parametrize("query", [{"subject_type": "x"}, {"default_for": "x"}, {"q": "x"}, {"allow_any_organization": "x"}])
def test_a_filter_that_is_none_is_refused(api2, query):
    assert error(api2.get("client-grants", **query))[:2] == (400, "invalid_query_string")


def test_pages_of_both_styles_hold_each_grant_once(api2, acme):
    for number in range(5):
        factories.grant(acme.application, factories.make_api(acme.tenant, f"urn:{number}"))
    every = api2.get("client-grants").json()
    assert len(every) == 8
    page = api2.get("client-grants", page=1, per_page=3, include_totals="true").json()
    assert page == {"start": 3, "limit": 3, "total": 8, "client_grants": every[3:6]}
    # deploy-cli sends both styles at once: then it is the checkpoint's.
    first = api2.get("client-grants", include_totals="true", take=5).json()
    assert first["client_grants"] == every[:5]
    rest = api2.get("client-grants", take=5, **{"from": first["next"]}).json()
    assert rest == {"client_grants": every[5:]}


@pytest.mark.parametrize("narrowed", [{}, {"audience": "https://orders.example.com"}], ids=str)
def test_a_page_costs_at_most_four_statements_however_long_it_is(api2, acme, monkeypatch, narrowed):
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    for number in range(51):
        application, _ = factories.make_application(acme.tenant, f"Shop {number}")
        factories.grant(application, acme.api)

    def cost(size):
        with CaptureQueriesContext(connection) as queries:
            shown = api2.get("client-grants", include_totals="true", per_page=size, **narrowed).json()
        assert len(shown["client_grants"]) == size
        # The test looks the tenant's host up before each request; the product remembers it.
        return len([query for query in queries.captured_queries if "tenants_domain" not in query["sql"]])

    cost(2)
    assert cost(2) == cost(50) <= 4


def test_a_grant_has_no_organizations_in_every_style(api2, acme):
    path = f"client-grants/{the_grant(acme).id}/organizations"
    assert api2.get(path, take=50).json() == {"organizations": []}
    totals = {"start": 0, "limit": 50, "total": 0, "organizations": []}
    assert api2.get(path, include_totals="true").json() == totals
    assert api2.get(path).json() == []
    assert error(api2.get("client-grants/cgr_0000000000000000/organizations")) == MISSING


def test_T139_another_tenants_grants_clients_and_apis_do_not_exist(api2, other2, globex, wanted):
    foreign = the_grant(globex)
    assert error(api2.get(f"client-grants/{foreign.id}")) == MISSING
    assert error(api2.get(f"client-grants/{foreign.id}/organizations")) == MISSING
    assert error(api2.patch(f"client-grants/{foreign.id}", {"scope": []})) == MISSING
    assert api2.delete(f"client-grants/{foreign.id}").status_code == 204
    assert other2.get(f"client-grants/{foreign.id}").json()["scope"] == list(factories.SCOPES)
    assert foreign.id not in [row["id"] for row in api2.get("client-grants").json()]
    assert api2.get("client-grants", client_id=globex.application.client_id).json() == []
    only = factories.make_api(globex.tenant, "urn:globex-only")
    assert error(api2.post("client-grants", wanted | {"client_id": globex.application.client_id}))[0] == 404
    assert error(api2.post("client-grants", wanted | {"audience": only.identifier}))[0] == 404
    assert not ClientGrant.objects.of(globex.tenant).filter(api=only).exists()


@pytest.mark.parametrize("grant_id", ["x", "cgr_%00", "%2500", "é", "x" * 5_000])
def test_an_id_that_is_none_is_not_found(api2, grant_id):
    assert error(api2.get(f"client-grants/{grant_id}"))[0] == 404
    assert api2.delete(f"client-grants/{grant_id}").status_code in (204, 404)


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "client-grants", "read:client_grants"),
        ("post", "client-grants", "create:client_grants"),
        ("get", "client-grants/x", "read:client_grants"),
        ("patch", "client-grants/x", "update:client_grants"),
        ("delete", "client-grants/x", "delete:client_grants"),
        ("get", "client-grants/x/organizations", "read:organization_client_grants"),
    ],
)
def test_each_operation_asks_for_its_scope(api2, acme, method, path, scope):
    system = API.objects.of(acme.tenant).get(is_system=True)
    others = tuple(system.permissions.exclude(value=scope).values_list("value", flat=True))
    refusal = error(Caller(acme, others).call(method, path, {} if method in ("post", "patch") else None))
    assert refusal == (403, "insufficient_scope", f"Insufficient scope, expected any of: {scope}")
