"""/api/v2/resource-servers: the shapes, defaults and refusals of `wire.md` §2.6."""

from urllib.parse import quote

import pytest

from apis.models import API
from tests import factories
from tests.management_api.caller import Caller, error

ORDERS = "https://orders.example.net/v1/"


def test_an_identifier_is_enough_and_the_answer_has_auth0s_defaults(api2):
    response = api2.post("resource-servers", {"identifier": ORDERS})
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    body = response.json()
    assert len(body.pop("id")) == 24
    assert body == {
        "identifier": ORDERS,
        "allow_offline_access": False,
        "skip_consent_for_verifiable_first_party_clients": False,
        "token_lifetime": 86_400,
        "token_lifetime_for_web": 7_200,
        "signing_alg": "RS256",
        "enforce_policies": False,
        "token_dialect": "access_token",
        "subject_type_authorization": {"user": {"policy": "allow_all"}, "client": {"policy": "require_client_grant"}},
    }


def test_every_member_is_kept_and_shown(api2):
    sent = {
        "identifier": ORDERS,
        "name": "Orders",
        "scopes": [{"value": "read:orders", "description": "Read orders"}, {"value": "write:orders"}],
        "signing_alg": "RS256",
        "allow_offline_access": True,
        "skip_consent_for_verifiable_first_party_clients": True,
        "token_lifetime": 600,
        "token_lifetime_for_web": 300,
        "enforce_policies": True,
        "token_dialect": "rfc9068_profile_authz",
        "subject_type_authorization": {"user": {"policy": "require_client_grant"}, "client": {"policy": "deny_all"}},
    }
    made = api2.post("resource-servers", sent).json()
    assert made.items() >= sent.items()
    assert api2.get(f"resource-servers/{made['id']}").json() == made


@pytest.mark.parametrize(
    "encode", [quote, lambda text: quote(text, safe=""), lambda text: quote(quote(text, safe=":")), str]
)
def test_the_identifier_serves_as_id_in_every_encoding(api2, encode):
    made = api2.post("resource-servers", {"identifier": ORDERS}).json()
    assert api2.get(f"resource-servers/{encode(ORDERS)}").json() == made


def test_the_management_api_is_found_under_the_name_it_has_at_this_domain(api2, acme):
    found = api2.get("resource-servers", identifiers=[f"{acme.issuer}api/v2/"]).json()
    assert [(row["identifier"], row["is_system"], row["name"]) for row in found] == [
        (f"{acme.issuer}api/v2/", True, "Auth0 Management API")
    ]


def test_a_patch_changes_what_it_says_and_replaces_the_scopes(api2):
    made = api2.post("resource-servers", {"identifier": ORDERS, "name": "Orders", "scopes": [{"value": "a"}]}).json()
    response = api2.patch(f"resource-servers/{made['id']}", {"scopes": [{"value": "b"}], "token_lifetime": 900})
    assert response.status_code == 200
    assert response.json() == made | {"scopes": [{"value": "b"}], "token_lifetime": 900, "token_lifetime_for_web": 900}


def test_null_clears_a_member(api2):
    made = api2.post("resource-servers", {"identifier": ORDERS, "name": "Orders", "scopes": [{"value": "a"}]}).json()
    shown = api2.patch(f"resource-servers/{made['id']}", {"name": None, "scopes": None, "token_encryption": None}).json()
    assert "name" not in shown
    assert "scopes" not in shown


def test_deleting_twice_is_no_error(api2):
    made = api2.post("resource-servers", {"identifier": ORDERS}).json()
    for _ in range(2):
        response = api2.delete(f"resource-servers/{made['id']}")
        assert (response.status_code, response.content) == (204, b"")
    assert error(api2.get(f"resource-servers/{made['id']}")) == (
        404,
        "inexistent_resource_server",
        "The resource server does not exist",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Payload validation error: 'This field is required' on property identifier."),
        ({"identifier": ORDERS, "colour": 1}, "Payload validation error: 'Additional properties not allowed: colour'."),
        (
            {"identifier": ORDERS, "allow_offline_access": "true"},
            "Payload validation error: 'Expected type boolean but found type string' on property allow_offline_access.",
        ),
        (
            {"identifier": ORDERS, "token_lifetime": True},
            "Payload validation error: 'Expected type integer but found type boolean' on property token_lifetime.",
        ),
        (
            {"identifier": ORDERS, "token_encryption": {"format": "compact-nested-jwe"}},
            "Payload validation error: 'Access tokens are signed, not encrypted' on property token_encryption.",
        ),
        (
            {"identifier": ORDERS, "scopes": [{"value": "a"}, {"description": "no value"}]},
            "Payload validation error: 'This field is required' on property scopes[1].value.",
        ),
        (
            {"identifier": "a\x00b"},
            "Payload validation error: 'Text must not contain NUL or half a surrogate pair' on property identifier.",
        ),
        ([], "Payload validation error: 'Expected type object'."),
    ],
)
def test_a_body_that_is_not_right_is_told_what_is_wrong_with_it(api2, body, message):
    assert error(api2.post("resource-servers", body)) == (400, "invalid_body", message)
    assert not API.objects.filter(identifier=ORDERS).exists()


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ('{"identifier": "a", "identifier": "b"}', "application/json", 400),
        ('{"identifier": NaN}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("identifier=a", "application/x-www-form-urlencoded", 415),
        ('{"identifier": "' + "a" * 1_100_000 + '"}', "application/json", 413),
    ],
)
def test_T142_what_is_no_json_or_too_much_of_it_is_refused(api2, data, content_type, status):
    http = api2.world.http(authorization=f"Bearer {api2.token}")
    response = http.post("/api/v2/resource-servers", data=data, content_type=content_type)
    assert error(response)[0] == status


def test_an_identifier_is_taken_once_per_tenant(api2, other2):
    assert api2.post("resource-servers", {"identifier": ORDERS}).status_code == 201
    taken = "A resource server with the same identifier already exists."
    assert error(api2.post("resource-servers", {"identifier": ORDERS})) == (409, "", taken)
    assert other2.post("resource-servers", {"identifier": ORDERS}).status_code == 201


def test_an_identifier_never_changes(api2):
    made = api2.post("resource-servers", {"identifier": ORDERS}).json()
    refusal = error(api2.patch(f"resource-servers/{made['id']}", {"identifier": "https://other.example"}))
    assert refusal == (400, "invalid_body", "Payload validation error: 'Additional properties not allowed: identifier'.")


def test_T139_another_tenants_api_does_not_exist(api2, other2, globex):
    assert api2.get(f"resource-servers/{globex.api.id}").status_code == 404
    # Both tenants have an API of this identifier, and each sees its own.
    own = api2.get(f"resource-servers/{quote(globex.api.identifier, safe='')}").json()
    assert own["id"] == api2.world.api.id
    assert api2.patch(f"resource-servers/{globex.api.id}", {"name": "Mine"}).status_code == 404
    assert api2.delete(f"resource-servers/{globex.api.id}").status_code == 204
    assert "name" not in other2.get(f"resource-servers/{globex.api.id}").json()


def test_the_management_api_itself_keeps_its_scopes_and_stays(api2, acme):
    system = API.objects.of(acme.tenant).get(is_system=True)
    sentence = "System resource servers cannot be deleted."
    assert error(api2.delete(f"resource-servers/{system.id}")) == (400, "operation_not_supported", sentence)
    assert error(api2.patch(f"resource-servers/{system.id}", {"name": "Mine"}))[0] == 400
    assert error(api2.patch(f"resource-servers/{system.id}", {"scopes": []}))[0] == 400
    assert api2.patch(f"resource-servers/{system.id}", {"token_lifetime": 600}).json()["token_lifetime"] == 600


def test_a_signing_secret_is_shown_to_who_may_change_it(api2, acme):
    made = api2.post("resource-servers", {"identifier": ORDERS, "signing_alg": "HS256"}).json()
    assert len(made["signing_secret"]) >= 32
    reader = Caller(acme, ("read:resource_servers",))
    assert "signing_secret" not in reader.get(f"resource-servers/{made['id']}").json()


def test_a_signing_secret_may_be_chosen(api2):
    chosen = "canary-chosen-signing-secret-0123456789abcdef"
    made = api2.post("resource-servers", {"identifier": ORDERS, "signing_alg": "HS256", "signing_secret": chosen}).json()
    assert made["signing_secret"] == chosen
    other = chosen.replace("chosen", "changed")
    assert api2.patch(f"resource-servers/{made['id']}", {"signing_secret": other}).json()["signing_secret"] == other
    refusal = error(api2.post("resource-servers", {"identifier": "urn:b", "signing_secret": chosen}))
    assert refusal[:2] == (400, "invalid_body")


def test_a_change_is_an_event_that_names_its_author(api2, acme):
    api2.post("resource-servers", {"identifier": ORDERS})
    event = acme.events("sapi")[0]
    assert (event.description, event.details["target"]) == ("Create an API", ORDERS)
    assert event.details["actor"] == {"type": "client", "name": event.client_id}
    assert len(event.client_id) == 32


def test_a_refusal_is_an_event_too(api2, acme):
    api2.post("resource-servers", {"identifier": ORDERS, "colour": 1})
    event = acme.events("fapi")[0]
    assert event.description == "Payload validation error: 'Additional properties not allowed: colour'."
    assert event.details["request"] == {"method": "POST", "path": "/api/v2/resource-servers"}


def test_pages_with_totals_and_without(api2, acme):
    for number in range(5):
        factories.make_api(acme.tenant, f"urn:{number}", permissions=[])
    every = api2.get("resource-servers").json()
    assert len(every) == 7
    page = api2.get("resource-servers", page=1, per_page=3, include_totals="true").json()
    assert page == {"start": 3, "limit": 3, "total": 7, "resource_servers": every[3:6]}
    assert api2.get("resource-servers", page=9, per_page=3, include_totals="true").json() == {
        "start": 27,
        "limit": 3,
        "total": 7,
        "resource_servers": [],
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"per_page": "101"}, "'Ensure this value is less than or equal to 100' on property per_page."),
        ({"page": "-1"}, "'Ensure this value is greater than or equal to 0' on property page."),
        ({"pages": "1"}, "'Additional properties not allowed: pages'."),
        ({"page": ["1", "2"]}, "'page stands twice'."),
    ],
)
def test_a_query_that_is_not_right_is_told_what_is_wrong_with_it(api2, query, message):
    assert error(api2.get("resource-servers", **query)) == (
        400,
        "invalid_query_string",
        f"Query validation error: {message}",
    )
