"""Dockerfile, .dockerignore and compose.yaml, as far as they can be judged without a Docker engine."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from granian.cli import cli as granian_cli

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("SECRET_KEY", "KEY_ENCRYPTION_KEYS", "POSTGRES_PASSWORD")


def dockerfile() -> list[tuple[str, str]]:
    """(instruction, arguments) in order, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def arguments(instruction: str) -> list[str]:
    return [rest for name, rest in dockerfile() if name == instruction]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_everything_that_the_image_copies_exists_and_reaches_the_builder() -> None:
    copied = [part for line in arguments("COPY") if "--from" not in line for part in shlex.split(line)[:-1]]
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignore, f"{name} is kept from the builder by .dockerignore"


def test_nothing_else_reaches_the_builder() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert not {"!var", "!.venv", "!.git", "!tests"} & set(lines)


def test_every_app_is_in_the_image() -> None:
    copied = {shlex.split(line)[0] for line in arguments("COPY")}
    assert {"config", "tenants", "apis", "authserver", "templates", "manage.py"} <= copied


def test_the_image_runs_as_a_numbered_user_who_is_not_root() -> None:
    assert int(arguments("USER")[-1].split(":")[0]) > 0


def test_the_image_holds_locked_packages_and_no_development_tools() -> None:
    installs = [line for line in arguments("RUN") if "pip install" in line]
    assert len(installs) == 1
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "requirements-dev" not in (ROOT / "Dockerfile").read_text()


def test_no_secret_stays_in_the_image() -> None:
    kept = " ".join(arguments("ENV") + arguments("ARG") + arguments("LABEL"))
    assert not [name for name in SECRETS if name in kept]


def test_the_image_asks_its_own_health() -> None:
    assert "/livez" in arguments("HEALTHCHECK")[0]


def test_the_server_understands_its_options() -> None:
    shell = re.search(r"exec granian (.*)\"\]$", arguments("CMD")[0])
    assert shell
    words = shlex.split(shell[1].replace('\\"$WEB_CONCURRENCY\\"', "2"))
    options = granian_cli.make_context("granian", words).params
    assert (options["host"], options["port"], options["workers"]) == ("0.0.0.0", 8000, 2)
    assert options["interface"] == "wsgi"


@pytest.mark.parametrize("name", ["postgres", "migrate", "web"])
def test_every_container_is_confined(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "/tmp" in service["tmpfs"]


def test_secrets_come_from_the_environment_and_must_be_there(compose: dict[str, Any]) -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert "env_file" not in text
    for name in SECRETS:
        mentions = re.findall(rf"\${{{name}\b[^}}]*}}", text)
        assert mentions
        assert all(mention.startswith(f"${{{name}:?") for mention in mentions)
    web = compose["services"]["web"]["environment"]
    assert all(web[name].startswith("${") for name in ("SECRET_KEY", "KEY_ENCRYPTION_KEYS"))
    assert "DEVELOPMENT" not in web


def test_the_server_waits_for_the_migration_and_it_for_a_healthy_database(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["web"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "migrate" in services["migrate"]["command"]
    assert "pg_isready" in services["postgres"]["healthcheck"]["test"]


def test_data_is_in_a_named_volume_and_only_loopback_is_published(compose: dict[str, Any]) -> None:
    volume = compose["services"]["postgres"]["volumes"][0].split(":")[0]
    assert volume in compose["volumes"]
    assert "ports" not in compose["services"]["postgres"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])
