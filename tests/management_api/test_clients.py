"""/api/v2/clients: the shapes and defaults of `wire.md` §2.6, and what a PATCH merges, replaces and clears."""

import re

import pytest

from apis.models import Application
from tenants.services import create_connection
from tests.factories import BY
from tests.management_api.caller import error

CALLBACK = "https://shop.example/callback"
# What Auth0's own tools take out before they send a client to another tenant.
ITS_OWN = {"client_id", "client_secret", "signing_keys", "global", "tenant"}
FULL = {
    "name": "Shop",
    "description": "Sells things",
    "app_type": "native",
    "logo_uri": "https://shop.example/logo.png",
    "callbacks": [CALLBACK, "http://localhost:3000/callback", "com.example.shop:/callback"],
    "allowed_logout_urls": ["https://shop.example/bye"],
    "allowed_origins": ["https://shop.example"],
    "web_origins": ["https://shop.example", "http://localhost:3000"],
    "grant_types": ["authorization_code", "implicit", "refresh_token", "client_credentials"],
    "token_endpoint_auth_method": "client_secret_basic",
    "is_first_party": False,
    "is_token_endpoint_ip_header_trusted": True,
    "skip_non_verifiable_callback_uri_confirmation_prompt": False,
    "oidc_conformant": True,
    "custom_login_page_on": False,
    "sso": True,
    "initiate_login_uri": "https://shop.example/login",
    "cross_origin_loc": "https://shop.example/fallback",
    "client_aliases": ["urn:shop"],
    "allowed_clients": [],
    "async_approval_notification_channels": ["guardian-push"],
    "mobile": {
        "android": {"app_package_name": "com.example.shop", "sha256_cert_fingerprints": ["D8:A0"]},
        "ios": {"team_id": "9JA89QQLNQ", "app_bundle_identifier": "com.example.shop"},
    },
    "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 600, "secret_encoded": False},
    "refresh_token": {
        "rotation_type": "rotating",
        "expiration_type": "expiring",
        "leeway": 10,
        "token_lifetime": 157_788_000,
        "idle_token_lifetime": 86_400,
        "infinite_token_lifetime": False,
        "infinite_idle_token_lifetime": False,
    },
    "client_metadata": {"team": "sales", "tier": "gold"},
}


def portable(client):
    return {name: value for name, value in client.items() if name not in ITS_OWN}


def test_a_name_is_enough_and_the_answer_has_the_defaults(api2, acme):
    response = api2.post("clients", {"name": "Shop"})
    assert response.status_code == 201
    made = response.json()
    assert re.fullmatch(r"[A-Za-z0-9]{32}", made["client_id"])
    assert len(made["client_secret"]) >= 64
    assert (made["tenant"], made["global"]) == ("acme", False)
    assert [set(key) for key in made["signing_keys"]] == [{"cert", "pkcs7", "subject"}]
    assert made["signing_keys"][0]["cert"] == acme.tenant.signing_keys.get(state="current").certificate
    assert portable(made) == {
        "name": "Shop",
        "is_first_party": True,
        "oidc_conformant": False,
        "is_token_endpoint_ip_header_trusted": False,
        "sso_disabled": False,
        "cross_origin_authentication": False,
        "custom_login_page_on": True,
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_method": "client_secret_post",
        "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 36_000, "secret_encoded": False},
        "refresh_token": {
            "rotation_type": "non-rotating",
            "expiration_type": "expiring",
            "leeway": 0,
            "token_lifetime": 2_592_000,
            "idle_token_lifetime": 1_296_000,
            "infinite_token_lifetime": False,
            "infinite_idle_token_lifetime": False,
        },
    }


def test_every_member_is_kept_and_shown_and_none_of_it_is_a_secret(api2):
    made = api2.post("clients", FULL).json()
    assert portable(made).items() >= FULL.items()
    shown = api2.get(f"clients/{made['client_id']}").json()
    assert shown == {name: value for name, value in made.items() if name != "client_secret"}
    assert api2.get("clients").json()[-1] == shown


@pytest.mark.parametrize("sent", [{"name": "Shop"}, FULL], ids=["bare", "full"])
def test_what_is_answered_can_be_sent_to_another_tenant_and_comes_back_the_same(api2, other2, sent):
    here = portable(api2.post("clients", sent).json())
    there = other2.post("clients", here).json()
    assert portable(there) == here
    # And once more to what is there, as the deploy tool updates.
    assert portable(other2.patch(f"clients/{there['client_id']}", here).json()) == here


@pytest.mark.parametrize(
    ("app_type", "grant_types", "method", "rotation"),
    [
        ("spa", ["authorization_code", "refresh_token"], "none", "rotating"),
        ("native", ["authorization_code", "refresh_token"], "none", "rotating"),
        ("non_interactive", ["client_credentials"], "client_secret_post", "non-rotating"),
        ("regular_web", ["authorization_code", "refresh_token", "client_credentials"], "client_secret_post", "non-rotating"),
    ],
)
def test_a_type_brings_what_it_needs_and_never_implicit(api2, app_type, grant_types, method, rotation):
    made = api2.post("clients", {"name": "Shop", "app_type": app_type}).json()
    assert (made["app_type"], made["grant_types"], made["token_endpoint_auth_method"]) == (app_type, grant_types, method)
    assert made["refresh_token"]["rotation_type"] == rotation
    assert ("client_secret" in made) is (method != "none")


def test_no_grant_types_are_the_types_own_when_nothing_is_said_and_none_when_the_list_is_empty(api2):
    assert api2.post("clients", {"name": "Shop", "grant_types": None}).json()["grant_types"] != []
    assert api2.post("clients", {"name": "Shop", "grant_types": []}).json()["grant_types"] == []


def test_a_third_party_clients_refresh_tokens_rotate_unless_it_says_otherwise(api2):
    made = api2.post("clients", {"name": "Partner", "is_first_party": False}).json()
    assert made["refresh_token"]["rotation_type"] == "rotating"
    chosen = {"rotation_type": "non-rotating", "expiration_type": "expiring"}
    made = api2.post("clients", {"name": "Partner", "is_first_party": False, "refresh_token": chosen}).json()
    assert made["refresh_token"]["rotation_type"] == "non-rotating"


def test_a_type_that_nobody_said_is_not_shown_until_somebody_does(api2):
    client = f"clients/{api2.post('clients', {'name': 'Shop'}).json()['client_id']}"
    assert api2.get("clients", app_type="regular_web").json() == []
    assert api2.patch(client, {"app_type": "regular_web"}).json()["app_type"] == "regular_web"
    assert [row["name"] for row in api2.get("clients", app_type="regular_web").json()] == ["Shop"]
    assert "app_type" not in api2.patch(client, {"app_type": None}).json()
    assert api2.patch(client, {"app_type": "spa"}).json()["app_type"] == "spa"


def test_a_patch_changes_what_it_says_and_no_more(api2):
    made = api2.post("clients", FULL).json()
    shown = api2.get(f"clients/{made['client_id']}").json()
    response = api2.patch(f"clients/{made['client_id']}", {"callbacks": [CALLBACK], "is_first_party": True})
    assert response.status_code == 200
    assert response.json() == shown | {"callbacks": [CALLBACK], "is_first_party": True}


def test_a_patch_merges_metadata_and_null_takes_a_name_away(api2):
    client = f"clients/{api2.post('clients', FULL).json()['client_id']}"
    shown = api2.patch(client, {"client_metadata": {"tier": None, "region": "eu"}}).json()
    assert shown["client_metadata"] == {"team": "sales", "region": "eu"}
    assert "client_metadata" not in api2.patch(client, {"client_metadata": None}).json()


def test_metadata_of_a_new_client_may_say_null_too(api2):
    made = api2.post("clients", {"name": "Shop", "client_metadata": {"a": "b", "c": None}}).json()
    assert made["client_metadata"] == {"a": "b"}


def test_a_patch_replaces_an_object_inside_as_a_whole(api2):
    client = f"clients/{api2.post('clients', FULL).json()['client_id']}"
    shown = api2.patch(
        client,
        {
            "refresh_token": {"rotation_type": "non-rotating", "expiration_type": "expiring", "leeway": 3},
            "jwt_configuration": {"alg": "PS256"},
            "mobile": {"ios": {"team_id": "9JA89QQLNQ"}},
        },
    ).json()
    assert shown["refresh_token"] == FULL["refresh_token"] | {
        "rotation_type": "non-rotating",
        "leeway": 3,
        "token_lifetime": 2_592_000,
        "idle_token_lifetime": 1_296_000,
    }
    assert shown["jwt_configuration"] == {"alg": "PS256", "lifetime_in_seconds": 36_000, "secret_encoded": False}
    assert shown["mobile"] == {"ios": {"team_id": "9JA89QQLNQ"}}


def test_null_clears_a_member(api2):
    made = api2.post("clients", FULL).json()
    stays = {"name", "is_first_party", "is_token_endpoint_ip_header_trusted"}
    cleared = {name: None for name in FULL if name not in stays}
    shown = api2.patch(f"clients/{made['client_id']}", cleared | {"grant_types": ["authorization_code"]}).json()
    bare = portable(api2.post("clients", {"name": "Shop", "is_first_party": False}).json())
    assert portable(shown) == bare | {"grant_types": ["authorization_code"], "is_token_endpoint_ip_header_trusted": True}


def test_an_empty_patch_changes_nothing_and_is_no_event(api2, acme):
    made = api2.post("clients", {"name": "Shop"}).json()
    before = len(acme.events("sapi"))
    shown = api2.patch(f"clients/{made['client_id']}", {}).json()
    assert shown == {name: value for name, value in made.items() if name != "client_secret"}
    assert len(acme.events("sapi")) == before


def test_a_client_may_be_the_backend_of_an_api(api2, acme):
    identifier = acme.api.identifier
    sent = {"name": "Orders", "app_type": "resource_server", "resource_server_identifier": identifier}
    made = api2.post("clients", sent).json()
    assert made["resource_server_identifier"] == identifier
    assert api2.get(f"clients/{made['client_id']}").json()["resource_server_identifier"] == identifier
    assert Application.objects.get(client_id=made["client_id"]).resource_server == acme.api
    system = sent | {"resource_server_identifier": f"{acme.issuer}api/v2/"}
    assert api2.post("clients", system).json()["resource_server_identifier"] == f"{acme.issuer}api/v2/"
    refusal = error(api2.post("clients", sent | {"resource_server_identifier": "urn:unknown"}))
    assert refusal == (404, "inexistent_resource_server", "The resource server does not exist")
    assert error(api2.post("clients", sent | {"app_type": "spa"}))[2].endswith("on property resource_server_identifier.")


def test_a_new_client_uses_the_directories_that_there_are_if_people_sign_in_to_it(api2, acme):
    directory = create_connection(acme.tenant, "people", by=BY)
    web = api2.post("clients", {"name": "Shop"}).json()
    machine = api2.post("clients", {"name": "Nightly", "app_type": "non_interactive"}).json()
    connections = api2.get(f"clients/{web['client_id']}/connections").json()["connections"]
    assert [(row["id"], row["name"], row["strategy"]) for row in connections] == [(directory.id, "people", "auth0")]
    assert api2.get(f"clients/{machine['client_id']}/connections").json() == {"connections": []}


def test_deleting_twice_is_no_error(api2):
    client = f"clients/{api2.post('clients', {'name': 'Shop'}).json()['client_id']}"
    for _ in range(2):
        response = api2.delete(client)
        assert (response.status_code, response.content) == (204, b"")
    for refused in (api2.get(client), api2.patch(client, {"name": "Again"}), api2.post(f"{client}/rotate-secret")):
        assert error(refused) == (404, "inexistent_client", "The client does not exist")
    assert api2.get(f"{client}/connections").status_code == 404


def test_a_caller_may_delete_its_own_client_and_its_token_opens_nothing_any_more(api2, acme):
    own = Application.objects.of(acme.tenant).get(name="Deploy tool").client_id
    assert api2.delete(f"clients/{own}").status_code == 204
    assert error(api2.get("clients")) == (401, "", "Token has been revoked")


def test_a_client_id_that_no_client_can_have_is_unknown(api2):
    for key in ("%2541", "%25", "ä", "x" * 300):
        assert error(api2.get(f"clients/{key}"))[:2] == (404, "inexistent_client")


def test_a_client_id_may_be_encoded_twice(api2, acme):
    encoded = "".join(f"%25{ord(letter):02X}" for letter in acme.application.client_id)
    assert api2.get(f"clients/{encoded}").json()["name"] == acme.application.name


def test_a_change_is_an_event_that_names_its_author_and_no_secret(api2, acme):
    chosen = "canary-secret-that-no-event-tells-0123456789-0123456789-0123456789"
    made = api2.post("clients", {"name": "Shop", "client_secret": chosen}).json()
    api2.patch(f"clients/{made['client_id']}", {"client_metadata": {"team": "sales"}, "sso": True})
    update, secret, create = acme.events("sapi")[:3]
    assert [event.description for event in (create, secret, update)] == [
        "Create a client",
        "Add a client secret",
        "Update a client",
    ]
    assert {event.details["target"] for event in (create, secret, update)} == {made["client_id"]}
    assert update.details["changes"]["client_metadata"] == {"team": "sales"}
    assert update.details["actor"]["type"] == "client"


def test_refresh_tokens_without_an_end_are_said_as_auth0_says_them(api2):
    endless = {"rotation_type": "non-rotating", "expiration_type": "non-expiring"}
    client = api2.post("clients", {"name": "Shop", "refresh_token": endless}).json()
    flags = {"infinite_token_lifetime": True, "infinite_idle_token_lifetime": True}
    assert client["refresh_token"].items() >= (endless | flags).items()
    idle_only = {"rotation_type": "rotating", "expiration_type": "expiring", "infinite_token_lifetime": True}
    patched = api2.patch(f"clients/{client['client_id']}", {"refresh_token": idle_only}).json()["refresh_token"]
    assert patched.items() >= (idle_only | {"infinite_idle_token_lifetime": False}).items()


def test_the_signing_keys_of_a_client_are_the_certificate_of_the_tenants_current_key(api2, acme):
    (key,) = api2.get(f"clients/{acme.application.client_id}").json()["signing_keys"]
    (current,) = [row for row in api2.get("keys/signing").json() if row.get("current")]
    assert (key["cert"], key["pkcs7"]) == (current["cert"], current["pkcs7"])
    assert key["subject"].startswith("/CN=")
