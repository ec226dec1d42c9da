"""Scopes, names and ids that would lead further than they were given for."""

import time

import jwt
import pytest
import yaml

from apis.models import Application, ClientGrant
from apis.services import applications
from tests import factories
from tests.conftest import World
from tests.factories import BY
from tests.management_api.caller import Caller, error
from tests.management_api.conftest import api2  # noqa: F401
from tests.test_export_import import document, run

READ, CREATE, UPDATE = ("read:resource_servers", "create:resource_servers", "update:resource_servers")


@pytest.fixture
def wanted(acme, tmp_path):
    """A document whose application Backend may read users."""
    backend = {"name": "Backend", "app_type": "non_interactive"}
    grant = {"client_id": "Backend", "audience": f"{acme.issuer}api/v2/", "scope": ["read:users"]}
    (tmp_path / "tenant.yaml").write_text(yaml.safe_dump({"clients": [backend], "clientGrants": [grant]}))
    return tmp_path


def machine(newcomer, name):
    return newcomer.registers(client_name=name, grant_types=["client_credentials"], redirect_uris=[])


def test_T139_a_stranger_who_takes_an_applications_name_gets_nothing_by_an_import(acme, newcomer, wanted):
    made = machine(newcomer, "Backend")
    assert "+ clients: Backend" in run("import_tenant", "acme", wanted)
    grant = ClientGrant.objects.of(acme.tenant).get(application__name="Backend")
    assert grant.application.client_id != made["client_id"]
    assert newcomer.row(made).is_first_party is False
    assert run("import_tenant", "acme", wanted) == "Changed: 0 made, 0 updated, 0 deleted\n"
    run("import_tenant", "acme", wanted, delete=True)
    assert newcomer.row(made)


def test_T139_strangers_are_in_no_export(acme, people, newcomer, tmp_path):
    made = newcomer.registers(client_name="##PASSWORD##")
    factories.grant(newcomer.row(made), acme.api)
    run("export_tenant", "acme", tmp_path, with_secrets=True)
    text = (tmp_path / "tenant.yaml").read_text() + (tmp_path / "secrets.yaml").read_text()
    assert people.web.client_id in text
    assert "##PASSWORD##" not in text
    assert made["client_id"] not in text


def test_T139_a_strangers_secret_is_not_told_under_the_name_of_another(acme, newcomer, tmp_path):
    machine(newcomer, "Warehouse")
    run("export_tenant", "acme", tmp_path, with_secrets=True)
    told = yaml.safe_load((tmp_path / "secrets.yaml").read_text())["clients"]["Warehouse"]
    assert told["client_id"] == acme.application.client_id
    assert [row["name"] for row in document(tmp_path)["clients"]].count("Warehouse") == 1


def test_T139_a_stranger_whom_an_operator_made_first_party_is_configuration(acme, newcomer, tmp_path):
    made = machine(newcomer, "Partner")
    applications.update_application(newcomer.row(made), by=BY, is_first_party=True)
    run("export_tenant", "acme", tmp_path)
    assert "Partner" in [row["name"] for row in document(tmp_path)["clients"]]


def test_an_import_does_not_choose_between_two_applications_of_one_name(acme, wanted):
    for _ in range(2):
        factories.make_application(acme.tenant, "Backend")
    with pytest.raises(Exception, match="clients: several are named Backend"):
        run("import_tenant", "acme", wanted)
    assert not ClientGrant.objects.filter(application__name="Backend").exists()


def test_T139_who_may_make_apis_is_not_told_the_signing_secrets_of_others(acme):
    chosen = "a secret that the API's own server chose"
    api = factories.make_api(acme.tenant, "urn:shared", signing_alg="HS256", signing_secret=chosen)
    maker, changer = Caller(acme, (READ, CREATE)), Caller(acme, (READ, UPDATE))
    assert "signing_secret" not in maker.get(f"resource-servers/{api.pk}").json()
    assert "signing_secret" not in maker.get("resource-servers").content.decode()
    assert changer.get(f"resource-servers/{api.pk}").json()["signing_secret"] == chosen
    made = maker.post("resource-servers", {"identifier": "urn:own", "signing_alg": "HS256"}).json()
    assert len(made["signing_secret"]) >= 32


@pytest.mark.parametrize("name", ["Aaa", "Zzz"])
def test_T139_an_identifier_that_is_another_apis_id_does_not_stand_before_it(acme, api2, name):  # noqa: F811
    api = factories.make_api(acme.tenant, "urn:first", name="Mmm")
    shadow = factories.make_api(acme.tenant, api.pk, name=name)
    api2.patch(f"resource-servers/{api.pk}", {"enforce_policies": True})
    api.refresh_from_db()
    assert api.enforce_policies
    api2.delete(f"resource-servers/{api.pk}")
    assert [row.pk for row in acme.tenant.apis.filter(pk__in=[api.pk, shadow.pk])] == [shadow.pk]


@pytest.mark.parametrize("name", ["Aaa", "Zzz"])
def test_T139_an_identifier_that_is_another_one_encoded_is_found_as_it_was_sent(acme, api2, name):  # noqa: F811
    plain = factories.make_api(acme.tenant, "urn:a-b", name="Mmm")
    encoded = factories.make_api(acme.tenant, "urn:a%2Db", name=name)
    assert api2.get("resource-servers/urn:a%252Db").json()["id"] == encoded.pk
    assert api2.get("resource-servers/urn:a-b").json()["id"] == plain.pk


def stated(world: World) -> dict[str, object]:
    now = int(time.time())
    whose = {"sub": "x@clients", "azp": world.application.client_id, "jti": "j", "scope": "read:clients"}
    return {"iss": world.issuer, "aud": f"{world.issuer}api/v2/", "iat": now, "exp": now + 60} | whose


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_T110_a_token_made_with_an_apis_signing_secret_does_not_open_the_management_api(acme, alg):
    secret = "canary-" + "k" * 60
    factories.make_api(acme.tenant, "urn:shared", signing_alg="HS256", signing_secret=secret)
    kid = acme.tenant.signing_keys.get(state="current").kid
    for headers in ({}, {"kid": kid}):
        forged = jwt.encode(stated(acme), secret, algorithm=alg, headers=headers)
        assert error(Caller(acme, token=forged).get("clients")) == (401, "", "Invalid token")


def test_T087_registration_tokens_and_management_tokens_do_not_open_each_others_doors(acme, newcomer, api2):  # noqa: F811
    made = newcomer.registers()
    assert Caller(acme, token=made["registration_access_token"]).get("clients").status_code == 401
    assert newcomer.reads(made | {"registration_access_token": api2.token}).status_code == 401


def test_T139_a_registration_sets_no_column_that_an_operator_decides(newcomer):
    usual, wild = newcomer.row(newcomer.registers()), {"is_first_party": True, "tenant": "globex", "client_id": "mine"}
    wild |= {"resource_server_identifier": "urn:x", "client_metadata": {"a": "b"}, "other_settings": {"a": 1}}
    wild |= {"skip_non_verifiable_callback_uri_confirmation_prompt": True, "allowed_origins": ["https://evil.example"]}
    wild |= {"is_token_endpoint_ip_header_trusted": True, "infinite_refresh_token_lifetime": True, "app_type": "native"}
    made = newcomer.row(newcomer.registers(**wild))
    own = {"id", "client_id", "created", "updated"}
    columns = [field.attname for field in Application._meta.concrete_fields if field.attname not in own]
    assert {name: getattr(made, name) for name in columns} == {name: getattr(usual, name) for name in columns}
