"""manage.py create_tenant when it fails: a clear sentence, exit code 1, and nothing half written."""

import os
import subprocess
import sys
from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command

from apis.services.demo import people
from config.settings import BASE_DIR
from tests.test_create_tenant import made, rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "domain", "why"),
    [
        ("umbrella", "acme.example.com", "acme.example.com already belongs to another tenant."),
        ("umbrella", "https://ACME.example.com:443/", "acme.example.com already belongs to another tenant."),
        ("umbrella", "http://umbrella.example.com", "Plain http is for loopback only"),
        ("umbrella", "umbrella.example.com/auth", "is not a host with an optional port"),
        ("umbrella", "", "is not a host with an optional port"),
        ("Umbrella Corp", "umbrella.example.com", "Use small letters, digits and hyphens."),
        ("", "umbrella.example.com", "cannot be blank"),
        ("x" * 64, "umbrella.example.com", "at most 63 characters"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--demo", "--json"], ["--rotate"]], ids=str)
def test_a_refusal_is_one_sentence_and_writes_nothing(acme, name, domain, why, options):
    before, out = rows(), StringIO()
    with pytest.raises(CommandError, match=why):
        call_command("create_tenant", name, *options, domain=domain, stdout=out)
    assert out.getvalue() == ""
    assert rows() == before


def test_a_refused_domain_rotates_no_secret_of_the_tenant_that_exists(acme, globex):
    with pytest.raises(CommandError, match="another tenant"):
        call_command("create_tenant", "globex", "--rotate", domain="acme.example.com", stdout=StringIO())
    assert globex.ask().status_code == 200


def test_a_failure_at_the_last_step_undoes_all_the_others(db, monkeypatch):
    before = rows()
    monkeypatch.setattr(people, "create_user", Mock(side_effect=InterruptedError))
    with pytest.raises(InterruptedError):
        made("--demo")
    assert rows() == before


def test_from_a_shell_the_exit_code_and_the_streams_tell(tmp_path):
    """On a database of its own, as a script calls it."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "PYTHONWARNINGS": "ignore"}

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    assert manage("migrate", "--verbosity=0").returncode == 0
    good = manage("create_tenant", "acme", "--domain", "acme.example.com", "--json")
    assert (good.returncode, good.stdout.count("\n"), good.stdout[0], good.stderr) == (0, 1, "{", "")
    bad = manage("create_tenant", "globex", "--domain", "acme.example.com", "--json")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr == "CommandError: acme.example.com already belongs to another tenant.\n"
