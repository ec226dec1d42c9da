"""`export_tenant` and `import_tenant` where somebody meant harm or was mistaken: the file, its place, what goes with it."""

import os
import stat

import pytest
import yaml
from django.core.management import CommandError

from apis.models import API, Application
from apis.portability import directory
from tenants.models import Connection, LogEvent, User
from tenants.services import create_connection, create_user
from tests import factories
from tests.factories import BY
from tests.people import PASSWORD
from tests.test_export_import import run


@pytest.fixture
def empty(db):
    return factories.make_tenant("empty")


@pytest.fixture
def staffed(empty):
    """A directory with somebody in it."""
    connection = create_connection(empty, "Staff", by=BY)
    create_user(connection, email="ada@example.com", password=PASSWORD, by=BY)
    return connection


def mode(file):
    return stat.S_IMODE(file.stat().st_mode)


def test_T141_secrets_replace_a_file_that_everybody_could_read(acme, tmp_path):
    file = tmp_path / "secrets.yaml"
    file.write_text("old")
    file.chmod(0o666)
    with file.open() as opened_before:
        run("export_tenant", "acme", tmp_path, with_secrets=True)
        # Who had it open keeps the old file.
        assert opened_before.read() == "old"
    assert mode(file) == 0o600
    assert "sha256" in file.read_text()


@pytest.mark.parametrize("name", ["secrets.yaml", "tenant.yaml"])
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_T141_an_export_does_not_write_through_a_link(acme, tmp_path, name, link):
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.write_text("precious")
    out.mkdir()
    link(elsewhere, out / name)
    run("export_tenant", "acme", out, with_secrets=True)
    assert elsewhere.read_text() == "precious"
    assert (out / name).is_file()
    assert not (out / name).is_symlink()
    assert mode(out / "secrets.yaml") == 0o600
    assert sorted(file.name for file in out.iterdir()) == ["secrets.yaml", "tenant.yaml"]


def test_an_export_that_cannot_be_written_leaves_no_scrap_of_it(acme, tmp_path):
    (tmp_path / "secrets.yaml").mkdir()
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_tenant", "acme", tmp_path, with_secrets=True)
    assert {file.name for file in tmp_path.iterdir()} <= {"secrets.yaml", "tenant.yaml"}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {k: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{','.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "more than"),
        (MERGES, "more than"),
        ("clients: &a\n- name: A\n  client_metadata: {x: *a}", "nests deeper"),
        ("clients:\n- name: A\n  client_metadata: " + "{a: " * 70 + "1" + "}" * 70, "nests deeper"),
        ("clients: []\nroles: []\nclients: []", r"stands twice \(line 3\)"),
        ("clients:\n- name: A\n  name: B", r"stands twice \(line 3\)"),
        ("clients:\n- name: 2026-01-01", "quotation marks"),
        ("clients:\n- name: 2026-13-45", "cannot be read"),
        ("clients:\n- name: !!binary aGVsbG8=", "quotation marks"),
        ("clients:\n- name: !!set {a, b}", "quotation marks"),
        ("clients:\n- name: A\n  5: true", "quotation marks"),
        ("clients:\n- name: .nan", "quotation marks"),
        ("clients:\n- name: " + "9" * 5_000, "cannot be read"),
        ("clients:\n- name: !include /etc/passwd", "is no YAML"),
        ("clients:\n- name: !!python/name:os.system", "is no YAML"),
        ("tenant: []", "tenant: this must be an object"),
        ("branding: blue", "branding: this must be an object"),
        ("databases:\n- name: A\n  strategy: auth0\n  enabled_clients: Shop", "enabled_clients: this must be a list"),
        ("databases:\n- name: A\n  strategy: auth0\n  enabled_clients: [{}]", "enabled_clients: this must be a list"),
        ("roles:\n- name: A\n  permissions: 5", "permissions: this must be a list"),
        ("clientGrants:\n- client_id: [a]\n  audience: urn:a\n  scope: []", "clientGrants, .*client_id"),
    ],
)
def test_T142_a_document_that_would_blow_up_or_mean_two_things_is_refused(empty, tmp_path, text, said):
    (tmp_path / "tenant.yaml").write_text(text)
    with pytest.raises(CommandError, match=said):
        run("import_tenant", "empty", tmp_path)
    assert not Application.objects.of(empty).filter(name="A").exists()


def test_references_and_merges_of_a_size_that_is_meant_are_read(empty, tmp_path):
    (tmp_path / "tenant.yaml").write_text(
        "resourceServers:\n- &one\n  identifier: urn:one\n  name: One\n  scopes: &scopes [{value: read}]\n"
        "- <<: *one\n  identifier: urn:two\n- identifier: urn:three\n  scopes: *scopes\n"
    )
    run("import_tenant", "empty", tmp_path)
    assert API.objects.of(empty).get(identifier="urn:two").name == "One"
    assert API.objects.of(empty).get(identifier="urn:three").permissions.get().value == "read"


def test_T142_only_a_file_of_a_size_is_read(empty, tmp_path, monkeypatch):
    monkeypatch.setattr(directory, "MAX_BYTES", 20)
    (tmp_path / "tenant.yaml").write_text("clients: []\n" + "#" * 20)
    with pytest.raises(CommandError, match="larger than 20 bytes"):
        run("import_tenant", "empty", tmp_path)
    # Endless, and of no size at all to who asks for it.
    (tmp_path / "endless").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    for name in ("endless", "pipe"):
        with pytest.raises(CommandError, match="is no file"):
            run("import_tenant", "empty", tmp_path / name)


@pytest.mark.parametrize("text", ["databases: []", "databases:", "databases:\n- name: Other\n  strategy: auth0"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_delete_does_not_take_people_along_unless_that_is_said(empty, staffed, tmp_path, text, dry_run):
    (tmp_path / "tenant.yaml").write_text(text)
    with pytest.raises(CommandError, match=r"databases, Staff: .*1 user.*--delete-users"):
        run("import_tenant", "empty", tmp_path, delete=True, dry_run=dry_run)
    assert User.objects.of(empty).count() == 1
    assert [row.name for row in Connection.objects.of(empty)] == ["Staff"]


def test_delete_takes_people_along_when_that_is_said(empty, staffed, tmp_path):
    (tmp_path / "tenant.yaml").write_text("databases: []")
    printed = run("import_tenant", "empty", tmp_path, delete=True, delete_users=True, dry_run=True)
    assert "- databases: Staff (with 1 user)" in printed.splitlines()
    assert User.objects.of(empty).count() == 1
    run("import_tenant", "empty", tmp_path, delete=True, delete_users=True)
    assert not User.objects.of(empty).exists()


def test_delete_users_alone_is_refused(empty, staffed, tmp_path):
    (tmp_path / "tenant.yaml").write_text("databases: []")
    with pytest.raises(CommandError, match="--delete-users goes with --delete"):
        run("import_tenant", "empty", tmp_path, delete_users=True)


@pytest.mark.parametrize(
    "shop",
    [
        {"client_id": "a\x00b", "secrets": []},
        {"client_id": "a/../b", "secrets": []},
        {"client_id": "a:b", "secrets": []},
        {"client_id": "a b", "secrets": []},
        {"client_id": "", "secrets": []},
        {"client_id": 5, "secrets": []},
        {"client_id": "x" * 300, "secrets": []},
        {"client_id": "good", "secrets": "abc"},
        {"client_id": "good", "secrets": [{"sha256": "00" * 31, "last_four": "abcd"}]},
        {"client_id": "good", "secrets": [{"sha256": 5, "last_four": "abcd"}]},
        {
            "client_id": "good",
            "secrets": [{"sha256": "00" * 32, "last_four": "a", "expires_at": "0001-01-01T00:00:00+23:59"}],
        },
        {"client_id": "good", "secrets": [{"sha256": "00" * 32, "last_four": "a\x00"}]},
        "text",
        ["list"],
    ],
)
def test_T141_secrets_that_are_not_right_change_nothing(empty, tmp_path, shop):
    (tmp_path / "tenant.yaml").write_text("clients:\n- name: Shop")
    (tmp_path / "secrets.yaml").write_text(yaml.safe_dump({"clients": {"Shop": shop}}))
    told = LogEvent.objects.count()
    with pytest.raises(CommandError):
        run("import_tenant", "empty", tmp_path, with_secrets=True)
    assert not Application.objects.of(empty).filter(name="Shop").exists()
    assert LogEvent.objects.count() == told


def test_names_write_nothing_into_the_operators_terminal(empty, tmp_path):
    factories.make_api(empty, "urn:a", name="a", permissions=[])
    (tmp_path / "tenant.yaml").write_text(
        yaml.safe_dump(
            {
                "clients": [{"name": "Shop\x9b2J\u202e"}],
                "resourceServers": [{"identifier": "urn:a", "name": "b\x9b2J\u202e"}],
            }
        )
    )
    printed = run("import_tenant", "empty", tmp_path, dry_run=True)
    assert printed.replace("\n", "").isprintable()
    assert "Shop" in printed
