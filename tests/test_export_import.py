"""`export_tenant` and `import_tenant`: the format of Auth0's deploy tool, there and back again."""

import io
import stat
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from apis.models import API, Application, ClientGrant, Role
from apis.services import credentials, roles
from tenants.models import Connection, LogEvent, Tenant
from tenants.services import create_connection, update_tenant
from tests import factories
from tests.factories import BY
from tests.management_api.keys import PUBLIC_PEM


def run(command: str, *arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def document(directory) -> dict[str, Any]:
    return yaml.safe_load((directory / "tenant.yaml").read_text())


@pytest.fixture
def furnished(acme):
    """acme with one of each kind, and more than defaults."""
    tenant = acme.tenant
    update_tenant(
        tenant,
        by=BY,
        friendly_name="Acme & Söhne",
        default_audience=acme.api.identifier,
        picture_url="https://acme.example/logo.png",
        favicon_url="https://acme.example/icon.png",
        primary_color="#00529b",
    )
    connection = create_connection(tenant, "Staff", by=BY, disable_signup=True)
    web, _ = factories.make_application(
        tenant, "Shop", app_type="regular_web", redirect_uris="https://shop.example/callback", connections=[connection]
    )
    factories.grant(web, acme.api, ("read:orders",))
    factories.make_api(tenant, "urn:shared", name="Shared", signing_alg="HS256", permissions=[])
    role = roles.create_role(tenant, "Clerk", by=BY, description="Reads")
    roles.set_role_permissions(role, acme.api.permissions.filter(value="read:orders"), by=BY)
    signed, _ = factories.make_application(tenant, "Signer")
    credentials.add_credential(signed, by=BY, pem=PUBLIC_PEM, name="first")
    return acme


@pytest.fixture
def exported(furnished, tmp_path):
    run("export_tenant", "acme", tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def empty(db):
    return factories.make_tenant("empty")


def test_the_document_has_names_instead_of_ids_and_no_secret(furnished, exported):
    text, found = (exported / "tenant.yaml").read_text(), document(exported)
    assert list(found) == ["tenant", "branding", "resourceServers", "clients", "databases", "clientGrants", "roles"]
    assert found["tenant"]["friendly_name"] == "Acme & Söhne"
    assert found["tenant"]["picture_url"] == "https://acme.example/logo.png"
    assert found["branding"] == {"colors": {"primary": "#00529b"}, "favicon_url": "https://acme.example/icon.png"}
    assert [row["name"] for row in found["clients"]] == ["Management (machine to machine)", "Shop", "Signer", "Warehouse"]
    assert {"client_id": "Shop", "audience": furnished.api.identifier}.items() <= found["clientGrants"][1].items()
    assert found["databases"][0]["enabled_clients"] == ["Shop"]
    assert found["roles"][0]["permissions"] == [
        {"permission_name": "read:orders", "resource_server_identifier": furnished.api.identifier}
    ]
    held = Application.objects.of(furnished.tenant).values_list("client_id", flat=True)
    ids = [*held, *API.objects.values_list("pk", flat=True), *ClientGrant.objects.values_list("pk", flat=True)]
    assert not [one for one in ids if one in text]
    assert "secret" not in text.replace("client_secret_post", "").replace("secret_encoded", "")
    assert not (exported / "secrets.yaml").exists()


def test_an_import_makes_all_of_it_in_another_tenant_and_a_second_export_says_the_same(exported, empty, tmp_path):
    printed = run("import_tenant", "empty", exported)
    assert "+ clients: Shop" in printed
    run("export_tenant", "empty", tmp_path / "again")
    assert document(tmp_path / "again") == document(exported)
    assert (tmp_path / "again" / "tenant.yaml").read_text() == (exported / "tenant.yaml").read_text()


def test_importing_twice_changes_nothing_the_second_time(exported, empty):
    run("import_tenant", "empty", exported)
    told = LogEvent.objects.of(empty).count()
    assert run("import_tenant", "empty", exported) == "Changed: 0 made, 0 updated, 0 deleted\n"
    assert LogEvent.objects.of(empty).count() == told


def test_what_the_deploy_tool_writes_of_pages_that_nobody_designed_is_no_obstacle(empty, tmp_path):
    (tmp_path / "tenant.yaml").write_text("branding:\n  templates: []\n")
    assert run("import_tenant", "empty", tmp_path) == "Changed: 0 made, 0 updated, 0 deleted\n"


def test_a_dry_run_tells_the_difference_and_changes_nothing(exported, empty):
    events = LogEvent.objects.count()
    printed = run("import_tenant", "empty", exported, dry_run=True)
    assert "+ resourceServers: urn:shared" in printed
    assert "~ tenant: settings" in printed
    assert '    friendly_name: "" → "Acme & Söhne"' in printed or "    friendly_name: null →" in printed
    assert printed.splitlines()[-1].startswith("Would change: ")
    assert not API.objects.of(empty).filter(is_system=False).exists()
    assert LogEvent.objects.count() == events


def test_what_a_document_does_not_have_stays_unless_it_is_to_be_deleted(exported, empty):
    factories.make_api(empty, "urn:extra", permissions=[])
    factories.make_application(empty, "Extra")
    create_connection(empty, "Extra", by=BY)
    assert "deleted" in run("import_tenant", "empty", exported)
    assert API.objects.of(empty).filter(identifier="urn:extra").exists()
    printed = run("import_tenant", "empty", exported, delete=True)
    assert {"- resourceServers: urn:extra", "- clients: Extra", "- databases: Extra"} <= set(printed.splitlines())
    assert not API.objects.of(empty).filter(identifier="urn:extra").exists()
    assert Application.objects.of(empty).filter(name="Management (machine to machine)").exists()
    assert API.objects.of(empty).filter(is_system=True).exists()


def test_what_is_refused_is_named_and_nothing_is_half_done(exported, empty):
    found = document(exported)
    found["clientGrants"].append({"client_id": "Shop", "audience": "urn:unknown", "scope": []})
    (exported / "tenant.yaml").write_text(yaml.safe_dump(found))
    with pytest.raises(CommandError, match=r"clientGrants, Shop / urn:unknown / client: .*does not exist"):
        run("import_tenant", "empty", exported)
    assert not Application.objects.of(empty).filter(name="Shop").exists()
    assert not Connection.objects.of(empty).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", r"is no YAML \(line 1\)"),
        ("- a", "must hold an object"),
        ("clients: 5", "clients: this must be a list of objects"),
        ("roles:\n- name: a\n- name: a", "roles: a stands twice"),
        ("rules:\n- name: x", "cannot be imported: rules"),
        ("clients:\n- name: A\n  colour: red", "clients, A: .*Additional properties not allowed: colour"),
        ("branding:\n  colors: {primary: '#eeeeee'}", "branding, settings: .*primary"),
        ("branding:\n  templates: [{template: universal_login, body: <p>}]", "branding, settings: .*templates"),
        ("x: !!python/object/apply:os.system ['true']", "is no YAML"),
    ],
)
def test_a_document_that_is_not_right_is_told_what_is_wrong_with_it(empty, tmp_path, text, said):
    (tmp_path / "tenant.yaml").write_text(text)
    with pytest.raises(CommandError, match=said):
        run("import_tenant", "empty", tmp_path)


def test_a_tenant_and_a_directory_that_are_not_there_are_told(db, tmp_path, empty):
    with pytest.raises(CommandError, match="No tenant named 'nobody'"):
        run("export_tenant", "nobody", tmp_path)
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_tenant", "empty", tmp_path / "nothing")


def test_marks_are_replaced_as_the_deploy_tool_replaces_them(empty, tmp_path):
    (tmp_path / "tenant.yaml").write_text("resourceServers:\n- name: ##NAME##\n  identifier: urn:a\n  scopes: @@SCOPES@@\n")
    run("import_tenant", "empty", tmp_path, set=["NAME=Orders", 'SCOPES=[{"value": "read"}]'])
    api = API.objects.of(empty).get(identifier="urn:a")
    assert (api.name, [scope.value for scope in api.permissions.all()]) == ("Orders", ["read"])


def test_with_secrets_an_application_goes_on_working_elsewhere(furnished, tmp_path):
    run("export_tenant", "acme", tmp_path / "out", with_secrets=True)
    assert stat.S_IMODE((tmp_path / "out" / "secrets.yaml").stat().st_mode) == 0o600
    asked = furnished.good_request()
    # The installation is another one: this one has forgotten the tenant.
    Tenant.objects.filter(pk=furnished.tenant.pk).delete()
    factories.make_tenant("moved", domain="acme.example.com")
    printed = run("import_tenant", "moved", tmp_path / "out", with_secrets=True)
    assert "Secrets given" in printed
    furnished.tenant = Tenant.objects.get(name="moved")
    assert furnished.http().post("/oauth/token", asked, content_type="application/json").status_code == 200
    assert furnished.secret not in (tmp_path / "out" / "secrets.yaml").read_text()


def test_a_client_id_that_is_in_use_is_not_taken_over(furnished, empty, tmp_path):
    run("export_tenant", "acme", tmp_path / "out", with_secrets=True)
    with pytest.raises(CommandError, match="is in use on this server"):
        run("import_tenant", "empty", tmp_path / "out", with_secrets=True)
    assert not Role.objects.of(empty).exists()


def test_a_damaged_file_of_secrets_is_refused(furnished, empty, tmp_path):
    run("export_tenant", "acme", tmp_path / "out", with_secrets=True)
    (tmp_path / "out" / "secrets.yaml").write_text(
        "clients:\n  Shop: {client_id: abc, secrets: [{sha256: zz, last_four: a}]}"
    )
    with pytest.raises(CommandError, match="not as export_tenant writes it"):
        run("import_tenant", "empty", tmp_path / "out", with_secrets=True)


def test_what_the_deploy_tool_writes_and_does_not_mean_is_read_as_it_is_meant(furnished, exported, empty):
    factories.make_api(empty, furnished.api.identifier)
    found = document(exported)
    for client in found["clients"]:
        for key in client.get("client_authentication_methods", {}).get("private_key_jwt", {}).get("credentials", []):
            del key["pem"], key["alg"], key["kid"]
    found["clientGrants"] = [
        {
            "client_id": "undefined_clientId",
            "default_for": "third_party_clients",
            "audience": furnished.api.identifier,
            "scope": ["read:orders"],
        }
    ]
    (exported / "tenant.yaml").write_text(yaml.safe_dump(found))
    assert "+ clientGrants: third_party_clients" in run("import_tenant", "empty", exported)
    assert run("import_tenant", "empty", exported) == "Changed: 0 made, 0 updated, 0 deleted\n"


def test_some_flags_are_compared_with_those_flags(exported, empty):
    run("import_tenant", "empty", exported)
    (exported / "tenant.yaml").write_text("tenant:\n  flags: {enable_ec_keys: true}\n")
    assert "1 updated" in run("import_tenant", "empty", exported)
    assert "0 updated" in run("import_tenant", "empty", exported)
    assert Tenant.objects.get(name="empty").all_flags["enable_apis_section"] is True
