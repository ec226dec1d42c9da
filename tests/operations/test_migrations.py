"""Migrations: none is missing, and an empty database becomes a working one.

On SQLite here; on PostgreSQL by every test of a run there, which begins with migrating an empty database.
"""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from config.settings import BASE_DIR

OURS = ("tenants", "apis", "authserver")


def manage(database, *arguments):
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    return subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.django_db
def test_the_models_have_no_change_without_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_an_empty_sqlite_file_is_migrated_and_passes_its_own_check(tmp_path):
    database = tmp_path / "empty.sqlite3"
    migrated = manage(database, "migrate", "--verbosity=0")
    assert (migrated.returncode, migrated.stdout, migrated.stderr) == (0, "", "")
    assert manage(database, "migrate", "--check").returncode == 0
    with sqlite3.connect(database) as connected:
        tables = {name for (name,) in connected.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert connected.execute("PRAGMA foreign_key_check").fetchall() == []
    connected.close()
    assert {model._meta.db_table for name in OURS for model in apps.get_app_config(name).get_models()} <= tables


def test_the_toolkits_own_tables_are_swapped_out_from_the_first_migration(db):
    tables = connection.introspection.table_names()
    assert not [name for name in tables if name.startswith("oauth2_provider")]
    assert {"apis_application", "authserver_refreshtoken"} <= set(tables)


def test_each_floor_has_one_last_migration():
    leaves = MigrationLoader(None).graph.leaf_nodes()
    assert sorted(label for label, _ in leaves if label in OURS) == sorted(OURS)


def tenant_owned():
    models_of_ours = [model for name in OURS for model in apps.get_app_config(name).get_models()]
    return [model for model in models_of_ours if "tenant" in {field.name for field in model._meta.fields}]


@pytest.mark.parametrize("model", tenant_owned(), ids=lambda model: model.__name__)
def test_what_belongs_to_a_tenant_goes_with_it_and_is_read_through_it(model):
    assert model._meta.get_field("tenant").remote_field.on_delete is models.CASCADE
    assert hasattr(model._default_manager, "of")
